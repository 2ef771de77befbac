"""The audit log as the office reads it: the newest first, a page at a time, however long it has become."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from storefront.accounts.models import Role, User
from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import _
from storefront.core.models import AuditEntry
from storefront.core.money import rupiah
from storefront.desk.queries.act_words import ACTION_WORDS, FACT_WORDS, KIND_WORDS, KINDS, RUPIAH
from storefront.facilities.models import Facility

PAGE = 50
BATCH = 500

__all__ = ["KIND_WORDS", "PAGE", "ActRow", "Asked", "actors", "acts_page", "all_acts", "fact_lines"]


@dataclass(frozen=True)
class Asked:
    """What is looked for; days are WIB and included, None is anything."""

    actor_id: int | None = None
    kind: str | None = None
    facility_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class ActRow:
    """One act, with the names of today of who did it and where."""

    number: int
    at: datetime
    action: str
    subject: str
    subject_id: str
    actor: str | None
    facility: str | None
    facts: dict[str, Any]
    hash: str

    @property
    def words(self) -> str:
        """What was done, in the language of the moment."""
        return str(ACTION_WORDS.get(self.action, self.action))

    @property
    def href(self) -> str | None:
        """The office's page about what it was done to, where there is one."""
        roots = {
            "order": "/kanwil/pesanan",
            "product": "/kanwil/kurasi",
            "user": "/kanwil/pengguna",
            "facility": "/kanwil/lapas",
        }
        return f"{roots[self.subject]}/{self.subject_id}" if self.subject in roots else None


def acts_page(asked: Asked, *, before: int | None = None) -> tuple[list[ActRow], int | None]:
    """Up to PAGE acts below the number `before`, the newest first, and where the next page begins."""
    statement = _asked(asked).order_by(AuditEntry.number.desc()).limit(PAGE + 1)
    if before is not None:
        statement = statement.where(AuditEntry.number < before)
    rows = [_row(*row) for row in db.session.execute(statement)]
    return rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None


def all_acts(asked: Asked) -> Iterator[ActRow]:
    """Every act that is asked for, the oldest first, without holding them in memory."""
    statement = _asked(asked).order_by(AuditEntry.number).execution_options(yield_per=BATCH)
    for row in db.session.execute(statement):
        yield _row(*row)


def actors() -> list[tuple[int, str]]:
    """(id, name) of everybody who may have done something: the staff, closed accounts too."""
    rows = db.session.execute(select(User.id, User.name).where(User.role != Role.BUYER).order_by(User.name))
    return [(row.id, row.name) for row in rows]


def fact_lines(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """An act's figures for people: (what, value), empty ones left out, rupiah as rupiah."""
    return [
        (str(FACT_WORDS.get(name, name)), _shown(name, value))
        for name, value in facts.items()
        if value not in (None, "", [], {})
    ]


# --- pieces -------------------------------------------------------------------------------------------


def _asked(asked: Asked) -> Select[*tuple[Any, ...]]:
    statement = (
        select(AuditEntry, User.name, Facility.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .outerjoin(Facility, Facility.id == AuditEntry.facility_id)
    )
    if asked.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == asked.actor_id)
    if asked.facility_id is not None:
        statement = statement.where(AuditEntry.facility_id == asked.facility_id)
    if asked.kind is not None:
        beginnings = KINDS[asked.kind]
        statement = statement.where(or_(*(AuditEntry.action.startswith(word) for word in beginnings)))
    if asked.first is not None:
        statement = statement.where(AuditEntry.at >= clock.day_start(asked.first))
    if asked.last is not None:
        statement = statement.where(AuditEntry.at < clock.day_bounds(asked.last, asked.last)[1])
    return statement


def _row(entry: AuditEntry, actor: str | None, facility: str | None) -> ActRow:
    return ActRow(
        entry.number, entry.at, entry.action, entry.subject, entry.subject_id, actor, facility, entry.facts,
        entry.hash,
    )  # fmt: skip


def _shown(name: str, value: Any) -> str:
    if name == "prices" and isinstance(value, dict):
        return "; ".join(f"{what}: {_change(pair)}" for what, pair in value.items())
    if name in RUPIAH and isinstance(value, int):
        return rupiah(value)
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _change(pair: Sequence[int | None]) -> str:
    """'Rp50.000 → Rp60.000'; a dash where there was or is no price."""
    return " → ".join("–" if amount is None else rupiah(amount) for amount in pair)
