"""A buyer opens a case: about pieces of a parcel that arrived, within the days that the law gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.aftersales.models import (
    LIVE,
    MAX_TEXT,
    CaseItem,
    CaseStatus,
    ComplaintCase,
    Party,
    Problem,
    Wish,
)
from storefront.aftersales.services import photos as pictures
from storefront.aftersales.services.rules import answer_by, decide_by, last_day, problems
from storefront.aftersales.services.steps import add_entry, watch
from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.tokens import short_code
from storefront.core.transactions import transaction
from storefront.orders.models import Order, OrderStatus, Parcel
from storefront.orders.services import Actor, record


class TooLate(DomainError):
    """The parcel has not arrived, or it arrived too long ago."""

    default = lazy("Kiriman ini tidak dapat dikeluhkan lagi di sini. Tulislah lewat halaman pengaduan.")


@dataclass(frozen=True)
class Told:
    """What a buyer tells: pieces by order line, what is wrong, what they want."""

    pieces: Mapping[int, int]
    problem: Problem
    wish: Wish
    text: str


def open_case(token: str, parcel_id: int, told: Told, photos: Sequence[bytes] = ()) -> ComplaintCase:
    """Open a case about a parcel of the order behind this address; a live one of the parcel is given instead.

    So two clicks open one. Call it outside a transaction. Raises NotFound, TooLate, Invalid.
    """
    _check(told)
    with pictures.kept(photos) as keys:
        case, is_new = _store(token, parcel_id, told, keys)
        if not is_new:
            pictures.erase_files(keys)
    return case


def pieces_left(parcel: Parcel) -> dict[int, int]:
    """By order line: how many pieces of a parcel nobody has been given anything for yet."""
    settled = dict(
        db.session.execute(
            select(CaseItem.order_line_id, func.sum(CaseItem.granted))
            .join(CaseItem.case)
            .where(ComplaintCase.parcel_id == parcel.id, ComplaintCase.status == CaseStatus.SETTLED)
            .group_by(CaseItem.order_line_id)
        ).all()
    )
    return {item.order_line_id: item.quantity - settled.get(item.order_line_id, 0) for item in parcel.items}


def live_case(parcel_id: int) -> ComplaintCase | None:
    """The case of a parcel in which somebody still has to do something."""
    return db.session.scalar(
        select(ComplaintCase).where(ComplaintCase.parcel_id == parcel_id, ComplaintCase.status.in_(LIVE))
    )


def _check(told: Told) -> None:
    errors: dict[str, str] = {}
    if told.problem not in problems():
        errors["problem"] = _("Pilih salah satu.")
    if not told.text.strip() or len(told.text.strip()) > MAX_TEXT:
        errors["text"] = _("Ceritakan apa yang terjadi, paling panjang %(n)s huruf.", n=MAX_TEXT)
    if errors:
        raise Invalid(errors)


def _store(token: str, parcel_id: int, told: Told, keys: Sequence[str]) -> tuple[ComplaintCase, bool]:
    with transaction():
        parcel = _arrived(token, parcel_id)
        standing = live_case(parcel_id)
        if standing is not None:
            return standing, False
        day = last_day(parcel)
        if day is None or clock.today() > day:
            raise TooLate
        promised = decide_by()
        case = ComplaintCase(
            reference=new_reference(), order_id=parcel.order_id, parcel_id=parcel.id,
            facility_id=parcel.facility_id, problem=told.problem, wish=told.wish, text=told.text.strip(),
            opened_at=clock.now(), decide_by=promised, answer_by=answer_by(CaseStatus.OPEN, promised),
            items=_items(parcel, told.pieces),
        )  # fmt: skip
        db.session.add(case)
        db.session.flush()
        pictures.attach(case, keys)
        watch(case, add_entry(case, Party.BUYER, after=CaseStatus.OPEN))
        record(parcel.order, "complaint", parcel=parcel, note=case.reference, actor=Actor())
    return case, True


def _arrived(token: str, parcel_id: int) -> Parcel:
    """The parcel, its order's row locked. Raises NotFound unless it belongs to that address."""
    order_id = db.session.scalar(
        select(Order.id)
        .join(Order.parcels)
        .where(
            Order.token == token,
            Parcel.id == parcel_id,
            Order.status.in_((OrderStatus.PAID, OrderStatus.COMPLETED)),
        )
    )
    if order_id is None:
        raise NotFound
    locked(Order, order_id)
    return locked(Parcel, parcel_id)


def _items(parcel: Parcel, pieces: Mapping[int, int]) -> list[CaseItem]:
    """The pieces that are complained of. Raises Invalid for none, or for more than there are."""
    left = pieces_left(parcel)
    wanted = {line_id: quantity for line_id, quantity in pieces.items() if quantity}
    if not wanted:
        raise Invalid({"pieces": _("Pilih barang yang bermasalah dan jumlahnya.")})
    errors = {
        f"pieces_{line_id}": _("Paling banyak %(bound)s.", bound=left.get(line_id, 0))
        for line_id, quantity in wanted.items()
        if not 0 < quantity <= left.get(line_id, 0)
    }
    if errors:
        raise Invalid(errors)
    return [
        CaseItem(order_line_id=line_id, quantity=quantity) for line_id, quantity in sorted(wanted.items())
    ]


def new_reference() -> str:
    """Unguessable enough that nobody counts complaints, short enough to be read aloud."""
    while True:
        reference = f"KEL-{short_code(7)}"
        if db.session.scalar(select(ComplaintCase.id).filter_by(reference=reference)) is None:
            return reference
