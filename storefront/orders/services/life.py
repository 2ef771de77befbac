"""The life of an order and its parcels: every step follows the tables and leaves an event."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.outbox import enqueue
from storefront.core.tokens import short_code
from storefront.core.transactions import transaction
from storefront.inventory.services import batches
from storefront.orders.models import (
    NEXT_ORDER,
    NEXT_PARCEL,
    DeliveryMethod,
    Order,
    OrderEvent,
    OrderStatus,
    Parcel,
    ParcelStatus,
)
from storefront.orders.services import letters
from storefront.shipping.providers import vendors

DONE = {
    ParcelStatus.DELIVERED,
    ParcelStatus.COLLECTED,
    ParcelStatus.CANCELLED,
    ParcelStatus.RETURNED,
}
FIRST_LOOK = timedelta(hours=4)
"""After it left, a parcel is looked for at its courier: before, no courier has scanned it."""
PACKED = {ParcelStatus.PACKED, ParcelStatus.READY}
UNTOUCHED = {ParcelStatus.WAITING, ParcelStatus.PROCESSING, ParcelStatus.PACKED, ParcelStatus.READY}


CODE_LENGTH = 5
"""Of a pick-up code: short enough to be said, and guesses are counted."""


class IllegalMove(DomainError):
    """A step that the tables do not know, or that somebody else already took."""

    default = lazy("Langkah ini sudah dilakukan atau tidak mungkin lagi. Muat ulang halamannya.")


@dataclass(frozen=True)
class Actor:
    """Who did it: an officer's id, or nobody (the buyer, a provider, the clock)."""

    id: int | None = None


SYSTEM = Actor()


def new_number() -> str:
    """An order number that can be read aloud: the WIB date, then five random characters."""
    return f"WBP-{clock.local(clock.now()):%y%m%d}-{short_code(5)}"


def record(
    order: Order, kind: str, *, parcel: Parcel | None = None, note: str = "", actor: Actor = SYSTEM,
    before: str = "", after: str = "",
) -> None:  # fmt: skip
    """Add an event to the order's history, in the running transaction."""
    db.session.add(
        OrderEvent(
            order_id=order.id, parcel_id=parcel.id if parcel else None, kind=kind, from_status=before,
            to_status=after, note=note, actor_id=actor.id, at=clock.now(),
        )
    )  # fmt: skip


def move_order(order: Order, status: OrderStatus, *, note: str = "", actor: Actor = SYSTEM) -> None:
    """Take an order to its next status. The caller holds its row. Raises IllegalMove."""
    before = order.status
    if status not in NEXT_ORDER[before]:
        raise IllegalMove
    order.status = status
    if status is OrderStatus.PAID:
        order.paid_at = clock.now()
    if status is OrderStatus.COMPLETED:
        order.completed_at = clock.now()
    record(order, "order", note=note, actor=actor, before=before, after=status)


def move_parcel(parcel: Parcel, status: ParcelStatus, *, note: str = "", actor: Actor = SYSTEM) -> None:
    """Take a parcel to its next status. The caller holds the order's row. Raises IllegalMove."""
    before = parcel.status
    if status not in NEXT_PARCEL[before]:
        raise IllegalMove
    parcel.status = status
    if status is ParcelStatus.SHIPPED:
        parcel.shipped_at = clock.now()
    if status in DONE and not came_back(parcel, before):
        parcel.finished_at = clock.now()
    if status is ParcelStatus.CANCELLED and before in PACKED:
        batches.give_back(parcel.id)
    record(parcel.order, "parcel", parcel=parcel, note=note, actor=actor, before=before, after=status)


def pieces_of(parcel: Parcel) -> dict[int, int]:
    """How many pieces of each variant travel in a parcel; of work made to order none lay here before."""
    pieces: dict[int, int] = {}
    for item in parcel.items:
        if item.line.variant_id is not None and not item.line.made_to_order:
            pieces[item.line.variant_id] = pieces.get(item.line.variant_id, 0) + item.quantity
    return pieces


def came_back(parcel: Parcel, before: ParcelStatus | None = None) -> bool:
    """Whether a parcel came back undelivered and somebody still has to make that good."""
    open_end = parcel.finished_at is None and before in (None, ParcelStatus.SHIPPED)
    return parcel.status is ParcelStatus.RETURNED and open_end


def put_to_rest(parcel: Parcel) -> None:
    """A parcel that came back undelivered was paid back or sent again: it is over, and so perhaps its order.

    The caller holds the order's row.
    """
    parcel.finished_at = clock.now()
    complete_if_done(parcel.order)


def is_over(parcel: Parcel) -> bool:
    """Whether nothing more has to be done about a parcel."""
    return parcel.status in DONE and not came_back(parcel)


def cancel_parcels(order: Order, *, actor: Actor = SYSTEM) -> None:
    """Cancel every parcel that has not left yet; one that has left stays as it is."""
    for parcel in order.parcels:
        if parcel.status in UNTOUCHED:
            move_parcel(parcel, ParcelStatus.CANCELLED, actor=actor)


