"""How a case moves: the rows that are locked, the entry of each step, its deadline and its letters."""

from typing import Any

from sqlalchemy import select

from storefront.aftersales.models import LATE, NEXT_CASE, CaseEntry, CaseStatus, ComplaintCase, Party
from storefront.aftersales.services.rules import answer_by, photos_until
from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, NotFound
from storefront.core.language import lazy
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.orders.models import Order


class IllegalStep(DomainError):
    """A step that the table does not know, or that somebody else was faster with."""

    default = lazy("Keluhan ini sudah berubah sejak halaman dibuka. Muat ulang, lalu lihat apa yang berlaku.")


def held(case_id: int, *, facility_id: int | None = None, token: str | None = None) -> ComplaintCase:
    """A case with its order's row locked, then its own: the order that everything about money takes.

    With `facility_id` or the order's `token` only their own are found. Raises NotFound.
    """
    wanted = select(ComplaintCase.order_id).where(ComplaintCase.id == case_id)
    if facility_id is not None:
        wanted = wanted.where(ComplaintCase.facility_id == facility_id)
    if token is not None:
        wanted = wanted.join(Order, Order.id == ComplaintCase.order_id).where(Order.token == token)
    order_id = db.session.scalar(wanted)
    if order_id is None:
        raise NotFound
    locked(Order, order_id)
    return locked(ComplaintCase, case_id)


def move(
    case: ComplaintCase, status: CaseStatus, party: Party, *, actor_id: int | None = None, text: str = ""
) -> CaseEntry:
    """Take a case to its next status, with its entry, deadline and letters. The caller holds it.

    Raises IllegalStep.
    """
    before = case.status
    if status not in NEXT_CASE[before]:
        raise IllegalStep
    case.status = status
    case.answer_by = answer_by(status, case.decide_by)
    case.closed_at = clock.now() if case.answer_by is None else None
    entry = add_entry(case, party, actor_id=actor_id, text=text, before=before, after=status)
    if case.closed_at is not None:
        key = f"aftersales.photos:{case.id}"
        enqueue("aftersales.photos", {"case_id": case.id}, key=key, run_at=photos_until())
    else:
        watch(case, entry)
    return entry


def add_entry(
    case: ComplaintCase,
    party: Party,
    *,
    actor_id: int | None = None,
    text: str = "",
    before: str = "",
    after: str = "",
) -> CaseEntry:
    """Write something said or done into a case, and tell the others by letter."""
    entry = CaseEntry(
        case_id=case.id, party=party, actor_id=actor_id, from_status=before, to_status=after, text=text,
        at=clock.now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    for reader in (Party.BUYER, Party.FACILITY, Party.OFFICE):
        if reader is not party and _is_for(reader, entry):
            payload = {"entry_id": entry.id, "reader": reader.value}
            enqueue("aftersales.letter", payload, key=f"aftersales.letter:{entry.id}:{reader.value}")
    return entry


def _is_for(reader: Party, entry: CaseEntry) -> bool:
    """The buyer hears of everything, the office of what comes to it, the facility of all that concerns it."""
    if reader is Party.OFFICE:
        return entry.to_status == CaseStatus.OFFICE
    return True


def watch(case: ComplaintCase, entry: CaseEntry | None = None) -> None:
    """See to it that somebody looks when the deadline of a case passes. The office is never relieved."""
    if case.answer_by is None or case.status is CaseStatus.OFFICE:
        return
    mark = entry.id if entry else f"{case.id}-{case.return_status.value}"
    payload: dict[str, Any] = {"case_id": case.id, "due": case.answer_by.isoformat()}
    enqueue("aftersales.due", payload, key=f"aftersales.due:{mark}", run_at=case.answer_by)


@handler("aftersales.due")
def pass_on_late(payload: dict[str, Any]) -> None:
    """A deadline passed: unless somebody acted, the office decides now. Running twice does no harm."""
    with transaction():
        case = held(payload["case_id"])
        due = case.answer_by
        if due is None or due.isoformat() != payload["due"] or due > clock.now():
            return
        if case.status is not CaseStatus.OFFICE:
            move(case, CaseStatus.OFFICE, Party.SHOP, text=LATE)
