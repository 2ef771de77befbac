"""A parcel that comes back undelivered: staff look at each piece, and the office decides what follows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from storefront.aftersales.models import (
    MAX_TEXT,
    NO_WORDS,
    UNDELIVERED,
    CaseItem,
    CaseStatus,
    ComplaintCase,
    Party,
    Problem,
    ReturnStatus,
    Wish,
)
from storefront.aftersales.services.filing import live_case, new_reference
from storefront.aftersales.services.goods import Counted, shelve
from storefront.aftersales.services.rules import answer_by, decide_by
from storefront.aftersales.services.steps import add_entry
from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.transactions import transaction
from storefront.orders.models import Parcel, ParcelStatus
from storefront.orders.services import Actor, IllegalMove, move_parcel
from storefront.orders.services.life import own_parcel

SUGGESTED = {
    Problem.REFUSED: Wish.REFUND,
    Problem.BAD_ADDRESS: Wish.EXCHANGE,
    Problem.NOT_HOME: Wish.EXCHANGE,
    Problem.CARRIER: Wish.EXCHANGE,
}
"""What the office is advised to do; it may do otherwise."""


@dataclass(frozen=True)
class Back:
    """Why a parcel came back, in what state the pieces of each line are, and what staff add to that."""

    problem: Problem
    counted: Mapping[int, Counted]
    text: str = ""


def come_back(parcel_id: int, actor_id: int, back: Back, *, facility_id: int | None = None) -> ComplaintCase:
    """Write down that a parcel is with its facility again: by the facility, or by the office without one.

    In one transaction the parcel is returned, its goods lie on the shelf or are written off, the buyer and
    the office are told, and the office has a case with a deadline. No money moves. A button pressed twice
    gives the same case. Raises NotFound, Invalid, IllegalMove unless the parcel is on its way.
    """
    _check(back)
    with transaction():
        parcel = _held(parcel_id, facility_id)
        standing = live_case(parcel_id)
        if standing is not None and standing.came_back:
            return standing
        if parcel.status is not ParcelStatus.SHIPPED:
            raise IllegalMove
        case = _case(parcel, back)
        db.session.add(case)
        db.session.flush()
        party = Party.OFFICE if facility_id is None else Party.FACILITY
        add_entry(case, party, actor_id=actor_id, after=CaseStatus.OFFICE)
        move_parcel(parcel, ParcelStatus.RETURNED, note=case.reference, actor=Actor(actor_id))
        auditlog.write(
            "parcel.came_back", "parcel", parcel.code, actor_id=actor_id, facility_id=parcel.facility_id,
            reference=case.reference, kind=back.problem,
            restocked=sum(item.restocked for item in case.items),
            written_off=sum(item.written_off for item in case.items),
        )  # fmt: skip
        shelve(case, actor_id)  # the levels last: they are what everybody wants
    return case


def _check(back: Back) -> None:
    errors = {}
    if back.problem not in UNDELIVERED:
        errors["problem"] = _("Pilih salah satu.")
    if len(back.text.strip()) > MAX_TEXT:
        errors["text"] = _("Tulis beberapa kata, paling banyak %(n)s huruf.", n=MAX_TEXT)
    if errors:
        raise Invalid(errors)


def _held(parcel_id: int, facility_id: int | None) -> Parcel:
    """The parcel, its order's row locked first; of any facility for the office. Raises NotFound."""
    if facility_id is None:
        facility_id = db.session.scalar(select(Parcel.facility_id).filter_by(id=parcel_id))
    if facility_id is None:
        raise NotFound
    return own_parcel(facility_id, parcel_id)


def _case(parcel: Parcel, back: Back) -> ComplaintCase:
    promised, text = decide_by(), back.text.strip()
    return ComplaintCase(
        reference=new_reference(), order_id=parcel.order_id, parcel_id=parcel.id,
        facility_id=parcel.facility_id, status=CaseStatus.OFFICE, problem=back.problem,
        wish=SUGGESTED[back.problem], text=text or NO_WORDS, opened_at=clock.now(), decide_by=promised,
        answer_by=answer_by(CaseStatus.OFFICE, promised), return_status=ReturnStatus.RECEIVED,
        received_at=clock.now(), items=_items(parcel, back.counted),
    )  # fmt: skip


def _items(parcel: Parcel, counted: Mapping[int, Counted]) -> list[CaseItem]:
    """Everything that was in it, each piece seen. Raises Invalid where the numbers do not add up."""
    inside = {item.order_line_id: item.quantity for item in parcel.items}
    if set(counted) - set(inside):
        raise Invalid(_("Barang ini tidak termasuk kiriman ini."))
    nothing = Counted(0, 0)
    seen = {line_id: counted.get(line_id, nothing) for line_id in inside}
    errors = {
        f"back_{line_id}": _(
            "Jumlah keduanya harus %(n)s. Yang hilang di jalan dihitung tidak layak jual.", n=inside[line_id]
        )
        for line_id, pieces in seen.items()
        if min(pieces.restocked, pieces.written_off) < 0
        or pieces.restocked + pieces.written_off != inside[line_id]
    }
    if errors:
        raise Invalid(errors)
    return [
        CaseItem(
            order_line_id=line_id, quantity=inside[line_id], restocked=pieces.restocked,
            written_off=pieces.written_off,
        )
        for line_id, pieces in sorted(seen.items())
    ]  # fmt: skip
