"""Goods that come back: sent by the buyer under a waybill, received by the facility, each piece looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.aftersales.models import (
    CaseItem,
    CaseStatus,
    ComplaintCase,
    Party,
    ReturnStatus,
)
from storefront.aftersales.services.remedies import carry_out
from storefront.aftersales.services.rules import answer_by
from storefront.aftersales.services.steps import IllegalStep, add_entry, held, move, watch
from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.transactions import transaction
from storefront.inventory.services import take_back
from storefront.orders.models import NEXT_PARCEL, ParcelStatus
from storefront.orders.services import Actor, move_parcel

SENT, BACK = "goods_sent", "goods_back"
"""Kinds of entries that only say that goods moved; their words stand in the queries."""


@dataclass(frozen=True)
class Counted:
    """Pieces of one line that came back: fit for the shelf, or not."""

    restocked: int
    written_off: int


def send_back(token: str, case_id: int, *, courier: str, waybill: str) -> None:
    """The buyer has sent the goods. Raises NotFound, IllegalStep, Invalid."""
    courier, waybill = courier.strip(), waybill.strip().upper()
    errors = {}
    if not 2 <= len(courier) <= 40:
        errors["courier"] = _("Tulis nama kurirnya.")
    if not 5 <= len(waybill) <= 40 or not waybill.replace("-", "").isalnum():
        errors["waybill"] = _("Tulis nomor resi dari kurir: 5–40 huruf dan angka.")
    if errors:
        raise Invalid(errors)
    with transaction():
        case = held(case_id, token=token)
        if case.status is not CaseStatus.ACCEPTED or case.return_status not in _MAY_SEND:
            raise IllegalStep
        if (case.courier, case.waybill) == (courier, waybill):
            return
        case.return_status, case.courier, case.waybill = ReturnStatus.SENT, courier, waybill
        case.answer_by = answer_by(CaseStatus.ACCEPTED, case.decide_by, goods_sent=True)
        watch(case, add_entry(case, Party.BUYER, text=f"{SENT} {courier} {waybill}"))


_MAY_SEND = (ReturnStatus.ASKED, ReturnStatus.SENT)


def receive_back(
    facility_id: int, case_id: int, actor_id: int, counted: Mapping[int, Counted], *, doubt: str = ""
) -> None:
    """The goods are here: each piece back on the shelf or written off, then what was agreed is done.

    With a `doubt` (they are not as agreed) the office decides first. Raises NotFound, IllegalStep, Invalid.
    """
    with transaction():
        case = held(case_id, facility_id=facility_id)
        if case.status is not CaseStatus.ACCEPTED or case.return_status not in _MAY_SEND:
            raise IllegalStep
        _count(case, counted, complete=not doubt.strip())
        case.return_status, case.received_at = ReturnStatus.RECEIVED, clock.now()
        add_entry(case, Party.FACILITY, actor_id=actor_id, text=BACK)
        auditlog.write(
            "complaint.goods_received", "complaint", case.reference, actor_id=actor_id,
            facility_id=facility_id,
            restocked=sum(item.restocked for item in case.items),
            written_off=sum(item.written_off for item in case.items),
        )  # fmt: skip
        if doubt.strip():
            move(case, CaseStatus.OFFICE, Party.FACILITY, actor_id=actor_id, text=doubt.strip())
        else:
            carry_out(case, actor_id)
        _close_parcel(case, actor_id)
        shelve(case, actor_id)  # the levels last: they are what everybody wants


def _count(case: ComplaintCase, counted: Mapping[int, Counted], *, complete: bool) -> None:
    """Write down the state of each piece; without a doubt all that was granted has to be there."""
    errors: dict[str, str] = {}
    for item in case.items:
        seen = counted.get(item.order_line_id, Counted(0, 0))
        total = seen.restocked + seen.written_off
        if (
            min(seen.restocked, seen.written_off) < 0
            or total > item.granted
            or (complete and total < item.granted)
        ):
            errors[f"back_{item.order_line_id}"] = _(
                "Jumlah keduanya harus %(n)s. Bila tidak cocok, tulis apa yang tidak sesuai.", n=item.granted
            )
        else:
            item.restocked, item.written_off = seen.restocked, seen.written_off
    if set(counted) - {item.order_line_id for item in case.items}:
        raise Invalid(_("Barang ini tidak termasuk keluhan ini."))
    if errors:
        raise Invalid(errors)


def shelve(case: ComplaintCase, actor_id: int) -> None:
    """Movements of the stock. What is made to order has no shelf, and a withdrawn variant none either."""
    for item in sorted(case.items, key=lambda item: item.line.variant_id or 0):
        variant_id = item.line.variant_id
        if variant_id is None or item.line.made_to_order:
            continue
        for pieces, keep in ((item.restocked, True), (item.written_off, False)):
            if pieces:
                take_back(
                    case.facility_id, variant_id, pieces, order_id=case.order_id, actor_id=actor_id,
                    once=f"keluhan-{item.id}-{'baik' if keep else 'rusak'}", keep=keep,
                )  # fmt: skip


def _close_parcel(case: ComplaintCase, actor_id: int) -> None:
    """A parcel of which every piece came back is returned."""
    db.session.flush()
    back = db.session.scalar(
        select(func.sum(CaseItem.restocked + CaseItem.written_off))
        .join(CaseItem.case)
        .where(ComplaintCase.parcel_id == case.parcel_id)
    )
    whole = sum(item.quantity for item in case.parcel.items)
    if back == whole and ParcelStatus.RETURNED in NEXT_PARCEL[case.parcel.status]:
        move_parcel(case.parcel, ParcelStatus.RETURNED, note=case.reference, actor=Actor(actor_id))