def revive_parcels(order: Order, *, actor: Actor = SYSTEM) -> None:
    """An expired order is paid after all: its parcels wait again."""
    for parcel in order.parcels:
        if parcel.status is ParcelStatus.CANCELLED:
            parcel.finished_at = None
            move_parcel(parcel, ParcelStatus.WAITING, actor=actor)


def accept_parcel(facility_id: int, parcel_id: int, actor: Actor) -> Parcel:
    """The workshop has seen the order and starts. Raises NotFound, IllegalMove."""
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        move_parcel(parcel, ParcelStatus.PROCESSING, actor=actor)
    return parcel


def pack_parcel(facility_id: int, parcel_id: int, actor: Actor) -> Parcel:
    """The parcel is packed; food leaves its batches. Raises NotFound, IllegalMove, NoGoodBatch."""
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        batches.take(parcel.id, pieces_of(parcel), actor.id)  # before: until it moves its pieces lie here
        move_parcel(parcel, ParcelStatus.PACKED, actor=actor)
    return parcel


def ship_parcel(facility_id: int, parcel_id: int, actor: Actor, *, courier: str, waybill: str) -> Parcel:
    """The courier has it, under a waybill. Raises NotFound, IllegalMove, Invalid."""
    errors = {}
    if not courier.strip():
        errors["courier"] = _("Pilih kurir yang membawa kiriman ini.")
    if not 5 <= len(waybill.strip()) <= 40 or not waybill.strip().replace("-", "").isalnum():
        errors["waybill"] = _("Tulis nomor resi dari kurir: 5–40 huruf dan angka.")
    if errors:
        raise Invalid(errors)
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        if parcel.method is not DeliveryMethod.DELIVERY:
            raise IllegalMove
        parcel.courier, parcel.waybill = courier.strip(), waybill.strip().upper()
        _not_anothers(parcel)
        move_parcel(parcel, ParcelStatus.SHIPPED, note=f"{parcel.courier} {parcel.waybill}", actor=actor)
        letters.write("shipped", parcel.order, mark=parcel.id)
        if vendors():
            enqueue("parcel.follow", {"parcel_id": parcel.id, "round": 0}, run_at=clock.now() + FIRST_LOOK)
    return parcel


def _not_anothers(parcel: Parcel) -> None:
    """A mistyped waybill would follow, and complete, somebody else's parcel. Raises Invalid.

    Parcels of one order may travel in one box.
    """
    same = select(Parcel.id).where(
        Parcel.waybill == parcel.waybill, Parcel.courier == parcel.courier,
        Parcel.status == ParcelStatus.SHIPPED, Parcel.order_id != parcel.order_id,
    )  # fmt: skip
    if db.session.scalar(same.limit(1)) is not None:
        words = _("Nomor resi ini milik kiriman lain yang masih di jalan. Periksa lagi angkanya.")
        raise Invalid({"waybill": words})


def ready_parcel(facility_id: int, parcel_id: int, actor: Actor) -> Parcel:
    """The buyer can come and get it, with a code that only they are told. Raises NotFound, IllegalMove."""
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        if parcel.method is not DeliveryMethod.PICKUP:
            raise IllegalMove
        parcel.pickup_code = short_code(CODE_LENGTH)
        move_parcel(parcel, ParcelStatus.READY, actor=actor)
        letters.write("ready", parcel.order, mark=parcel.id)
    return parcel


def finish_parcel(facility_id: int, parcel_id: int, actor: Actor) -> Parcel:
    """It arrived, or was collected; the last one completes the order. Raises NotFound, IllegalMove.

    What has a pick-up code is handed over by `collect_parcel`.
    """
    with transaction():
        parcel = own_parcel(facility_id, parcel_id)
        if parcel.status is ParcelStatus.READY and parcel.pickup_code:
            raise IllegalMove(_("Ketik kode pengambilan yang disebutkan pembeli."))
        delivered = parcel.method is DeliveryMethod.DELIVERY
        move_parcel(parcel, ParcelStatus.DELIVERED if delivered else ParcelStatus.COLLECTED, actor=actor)
        complete_if_done(parcel.order)
    return parcel


def complete_if_done(order: Order) -> None:
    """The last parcel that comes to its end completes a paid order. The caller holds the order's row."""
    if order.status is OrderStatus.PAID and all(is_over(other) for other in order.parcels):
        move_order(order, OrderStatus.COMPLETED)


def own_parcel(facility_id: int, parcel_id: int) -> Parcel:
    """A parcel of this facility that money has paid for; its order's row is locked first.

    Two facilities finishing at once therefore see each other, and one of them completes the order.
    """
    order_id = db.session.scalar(
        select(Parcel.order_id)
        .join(Parcel.order)
        .where(
            Parcel.id == parcel_id,
            Parcel.facility_id == facility_id,
            Order.status.in_((OrderStatus.PAID, OrderStatus.COMPLETED)),
        )
    )
    if order_id is None:
        raise NotFound
    locked(Order, order_id)
    return db.session.scalars(for_update(select(Parcel).filter_by(id=parcel_id))).one()
