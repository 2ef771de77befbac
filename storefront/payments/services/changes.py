"""Orders that change after they were placed: cancelled whole, or in part because something can't be made."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select

from storefront.core import auditlog
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderStatus, Parcel, ParcelItem, ParcelStatus
from storefront.orders.services import (
    UNTOUCHED,
    Actor,
    IllegalMove,
    cancel_parcels,
    is_over,
    letters,
    move_order,
    move_parcel,
    record,
)
from storefront.orders.services.parts import contents_mark, weigh
from storefront.payments.services.closing import close_open_pages
from storefront.payments.services.refunds import captured_payments, rest_of, take_back_all, take_back_sale
from storefront.promotions import services as promotions

UNPACKED = {ParcelStatus.WAITING, ParcelStatus.PROCESSING}
"""Until then a buyer can change their mind."""


class TooLate(DomainError):
    """A parcel has left: the order can no longer be cancelled whole."""

    default = lazy("Sebagian kiriman sudah berangkat, jadi pesanan ini tidak dapat dibatalkan seluruhnya.")


class AlreadyPacked(DomainError):
    """What a buyer could cancel alone is packed by now."""

    default = lazy("Kirimannya sudah dikemas, jadi pesanan ini tidak dapat dibatalkan lagi di sini.")


def cancel_order(order_id: int, actor: Actor, *, reason: str, lost: Mapping[int, int] | None = None) -> None:
    """Cancel a whole order: goods back on the shelf, money owed to the buyer.

    `lost` are pieces by line that are written off instead. Raises Invalid without a reason or for more
    pieces than there are, TooLate when a parcel has left, IllegalMove when it is over.
    """
    if not 5 <= len(reason.strip()) <= 300:
        raise Invalid({"reason": _("Tulis alasannya (5–300 huruf); pembeli akan membacanya.")})
    with transaction():
        order = locked(Order, order_id)
        if any(parcel.status not in UNTOUCHED | {ParcelStatus.CANCELLED} for parcel in order.parcels):
            raise TooLate
        _cancel(order, actor, reason.strip(), lost or {})


def can_cancel(order: Order) -> bool:
    """Whether its buyer can still cancel it alone: nothing is packed yet."""
    unpacked = all(parcel.status in UNPACKED | {ParcelStatus.CANCELLED} for parcel in order.parcels)
    return unpacked and order.status in {OrderStatus.PENDING, OrderStatus.PAID}


def cancel_own_order(order_id: int) -> None:
    """The buyer changed their mind before anything was packed, paid or not.

    Raises AlreadyPacked, IllegalMove when it is over.
    """
    with transaction():
        order = locked(Order, order_id)
        if order.status is OrderStatus.PAID and not can_cancel(order):
            raise AlreadyPacked
        _cancel(order, Actor(), str(_BY_BUYER), {})


_BY_BUYER = lazy("Dibatalkan oleh pembeli")


def _cancel(order: Order, actor: Actor, reason: str, lost: Mapping[int, int]) -> None:
    was_paid = order.status is OrderStatus.PAID
    pieces = {line.id: line.quantity - line.cancelled for line in order.lines}
    _refuse_more(order, lost, pieces)
    move_order(order, OrderStatus.CANCELLED, note=reason, actor=actor)
    cancel_parcels(order, actor=actor)
    close_open_pages(order.id)
    letters.write("cancelled", order)
    promotions.give_back(order.id)
    if actor.id is not None:
        auditlog.write(
            "order.cancelled", "order", order.number, actor_id=actor.id, total=order.total, paid=was_paid,
            lost=sum(lost.values()),
        )  # fmt: skip
    if not was_paid:
        inventory.release(order.id)
        return
    take_back_all(order, reason=reason, actor=actor)
    for line in order.lines:
        line.cancelled = line.quantity
    inventory.put_back_some(
        order.id, _by_variant(order, pieces), lost=_by_variant(order, lost), actor_id=actor.id
    )


def cannot_make(
    facility_id: int, parcel_id: int, pieces: Mapping[int, int], actor: Actor, *, reason: str, seen: str,
    lost: Mapping[int, int] | None = None,
) -> int | None:  # fmt: skip
    """Pieces of a parcel that its facility cannot send: their money goes back, the rest goes on.

    `pieces` by line; `lost` of them are written off, the others lie on the shelf again. `seen` is what
    the page showed (`contents_mark`): a button pressed twice does it once. When nothing is left of the
    parcel it is cancelled, with its shipping. Returns the refund's id, or None for goods that were free.
    Raises NotFound, Invalid, IllegalMove once it has left.
    """
    if not 5 <= len(reason.strip()) <= 300:
        raise Invalid({"reason": _("Tulis alasannya (5–300 huruf); pembeli akan membacanya.")})
    pieces = {line_id: n for line_id, n in pieces.items() if n}
    if not pieces:
        raise Invalid({"pieces": _("Pilih barang dan jumlah yang tidak dapat dibuat.")})
    with transaction():
        order, parcel = _parcel(facility_id, parcel_id)
        if order.status is not OrderStatus.PAID or parcel.status not in UNTOUCHED:
            raise IllegalMove
        if parcel.exchange_of_id is not None or contents_mark(parcel) != seen:
            raise IllegalMove
        inside = {item.order_line_id: item.quantity for item in parcel.items}
        _refuse_more(order, pieces, inside)
        _refuse_more(order, lost or {}, pieces)
        _take_out(order, parcel, pieces, actor, reason.strip())
        refund_id = _give_money_back(order, parcel, pieces, reason.strip(), actor)
        auditlog.write(
            "parcel.reduced", "parcel", parcel.code, actor_id=actor.id, facility_id=facility_id,
            order=order.number, pieces=sum(pieces.values()), lost=sum((lost or {}).values()),
        )  # fmt: skip
        _finish(order, actor)
        inventory.put_back_some(
            order.id, _by_variant(order, pieces), lost=_by_variant(order, lost or {}), actor_id=actor.id
        )
    return refund_id


# --- pieces -------------------------------------------------------------------------------------------


def _parcel(facility_id: int, parcel_id: int) -> tuple[Order, Parcel]:
    """A facility's own parcel and its order, the order's row locked first. Raises NotFound."""
    mine = select(Parcel.order_id).filter_by(id=parcel_id, facility_id=facility_id)
    order_id = db.session.scalar(mine)
    if order_id is None:
        raise NotFound
    return locked(Order, order_id), locked(Parcel, parcel_id)


def _refuse_more(order: Order, wanted: Mapping[int, int], there: Mapping[int, int]) -> None:
    """Raises NotFound for a line that is not there, Invalid for more pieces than there are."""
    for line_id, quantity in wanted.items():
        if line_id not in there:
            raise NotFound
        if not 0 <= quantity <= there[line_id]:
            line = next(line for line in order.lines if line.id == line_id)
            words = _("Dari %(title)s hanya ada %(n)s buah.", title=line.title, n=there[line_id])
            raise Invalid({f"baris-{line_id}": words})


def _take_out(order: Order, parcel: Parcel, pieces: Mapping[int, int], actor: Actor, reason: str) -> None:
    """The parcel goes on without these pieces, or not at all."""
    lines = {line.id: line for line in order.lines}
    whole = all(pieces.get(item.order_line_id, 0) == item.quantity for item in parcel.items)
    for item in list(parcel.items):
        taken = pieces.get(item.order_line_id, 0)
        lines[item.order_line_id].cancelled += taken
        if not whole:
            _reduce(parcel, item, taken)
    if whole:
        move_parcel(parcel, ParcelStatus.CANCELLED, note=reason, actor=actor)
    else:
        weigh(parcel)
        words = ", ".join(f"{n} × {lines[line_id].title}" for line_id, n in pieces.items())
        record(order, "reduced", parcel=parcel, note=f"{words}: {reason}"[:300], actor=actor)
    letters.write("reduced", order, mark=_changes(order))


def _reduce(parcel: Parcel, item: ParcelItem, taken: int) -> None:
    if taken == item.quantity:
        parcel.items.remove(item)
    else:
        item.quantity -= taken


def _changes(order: Order) -> int:
    """A number that is new with every change of an order: of its latest event."""
    db.session.flush()
    return max(event.id for event in order.events) if order.events else 0


def _give_money_back(
    order: Order, parcel: Parcel, pieces: Mapping[int, int], reason: str, actor: Actor
) -> int | None:
    """The pieces' money, and the shipping once the facility sends nothing at all."""
    rest = rest_of(order, captured_payments(order.id))
    mine = [other for other in order.parcels if other.facility_id == parcel.facility_id]
    sends = any(other.status is not ParcelStatus.CANCELLED for other in mine)
    shipping = set() if sends else {other.id for other in mine} & rest.shipping
    due = {line_id: min(n, rest.pieces[line_id]) for line_id, n in pieces.items()}
    key = f"change-{_changes(order)}"
    return take_back_sale(order, due, shipping, reason=reason, actor=actor, key=key)


def _finish(order: Order, actor: Actor) -> None:
    """An order of which nothing is left is cancelled; one whose other parcels arrived is complete."""
    if all(line.cancelled == line.quantity for line in order.lines):
        move_order(order, OrderStatus.CANCELLED, actor=actor)
        promotions.give_back(order.id)
    elif all(is_over(parcel) for parcel in order.parcels):
        move_order(order, OrderStatus.COMPLETED)


def _by_variant(order: Order, pieces: Mapping[int, int]) -> dict[int, int]:
    """Pieces by line as pieces by variant: what the stock knows."""
    found: Counter[int] = Counter()
    for line in order.lines:
        if line.variant_id is not None and pieces.get(line.id):
            found[line.variant_id] += pieces[line.id]
    return dict(found)
