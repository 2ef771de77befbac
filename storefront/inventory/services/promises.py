"""Promising goods to orders: held all or none, sold when the money comes, free again when it does not."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from storefront.core import clock
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import DomainError
from storefront.core.language import _
from storefront.core.transactions import touch
from storefront.inventory.models import (
    Location,
    LocationKind,
    MovementKind,
    ProductionSlot,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from storefront.inventory.queries import ready_date, week_of, week_share, weeks_of_work, withheld
from storefront.inventory.services.capacity import SharedWeeks, Wish, free_shared, open_weeks
from storefront.inventory.services.shelves import TELLS_REST, change_levels, movement


class OutOfStock(DomainError):
    """Somebody else was faster, or there were never that many."""

    def __init__(self, title: str, available: int, variant_id: int) -> None:
        self.variant_id = variant_id
        self.available = available
        words = {"title": title, "left": available}
        gone = _("Stok %(title)s sudah habis. Ubah jumlahnya di keranjang, lalu lanjutkan.", **words)
        few = _("Stok %(title)s tinggal %(left)s. Ubah jumlahnya di keranjang, lalu lanjutkan.", **words)
        super().__init__(few if available > 0 else gone)


def hold(order_id: int, wishes: Sequence[Wish], *, until: datetime) -> dict[int, date]:
    """Promise pieces to an order, all or none; returns ready-by dates of what is made to order.

    The same variant in two wishes counts together. Rows are locked in one order for everybody: workshops,
    their weeks, weeks by product, then levels by variant, the levels last because they are the hottest.
    Raises OutOfStock; the caller's transaction then leaves nothing behind.
    """
    merged = _merge(wishes)
    rows: list[dict[str, Any]] = []
    promised: dict[int, date] = {}
    to_order = sorted((w for w in merged if w.made_to_order), key=lambda w: (w.product_id, w.variant_id))
    shared = open_weeks(to_order)
    for wish in to_order:
        promised[wish.variant_id] = _book_weeks(wish, shared, rows)
    ready = sorted((w for w in merged if not w.made_to_order), key=lambda w: w.variant_id)
    movements: list[dict[str, Any]] = []
    for wish in ready:
        level = _promise(wish)
        rows.append({"variant_id": wish.variant_id, "quantity": wish.quantity, "level_id": level})
        movements.append(movement(level, MovementKind.RESERVED, reserved=wish.quantity, order_id=order_id))
    common = {
        "order_id": order_id,
        "expires_at": until,
        "created_at": clock.now(),
        "state": ReservationState.ACTIVE,
    }
    db.session.execute(
        insert(Reservation),
        [{"level_id": None, "slot_id": None, "workshop_week_id": None} | row | common for row in rows],
    )
    if movements:
        db.session.execute(insert(StockMovement), movements)
    return promised


def consume(order_id: int) -> None:
    """The order is paid: what it held is sold. A second call changes nothing."""
    held = close(order_id, ReservationState.ACTIVE, ReservationState.CONSUMED)
    change_levels(held, MovementKind.SOLD, on_hand=-1, reserved=-1, order_id=order_id)


def release(order_id: int) -> None:
    """The order will not be paid: what it held is free again. A second call changes nothing."""
    held = close(order_id, ReservationState.ACTIVE, ReservationState.RELEASED)
    free_weeks(held)
    change_levels(held, MovementKind.RELEASED, on_hand=0, reserved=-1, order_id=order_id)


def _merge(wishes: Iterable[Wish]) -> list[Wish]:
    together: dict[int, Wish] = {}
    for wish in wishes:
        before = together.get(wish.variant_id)
        quantity = wish.quantity + (before.quantity if before else 0)
        together[wish.variant_id] = Wish(**{**vars(wish), "quantity": quantity})
    return list(together.values())


def _promise(wish: Wish) -> int:
    """One guarded UPDATE: two buyers cannot both win the last piece."""
    room = select(Location.id).where(
        Location.facility_id == wish.facility_id, Location.kind == LocationKind.STOREROOM
    )
    row = db.session.execute(
        update(StockLevel)
        .where(
            StockLevel.variant_id == wish.variant_id,
            StockLevel.location_id == room.scalar_subquery(),
            StockLevel.on_hand - StockLevel.reserved - withheld(wish.variant_id) >= wish.quantity,
        )
        .values(reserved=StockLevel.reserved + wish.quantity)
        .returning(StockLevel.id, StockLevel.on_hand - StockLevel.reserved)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        level = db.session.scalar(
            select(StockLevel.available - withheld(wish.variant_id)).where(
                StockLevel.variant_id == wish.variant_id, StockLevel.location_id == room.scalar_subquery()
            )
        )
        raise OutOfStock(wish.title, max(0, level or 0), wish.variant_id)
    if row[1] <= TELLS_REST:
        touch("catalog")
    return int(row[0])


def _book_weeks(wish: Wish, shared: SharedWeeks, rows: list[dict[str, Any]]) -> date:
    """Fill the workshop's weeks from this one on; returns the ready-by date."""
    left, closed = wish.quantity, shared.closed.get(wish.facility_id, ())
    week = week_of(clock.today())
    for week in weeks_of_work(closed):
        slot = _slot(wish, week, week_share(wish.weekly_capacity, week, closed))
        together = shared.week(wish, week)
        take = min(left, slot.capacity - slot.booked)
        if together is not None:
            take = min(take, together.capacity - together.booked)
        if take > 0:
            slot.booked += take
            left -= take
            row = {"variant_id": wish.variant_id, "quantity": take, "slot_id": slot.id}
            if together is not None:
                together.booked += take
                row["workshop_week_id"] = together.id
            rows.append(row)
        if not left:
            break
    if left:
        raise OutOfStock(wish.title, wish.quantity - left, wish.variant_id)
    db.session.flush()
    touch("catalog")
    return ready_date(clock.today(), wish.lead_days, week, closed)


def _slot(wish: Wish, week: date, capacity: int) -> ProductionSlot:
    """The week of a product, locked; its capacity follows the product's, never below what is booked."""
    mine = for_update(select(ProductionSlot).filter_by(product_id=wish.product_id, week=week))
    slot = db.session.scalar(mine)
    if slot is None:
        insert_once(ProductionSlot, product_id=wish.product_id, week=week, capacity=capacity, booked=0)
        slot = db.session.scalars(mine).one()
    slot.capacity = max(capacity, slot.booked)
    return slot


def close(order_id: int, before: ReservationState, after: ReservationState) -> list[Reservation]:
    """Move an order's reservations from one state to another; returns those that moved."""
    rows = db.session.scalars(
        for_update(select(Reservation).filter_by(order_id=order_id, state=before)).order_by(
            Reservation.variant_id, Reservation.id
        )
    ).all()
    for row in rows:
        row.state = after
        row.closed_at = clock.now()
    db.session.flush()
    return list(rows)


def free_weeks(held: Sequence[Reservation]) -> None:
    """Give the weeks of these reservations back, in the order in which everybody locks them."""
    free_shared(held)
    weeks = select(ProductionSlot.id).where(ProductionSlot.id.in_([row.slot_id for row in held]))
    place = {
        slot_id: number
        for number, slot_id in enumerate(
            db.session.scalars(weeks.order_by(ProductionSlot.product_id, ProductionSlot.week))
        )
    }
    for row in sorted((r for r in held if r.slot_id is not None), key=lambda r: place[r.slot_id or 0]):
        db.session.execute(
            update(ProductionSlot)
            .where(ProductionSlot.id == row.slot_id)
            .values(booked=ProductionSlot.booked - row.quantity)
        )
        touch("catalog")
