"""Every change of stock: guarded, in one order of locks, each with its movement.

Goods that are ready lie at a level; goods made to order take a place in a week of the workshop.
A hold becomes a sale when the money is confirmed, or is given back when the deadline passes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, _n
from storefront.core.transactions import touch, transaction
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
from storefront.inventory.queries import MAX_WEEKS, ready_date, storeroom_id, week_of, weeks_from

TELLS_REST = 5
"""Pages say how many are left from here on down, so a sale below it makes them new."""


class OutOfStock(DomainError):
    """Somebody else was faster, or there were never that many."""

    def __init__(self, title: str, available: int, variant_id: int) -> None:
        self.variant_id = variant_id
        self.available = available
        words = {"title": title, "left": available}
        gone = _("Stok %(title)s sudah habis. Ubah jumlahnya di keranjang, lalu lanjutkan.", **words)
        few = _("Stok %(title)s tinggal %(left)s. Ubah jumlahnya di keranjang, lalu lanjutkan.", **words)
        super().__init__(few if available > 0 else gone)


@dataclass(frozen=True)
class Wish:
    """Pieces of one variant that an order wants. Capacity and lead time when made to order."""

    variant_id: int
    product_id: int
    facility_id: int
    title: str
    quantity: int
    made_to_order: bool = False
    lead_days: int = 0
    weekly_capacity: int = 0


def ensure_storeroom(facility_id: int) -> int:
    """The id of a facility's storeroom, made when it has none yet."""
    with transaction():
        found = storeroom_id(facility_id)
        if found is not None:
            return found
        insert_once(Location, facility_id=facility_id, name="Gudang", kind=LocationKind.STOREROOM)
        return storeroom_id(facility_id) or ensure_storeroom(facility_id)


def receive(
    facility_id: int,
    variant_id: int,
    quantity: int,
    *,
    actor_id: int | None = None,
    note: str = "",
    once: str | None = None,
) -> StockLevel:
    """Take finished pieces from the workshop into the storeroom. Raises Invalid unless positive.

    The same pieces sent again under one `once` (a button pressed twice) are received once.
    """
    if not 1 <= quantity <= 100_000:
        raise Invalid({"quantity": _("Tulis jumlah antara 1 dan 100.000.")})
    with transaction():
        level = _level(facility_id, variant_id)
        key = f"{level.id}-{quantity}-{once[:64]}" if once else None
        if key and db.session.scalar(select(StockMovement.id).filter_by(once=key)) is not None:
            return level
        level.on_hand += quantity
        _move(level, MovementKind.RECEIVED, on_hand=quantity, actor_id=actor_id, note=note, once=key)
        _enter("stock.received", facility_id, level, actor_id, quantity)
        touch("catalog")
    return level


def count(
    facility_id: int, variant_id: int, counted: int, *, actor_id: int | None = None, note: str = ""
) -> StockLevel:
    """Write down what was counted on the shelf; the difference becomes a movement.

    Raises Invalid when fewer were counted than buyers already hold.
    """
    if not 0 <= counted <= 100_000:
        raise Invalid({"quantity": _("Tulis jumlah antara 0 dan 100.000.")})
    with transaction():
        level = _level(facility_id, variant_id)
        if counted < level.reserved:
            held = _n("Ada %(n)s buah yang sedang dipesan. Batalkan pesanannya dahulu.", level.reserved)
            raise Invalid({"quantity": held})
        difference = counted - level.on_hand
        level.on_hand = counted
        _move(level, MovementKind.COUNTED, on_hand=difference, actor_id=actor_id, note=note)
        _enter("stock.counted", facility_id, level, actor_id, difference)
        touch("catalog")
    return level


def _enter(action: str, facility_id: int, level: StockLevel, actor_id: int | None, change: int) -> None:
    """The act in the audit log: how many pieces came or went, and how many lie there now."""
    auditlog.write(
        action, "variant", level.variant_id, actor_id=actor_id, facility_id=facility_id, change=change,
        on_hand=level.on_hand,
    )  # fmt: skip


