"""Calendar files keep to RFC 5545."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from storefront.core.icalendar import Entry, icalendar

ENTRY = Entry(
    uid="acara-expo@toko",
    first=date(2026, 12, 30),
    last=date(2026, 12, 31),
    title="Expo, hari besar; akhir tahun",
    place="Alun-Alun \\ Serang",
    text="Datanglah.\nKami menunggu.",
    url="https://toko/acara/expo",
    written_at=datetime(2026, 11, 1, 2, 3, 4, tzinfo=UTC),
)


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").rstrip("\r\n").split("\r\n")


def test_the_end_is_the_day_after_the_last():
    lines = unfolded(icalendar(ENTRY))

    assert "DTSTART;VALUE=DATE:20261230" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261101T020304Z" in lines
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")


def test_marks_with_a_meaning_are_escaped():
    lines = unfolded(icalendar(ENTRY))

    assert "SUMMARY:Expo\\, hari besar\\; akhir tahun" in lines
    assert "LOCATION:Alun-Alun \\\\ Serang" in lines
    assert "DESCRIPTION:Datanglah.\\nKami menunggu." in lines


@given(st.text(max_size=400))
def test_no_text_breaks_out_of_its_line(text):
    body = icalendar(replace(ENTRY, title=text))

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert [line.partition(":")[0] for line in unfolded(body)].count("SUMMARY") == 1
    assert len(unfolded(body)) == len(unfolded(icalendar(ENTRY)))
    assert b"\n" not in body.replace(b"\r\n", b"")
