"""What lies on the shelves: received, counted, and each change written down as a movement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import Invalid
from storefront.core.language import _, _n
from storefront.core.transactions import touch, transaction
from storefront.inventory.models import (
    Location,
    LocationKind,
    MovementKind,
    Reservation,
    StockLevel,
    StockMovement,
)
from storefront.inventory.queries import storeroom_id

TELLS_REST = 5
"""Pages say how many are left from here on down, so a sale below it makes them new."""


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
        level = level_of(facility_id, variant_id)
        key = f"{level.id}-{quantity}-{once[:64]}" if once else None
        if key and db.session.scalar(select(StockMovement.id).filter_by(once=key)) is not None:
            return level
        level.on_hand += quantity
        move(level, MovementKind.RECEIVED, on_hand=quantity, actor_id=actor_id, note=note, once=key)
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
        level = level_of(facility_id, variant_id)
        if counted < level.reserved:
            held = _n("Ada %(n)s buah yang sedang dipesan. Batalkan pesanannya dahulu.", level.reserved)
            raise Invalid({"quantity": held})
        difference = counted - level.on_hand
        level.on_hand = counted
        move(level, MovementKind.COUNTED, on_hand=difference, actor_id=actor_id, note=note)
        _enter("stock.counted", facility_id, level, actor_id, difference)
        touch("catalog")
    return level


def change_levels(
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
            movement(
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


def level_of(facility_id: int, variant_id: int) -> StockLevel:
    """The level of a variant in its storeroom, locked, made when there is none."""
    room = ensure_storeroom(facility_id)
    mine = for_update(select(StockLevel).filter_by(location_id=room, variant_id=variant_id))
    level = db.session.scalar(mine)
    if level is None:
        insert_once(StockLevel, location_id=room, variant_id=variant_id, on_hand=0, reserved=0)
        level = db.session.scalars(mine).one()
    return level


def movement(
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


def move(level: StockLevel, kind: MovementKind, **values: Any) -> None:
    db.session.flush()
    db.session.execute(insert(StockMovement), [movement(level.id, kind, **values)])


def _enter(action: str, facility_id: int, level: StockLevel, actor_id: int | None, change: int) -> None:
    """The act in the audit log: how many pieces came or went, and how many lie there now."""
    auditlog.write(
        action, "variant", level.variant_id, actor_id=actor_id, facility_id=facility_id, change=change,
        on_hand=level.on_hand,
    )  # fmt: skip