def hold(order_id: int, wishes: Sequence[Wish], *, until: datetime) -> dict[int, date]:
    """Promise pieces to an order, all or none; returns ready-by dates of what is made to order.

    The same variant in two wishes counts together. Rows are locked in one order for everybody:
    weeks by product, then levels by variant, the levels last because they are the hottest.
    Raises OutOfStock; the caller's transaction then leaves nothing behind.
    """
    merged = _merge(wishes)
    rows: list[dict[str, Any]] = []
    promised: dict[int, date] = {}
    for wish in sorted((w for w in merged if w.made_to_order), key=lambda w: (w.product_id, w.variant_id)):
        promised[wish.variant_id] = _book_weeks(wish, rows)
    ready = sorted((w for w in merged if not w.made_to_order), key=lambda w: w.variant_id)
    movements: list[dict[str, Any]] = []
    for wish in ready:
        level = _promise(wish)
        rows.append({"variant_id": wish.variant_id, "quantity": wish.quantity, "level_id": level})
        movements.append(_movement(level, MovementKind.RESERVED, reserved=wish.quantity, order_id=order_id))
    common = {
        "order_id": order_id,
        "expires_at": until,
        "created_at": clock.now(),
        "state": ReservationState.ACTIVE,
    }
    db.session.execute(
        insert(Reservation), [{"level_id": None, "slot_id": None} | row | common for row in rows]
    )
    if movements:
        db.session.execute(insert(StockMovement), movements)
    return promised


def consume(order_id: int) -> None:
    """The order is paid: what it held is sold. A second call changes nothing."""
    held = _close(order_id, ReservationState.ACTIVE, ReservationState.CONSUMED)
    _change_levels(held, MovementKind.SOLD, on_hand=-1, reserved=-1, order_id=order_id)


def release(order_id: int) -> None:
    """The order will not be paid: what it held is free again. A second call changes nothing."""
    held = _close(order_id, ReservationState.ACTIVE, ReservationState.RELEASED)
    _change_levels(held, MovementKind.RELEASED, on_hand=0, reserved=-1, order_id=order_id)
    _free_weeks(held)


def put_back(order_id: int, *, actor_id: int | None = None) -> None:
    """A paid order is cancelled: sold pieces lie on the shelf again, booked weeks are free."""
    sold = _close(order_id, ReservationState.CONSUMED, ReservationState.RELEASED)
    _change_levels(sold, MovementKind.RETURNED, on_hand=1, reserved=0, order_id=order_id, actor_id=actor_id)
    _free_weeks(sold)


def take_back(
    facility_id: int, variant_id: int, quantity: int, *, order_id: int, actor_id: int | None, once: str,
    keep: bool,
) -> None:  # fmt: skip
    """Sold pieces came back: with `keep` they lie on the shelf again, else they are written off at once.

    Written-off pieces make two movements, in and out, so that every loss is seen. The same `once` is done
    once. Needs a transaction; the level's row is locked, so call it last, and variants in order.
    Raises ValueError unless positive.
    """
    if quantity < 1:
        raise ValueError("nothing comes back")
    level = _level(facility_id, variant_id)
    back = f"kembali-{once}"
    if db.session.scalar(select(StockMovement.id).filter_by(once=back)) is not None:
        return
    told = {"order_id": order_id, "actor_id": actor_id}
    _move(level, MovementKind.RETURNED, on_hand=quantity, once=back, **told)
    if keep:
        level.on_hand += quantity
        touch("catalog")
    else:
        _move(level, MovementKind.WRITTEN_OFF, on_hand=-quantity, once=f"susut-{once}", **told)


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
            StockLevel.on_hand - StockLevel.reserved >= wish.quantity,
        )
        .values(reserved=StockLevel.reserved + wish.quantity)
        .returning(StockLevel.id, StockLevel.on_hand - StockLevel.reserved)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        level = db.session.scalar(
            select(StockLevel.available).where(
                StockLevel.variant_id == wish.variant_id, StockLevel.location_id == room.scalar_subquery()
            )
        )
        raise OutOfStock(wish.title, level or 0, wish.variant_id)
    if row[1] <= TELLS_REST:
        touch("catalog")
    return int(row[0])


