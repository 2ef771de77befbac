"""Announcements: said once to whom they are for, put away by each reader, taken back, over on their day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.core import clock, outbox
from storefront.core.errors import Invalid, NotFound
from storefront.facilities.models import Facility
from storefront.notices import queries, services
from storefront.notices.models import Notice, NoticeRead
from storefront.notices.services import NoticeDetails
from tests import factories
from tests.support.client import Client

ROOM, OWN = "/kanwil/pengumuman", "/petugas/pengumuman"


def say(*places: Facility, once: str = "tanda", **fields: Any) -> int:
    ids = [place.id for place in places] or None
    words = {"title": "Rapat daring", "body": "Senin pukul 9.\nBawa data stok.", "last_day": clock.today()}
    return services.publish_notice(NoticeDetails(**(words | {"facility_ids": ids} | fields)), once=once)


@pytest.fixture
def places(db: SQLAlchemy) -> list[Facility]:
    return [factories.facility("LPA"), factories.facility("LPB")]


@pytest.fixture
def people(places: list[Facility]) -> list[int]:
    """A head and a member of staff of the first, one of the second; somebody invited, somebody gone."""
    first, second = places
    known = {"password_hash": "-"}
    made = [
        factories.user("facility_head", facility=first, name="Ani", **known),
        factories.user("facility_staff", facility=first, name="Budi", **known),
        factories.user("facility_staff", facility=second, name="Citra", **known),
    ]
    factories.user("facility_staff", facility=first, name="Diundang")
    factories.user("facility_staff", facility=first, name="Pergi", is_enabled=False, **known)
    return [person.id for person in made]


def test_it_stands_with_whom_it_is_for(places: list[Facility], people: list[int]) -> None:
    mine, everybody = say(places[0]), say(once="lain", title="Libur")

    assert [one.id for one in queries.unread(people[0], places[0].id)] == [everybody, mine]
    assert [one.id for one in queries.unread(people[2], places[1].id)] == [everybody]


def test_whoever_has_read_it_sees_it_no_more(places: list[Facility], people: list[int]) -> None:
    notice_id, place = say(places[0]), places[0].id
    for _twice in range(2):
        services.mark_read(notice_id, people[0], place)

    assert queries.unread(people[0], place) == []
    assert len(queries.unread(people[1], place)) == 1
    assert [(one.name, one.read_at is not None) for one in queries.readers(notice_id)] == [
        ("Budi", False), ("Ani", True),
    ]  # fmt: skip
    [row], total = queries.said()
    assert (row.people, row.readers, total) == (2, 1, 1)


def test_it_is_over_after_its_last_day(places: list[Facility], people: list[int]) -> None:
    say(last_day=clock.today() + timedelta(days=1))
    for days, left in ((1, 1), (2, 0)):
        with clock.travel(clock.now() + timedelta(days=days)):
            assert len(queries.unread(people[0], places[0].id)) == left
            assert [row.is_over for row in queries.heard(people[0], places[0].id)] == [not left]


def test_what_was_taken_back_is_nowhere(
    db: SQLAlchemy, places: list[Facility], people: list[int], letters: Callable[[], list[EmailMessage]]
) -> None:
    notice_id, me = say(places[0]), factories.user().id
    outbox.run_due(1)  # the letters are asked for, none has left
    for _twice in range(2):
        services.withdraw_notice(notice_id, by_id=me)
    outbox.drain()

    assert letters() == []
    assert queries.unread(people[0], places[0].id) == queries.heard(people[0], places[0].id) == []
    with pytest.raises(NotFound):
        services.mark_read(notice_id, people[0], places[0].id)


def test_one_letter_a_person_however_often_the_job_runs(
    db: SQLAlchemy, places: list[Facility], people: list[int], letters: Callable[[], list[EmailMessage]]
) -> None:
    services.choose_letters(people[2], is_weekly=True, language="en")
    notice_id = say()
    outbox.drain()
    services.send_letters({"notice_id": notice_id})
    outbox.drain()

    assert len(letters()) == len({letter["To"] for letter in letters()}) == 3
    subjects = sorted(str(letter["Subject"]) for letter in letters())
    assert subjects == [
        "Announcement of the regional office: Rapat daring", *["Pengumuman Kanwil: Rapat daring"] * 2,
    ]  # fmt: skip
    text = letters()[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Senin pukul 9.\nBawa data stok." in text.replace("\r", "")
    assert "/petugas" in text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, "body"), ({"body": ""}, "body"), ({"facility_ids": []}, "facilities"),
        ({"facility_ids": [987654]}, "facilities"),
        ({"last_day": clock.today() - timedelta(days=1)}, "last_day"),
        ({"last_day": clock.today() + timedelta(days=367)}, "last_day"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_said(db: SQLAlchemy, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        say(**fields)
    assert wrong in refused.value.errors
    assert db.session.scalar(select(func.count(Notice.id))) == 0


def test_a_form_sent_twice_at_once_says_it_once(app: Flask, db: SQLAlchemy, places: list[Facility]) -> None:
    def send(_turn: int) -> int:
        with app.app_context():
            return say()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count(Notice.id))) == 1


# --- pages --------------------------------------------------------------------------------------------


def test_the_office_says_it_and_sees_who_has_read_it(
    client: Client, db: SQLAlchemy, places: list[Facility], people: list[int]
) -> None:
    factories.signed_in(client, "regional")
    data = {"title": "Rapat", "body": "Senin.", "whom": "some", "facilities": [places[0].id]}
    answer = client.submit(f"{ROOM}/baru", data)

    assert answer.status_code == 303
    page = client.page(answer.location).one("main").text
    for word in ("Rapat", "Senin.", "Ani", "Budi", "Belum"):
        assert word in page
    assert "Citra" not in page
    assert "0 dari 2" in client.page(ROOM).one("main").text
    token = client.page(answer.location)
    assert client.submit(answer.location, {}, action=f"{answer.location}/tarik").status_code == 303
    assert token
    assert "Ditarik" in client.page(ROOM).one("main").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": ""}, "Tulis judulnya."),
        ({"whom": "some"}, "Centang sedikitnya satu Lapas."),
        ({"last_day": "2020-01-01"}, "Hari terakhirnya sudah lewat."),
        ({"facilities": ["9876"], "whom": "some"}, "Pilih sedikitnya satu Lapas."),
    ],
)
def test_bad_forms_keep_what_was_typed(
    client: Client, places: list[Facility], data: dict[str, Any], words: str
) -> None:
    factories.signed_in(client, "regional")
    good = {"title": "Rapat", "body": "Senin pukul 9.", "whom": "all"}
    answer = client.submit(f"{ROOM}/baru", good | data)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Senin pukul 9." in answer.text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_staff_read_it_on_the_first_page(
    client: Client, db: SQLAlchemy, places: list[Facility], prefix: str
) -> None:
    notice_id = say(places[0])
    me = factories.signed_in(client, "facility_staff", facility=places[0])
    page = f"{prefix}/petugas"
    assert "Rapat daring" in client.get(page).text

    answer = client.submit(page, {}, action=f"{prefix}{OWN}/{notice_id}/dibaca")

    assert (answer.status_code, answer.location) == (303, page)
    assert "Rapat daring" not in client.get(page).text
    assert "Rapat daring" in client.get(f"{prefix}{OWN}").text
    assert db.session.scalars(select(NoticeRead.user_id)).all() == [me.id]


def test_nobody_reads_what_is_not_for_them(client: Client, places: list[Facility], app: Flask) -> None:
    notice_id = say(places[1])
    factories.signed_in(client, "facility_head", facility=places[0])
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"{OWN}/{notice_id}/dibaca").status_code == 404
    assert "Rapat daring" not in client.get(OWN).text
    assert "Belum ada pengumuman" in client.get(OWN).text


@pytest.mark.parametrize("role", ["facility_head", "promoter", "buyer"])
def test_only_the_office_speaks(client: Client, db: SQLAlchemy, role: str) -> None:
    inside = factories.facility() if role == "facility_head" else None
    factories.signed_in(client, role, facility=inside)
    for path in (ROOM, f"{ROOM}/baru"):
        assert client.get(path).status_code == 403
