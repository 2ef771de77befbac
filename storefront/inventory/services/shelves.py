"""What lies on the shelves: received, counted, and each change written down as a movement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, _n
from storefront.core.transactions import touch, transaction
from storefront.inventory.models import (
    REASONS,
    Location,
    LocationKind,
    MovementKind,
    Reason,
    Reservation,
    StockLevel,
    StockMovement,
)
from storefront.inventory.queries import storeroom_id
from storefront.inventory.services.batches import BatchFacts, book_receipt, check_batch, trim
from storefront.inventory.services.unique import refuse_second

TRIMS = {
    MovementKind.COUNTED, MovementKind.DAMAGED, MovementKind.GIVEN, MovementKind.MOVED,
    MovementKind.WRITTEN_OFF,
}  # fmt: skip
"""Kinds by which pieces leave without having been sold: what batches hold follows."""
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
    batch: BatchFacts | None = None,
) -> StockLevel:
    """Take finished pieces from the workshop into the storeroom. Raises Invalid unless positive.

    `batch`: of food, what is written on it; Invalid where its days cannot be.

    The same pieces sent again under one `once` (a button pressed twice) are received once.
    """
    if not 1 <= quantity <= 100_000:
        raise Invalid({"quantity": _("Tulis jumlah antara 1 dan 100.000.")})
    batch = check_batch(batch) if batch else None
    with transaction():
        level = level_of(facility_id, variant_id)
        key = f"{level.id}-{quantity}-{once[:64]}" if once else None
        if is_written(key):
            return level
        refuse_second(variant_id, quantity)
        level.on_hand += quantity
        move(level, MovementKind.RECEIVED, on_hand=quantity, actor_id=actor_id, note=note, once=key)
        if batch:
            book_receipt(variant_id, batch, quantity, actor_id)
        enter("stock.received", facility_id, level, actor_id, quantity, batch=batch.code if batch else None)
        touch("catalog")
    return level


def count(
    facility_id: int, variant_id: int, counted: int, *, actor_id: int | None = None, note: str = "",
    reason: Reason = Reason.UNKNOWN, place_id: int | None = None, once: str | None = None,
) -> StockLevel:  # fmt: skip
    """Write down what was counted at a place; the difference becomes a movement, with its `reason`.

    Without `place_id` it was the storeroom. What a page that was sent twice says under one `once` is written
    down once, also when pieces were sold in between. Raises Invalid when fewer were counted than buyers
    already hold, or for a reason of another kind; NotFound for a place of another facility.
    """
    if not 0 <= counted <= 100_000:
        raise Invalid({"quantity": _("Tulis jumlah antara 0 dan 100.000.")})
    if reason not in REASONS[MovementKind.COUNTED]:
        raise Invalid({"reason": _("Pilihan ini tidak ada. Pilih dari daftar.")})
    with transaction():
        if place_id is not None:
            level_of(facility_id, variant_id)  # whoever adds pieces anywhere holds the storeroom's level
        level = level_of(facility_id, variant_id, place_id)
        key = f"hitung-{level.id}-{counted}-{once[:64]}" if once else None
        if is_written(key):
            return level
        refuse_below_promised(level, counted)
        difference = counted - level.on_hand
        refuse_second(variant_id, difference)
        level.on_hand = counted
        why = reason if difference else None
        told = {"actor_id": actor_id, "note": note, "reason": why, "once": key}
        move(level, MovementKind.COUNTED, on_hand=difference, **told)
        enter("stock.counted", facility_id, level, actor_id, difference, reason=why)
        touch("catalog")
    return level


def refuse_below_promised(level: StockLevel, pieces: int) -> None:
    """Fewer pieces than buyers already hold cannot lie there. Raises Invalid."""
    if pieces < level.reserved:
        held = _n("Ada %(n)s buah yang sedang dipesan. Batalkan pesanannya dahulu.", level.reserved)
        raise Invalid({"quantity": held})


def is_written(once: str | None) -> bool:
    """Is this the second time that the same is sent? The level that it is about has to be locked."""
    if once is None:
        return False
    return db.session.scalar(select(StockMovement.id).filter_by(once=once)) is not None


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


def level_of(facility_id: int, variant_id: int, place_id: int | None = None) -> StockLevel:
    """The level of a variant in its storeroom or another place, locked, made when there is none.

    Raises NotFound for a place of another facility.
    """
    room = ensure_storeroom(facility_id) if place_id is None else own_place(facility_id, place_id)
    mine = for_update(select(StockLevel).filter_by(location_id=room, variant_id=variant_id))
    level = db.session.scalar(mine)
    if level is None:
        insert_once(StockLevel, location_id=room, variant_id=variant_id, on_hand=0, reserved=0)
        level = db.session.scalars(mine).one()
    return level


def own_place(facility_id: int, place_id: int) -> int:
    """The id of a place of this facility. Raises NotFound for anybody else's."""
    found = db.session.scalar(select(Location.id).filter_by(id=place_id, facility_id=facility_id))
    if found is None:
        raise NotFound
    return found


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
    reason: Reason | None = None,
    transfer_id: int | None = None,
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
        "reason": reason,
        "transfer_id": transfer_id,
        "at": clock.now(),
    }


def move(level: StockLevel, kind: MovementKind, **values: Any) -> None:
    db.session.flush()
    db.session.execute(insert(StockMovement), [movement(level.id, kind, **values)])
    if kind in TRIMS and values.get("on_hand", 0) < 0:
        trim(level)


def enter(
    action: str, facility_id: int, level: StockLevel, actor_id: int | None, change: int, **facts: Any
) -> None:
    """The act in the audit log: how many pieces came or went, and how many lie there now."""
    told = {name: value for name, value in facts.items() if value is not None}
    auditlog.write(
        action, "variant", level.variant_id, actor_id=actor_id, facility_id=facility_id, change=change,
        on_hand=level.on_hand, **told,
    )  # fmt: skip