def _book_weeks(wish: Wish, rows: list[dict[str, Any]]) -> date:
    """Fill the workshop's weeks from this one on; returns the ready-by date."""
    left = wish.quantity
    week = week_of(clock.today())
    for week in weeks_from(clock.today(), MAX_WEEKS):
        slot = _slot(wish, week)
        take = min(left, slot.capacity - slot.booked)
        if take > 0:
            slot.booked += take
            left -= take
            rows.append({"variant_id": wish.variant_id, "quantity": take, "slot_id": slot.id})
        if not left:
            break
    if left:
        raise OutOfStock(wish.title, wish.quantity - left, wish.variant_id)
    db.session.flush()
    touch("catalog")
    return ready_date(clock.today(), wish.lead_days, week)


def _slot(wish: Wish, week: date) -> ProductionSlot:
    """The week of a product, locked; its capacity follows the product's, never below what is booked."""
    mine = for_update(select(ProductionSlot).filter_by(product_id=wish.product_id, week=week))
    slot = db.session.scalar(mine)
    if slot is None:
        insert_once(
            ProductionSlot, product_id=wish.product_id, week=week, capacity=wish.weekly_capacity, booked=0
        )
        slot = db.session.scalars(mine).one()
    slot.capacity = max(wish.weekly_capacity, slot.booked)
    return slot


def _close(order_id: int, before: ReservationState, after: ReservationState) -> list[Reservation]:
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


def _change_levels(
    held: Sequence[Reservation],
    kind: MovementKind,
    *,
    on_hand: int,
    reserved: int,
    order_id: int,
    actor_id: int | None = None,
) -> None:
    """Change the levels of reservations by their quantity times the given signs, in variant order."""
    movements = []
    for row in held:
        if row.level_id is None:
            continue
        rest = db.session.scalar(
            update(StockLevel)
            .where(StockLevel.id == row.level_id)
            .values(
                on_hand=StockLevel.on_hand + on_hand * row.quantity,
                reserved=StockLevel.reserved + reserved * row.quantity,
            )
            .returning(StockLevel.on_hand - StockLevel.reserved)
            .execution_options(synchronize_session=False)
        )
        if on_hand - reserved and rest is not None and rest - row.quantity <= TELLS_REST:
            touch("catalog")
        movements.append(
            _movement(
                row.level_id,
                kind,
                on_hand=on_hand * row.quantity,
                reserved=reserved * row.quantity,
                order_id=order_id,
                actor_id=actor_id,
            )
        )
    if movements:
        db.session.execute(insert(StockMovement), movements)


def _free_weeks(held: Sequence[Reservation]) -> None:
    for row in sorted((r for r in held if r.slot_id is not None), key=lambda r: r.slot_id or 0):
        db.session.execute(
            update(ProductionSlot)
            .where(ProductionSlot.id == row.slot_id)
            .values(booked=ProductionSlot.booked - row.quantity)
        )
        touch("catalog")


def _level(facility_id: int, variant_id: int) -> StockLevel:
    """The level of a variant in its storeroom, locked, made when there is none."""
    room = ensure_storeroom(facility_id)
    mine = for_update(select(StockLevel).filter_by(location_id=room, variant_id=variant_id))
    level = db.session.scalar(mine)
    if level is None:
        insert_once(StockLevel, location_id=room, variant_id=variant_id, on_hand=0, reserved=0)
        level = db.session.scalars(mine).one()
    return level


def _movement(
    level_id: int,
    kind: MovementKind,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    order_id: int | None = None,
    actor_id: int | None = None,
    note: str = "",
    once: str | None = None,
) -> dict[str, Any]:
    return {
        "level_id": level_id,
        "kind": kind,
        "on_hand_delta": on_hand,
        "reserved_delta": reserved,
        "order_id": order_id,
        "actor_id": actor_id,
        "note": note,
        "once": once,
        "at": clock.now(),
    }


def _move(level: StockLevel, kind: MovementKind, **values: Any) -> None:
    db.session.flush()
    db.session.execute(insert(StockMovement), [_movement(level.id, kind, **values)])
