"""The audit log: every act of the staff on money, stock, prices, publication and access, in a sealed chain.

Each entry's hash is taken over the hash before it and the entry's own facts, so whoever changes, removes,
swaps or inserts one breaks all that follow; the head row keeps how many there are, so a cut end shows too.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import insert, select, update

from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.core.models import AuditEntry, AuditHead
from storefront.core.transactions import gather

START = "0" * 64
"""What the first entry follows."""
BATCH = 500

_HEAD = AuditHead.__table__
_ENTRIES = AuditEntry.__table__


@dataclass(frozen=True)
class Act:
    """One entry before it has its place in the chain."""

    at: datetime
    action: str
    subject: str
    subject_id: str
    actor_id: int | None
    facility_id: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """Where the chain is broken, and how: `missing`, `moved`, `changed`, `cut` (the end), or `head`."""

    number: int
    what: str


def write(
    action: str,
    subject: str,
    subject_id: int | str,
    *,
    actor_id: int | None,
    facility_id: int | None = None,
    **facts: Any,
) -> None:
    """Enter an act of the staff into the log of the running transaction: with it or not at all.

    `action` is a dotted word of `docs/auditlog.md` ('refund.sent'), `subject` and `subject_id` what it was
    done to (an order by its number), `actor_id` who did it (None: a command on the server). `facts` are
    figures and words: int, str, bool, None, dates, enums, lists and dicts of them. Nothing about a buyer
    belongs here. Raises TypeError for a float or anything else.
    """
    act = Act(
        clock.now(), action, subject, str(subject_id), actor_id, facility_id,
        {name: _plain(value) for name, value in facts.items()},
    )  # fmt: skip
    gather(_append, act)


def seal(previous: str, number: int, act: Act) -> str:
    """The hash of an entry: SHA-256 over the hash before it and its canonical JSON, 64 hex digits."""
    canonical = json.dumps(
        {
            "number": number,
            "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": act.action,
            "subject": act.subject,
            "subject_id": act.subject_id,
            "actor_id": act.actor_id,
            "facility_id": act.facility_id,
            "facts": act.facts,
        },
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def head() -> tuple[int, str]:
    """How many entries there are, and the last one's hash: worth noting down outside the shop."""
    row = db.session.execute(select(_HEAD.c.entries, _HEAD.c.hash).where(_HEAD.c.id == 1)).one_or_none()
    return (row.entries, row.hash) if row else (0, START)


def hash_of(number: int) -> str | None:
    """The stored hash of one entry; None when there is no such entry."""
    return db.session.scalar(select(_ENTRIES.c.hash).where(_ENTRIES.c.number == number))


def faults() -> Iterator[Fault]:
    """Walk the chain from its start and report every break of it, without holding it in memory."""
    previous, expected = START, 1
    rows = db.session.execute(select(_ENTRIES).order_by(_ENTRIES.c.number).execution_options(yield_per=BATCH))
    for row in rows:
        if row.number != expected:
            yield Fault(expected, "missing")
        elif row.previous != previous:
            yield Fault(row.number, "moved")
        if seal(row.previous, row.number, _act_of(row)) != row.hash:
            yield Fault(row.number, "changed")
        previous, expected = row.hash, row.number + 1
    entries, last = head()
    if entries > expected - 1:
        yield Fault(expected, "cut")
    elif entries < expected - 1 or last != previous:
        yield Fault(expected - 1, "head")


# --- pieces -------------------------------------------------------------------------------------------


def _append(acts: list[Act]) -> None:
    """Give the acts their places at the end of the chain; the head's lock makes everybody queue here."""
    entries, last = _locked_head()
    rows = []
    for number, act in enumerate(acts, start=entries + 1):
        mark = seal(last, number, act)
        rows.append({**vars(act), "facts": dict(act.facts), "number": number, "previous": last, "hash": mark})
        last = mark
    db.session.execute(insert(AuditEntry), rows)
    db.session.execute(update(_HEAD).where(_HEAD.c.id == 1).values(entries=entries + len(acts), hash=last))


def _locked_head() -> tuple[int, str]:
    mine = select(_HEAD.c.entries, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update()
    row = db.session.execute(mine).one_or_none()
    if row is None:
        insert_once(AuditHead, id=1, entries=0, hash=START)
        row = db.session.execute(mine).one()
    return row.entries, row.hash


def _act_of(row: Any) -> Act:
    return Act(row.at, row.action, row.subject, row.subject_id, row.actor_id, row.facility_id, row.facts)


def _plain(value: Any) -> Any:
    """The value as JSON gives it back, the same on every machine."""
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return str(value) if isinstance(value, str) else value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [
                _plain(inner) for inner in (sorted(value) if isinstance(value, set | frozenset) else value)
            ]
    raise TypeError(f"{type(value).__name__} has no place in the audit log")
