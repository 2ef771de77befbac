"""An entry for people's calendars, as RFC 5545 wants it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75
"""Octets of a line, without its end (RFC 5545 §3.1)."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something on whole days, `last` included. `uid` stays the same when the rest changes."""

    uid: str
    first: date
    last: date
    title: str
    place: str
    text: str
    url: str
    written_at: datetime


def icalendar(entry: Entry) -> bytes:
    """Write a calendar file with one entry that makes nobody busy."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Karya Banten//Acara//ID",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"DTSTAMP:{entry.written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}",  # the end is the day after
        f"SUMMARY:{_text(entry.title)}",
        f"LOCATION:{_text(entry.place)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"URL:{entry.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(_folded(line) for line in lines)


def _text(value: str) -> str:
    """Escape a TEXT value; a line break of the author becomes the two characters '\\n'."""
    for mark in ("\\", ";", ","):
        value = value.replace(mark, "\\" + mark)
    return "\\n".join(value.splitlines())


def _folded(line: str) -> bytes:
    """Break a long line between characters, never inside one; a leading blank says it goes on."""
    parts: list[bytes] = [b""]
    for character in line:
        encoded = character.encode()
        if len(parts[-1]) + len(encoded) > LINE:
            parts.append(b" ")
        parts[-1] += encoded
    return b"\r\n".join(parts) + b"\r\n"
