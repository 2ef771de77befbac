"""Many pieces put down at once: what an import says of its new variants, in a handful of statements."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import insert, select

from storefront.core import auditlog
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.transactions import touch, transaction
from storefront.inventory.models import MovementKind, Reason, StockLevel, StockMovement
from storefront.inventory.services.batches import trim
from storefront.inventory.services.shelves import ensure_storeroom, enter, movement, refuse_below_promised
from storefront.inventory.services.unique import refuse_second, refuse_several, unique_of

MOST = 100_000


def first_stock(facility_id: int, pieces: Mapping[int, int], *, actor_id: int | None, note: str = "") -> None:
    """Put the first pieces of new variants into the storeroom: received, or counted where there are none.

    `pieces` by variant, none of which has a level yet. Raises Invalid for a number that cannot be.
    """
    if not all(0 <= number <= MOST for number in pieces.values()):
        raise Invalid({"quantity": _("Tulis jumlah antara 0 dan 100.000.")})
    if not pieces:
        return
    with transaction():
        refuse_several(pieces)
        room = ensure_storeroom(facility_id)
        rows = [
            {"location_id": room, "variant_id": variant_id, "on_hand": number, "reserved": 0}
            for variant_id, number in pieces.items()
        ]
        made = db.session.execute(
            insert(StockLevel).returning(StockLevel.id, StockLevel.variant_id), rows
        ).all()
        kinds = {
            key: MovementKind.RECEIVED if number else MovementKind.COUNTED for key, number in pieces.items()
        }
        moves = [
            movement(
                row.id, kinds[row.variant_id], on_hand=pieces[row.variant_id], actor_id=actor_id, note=note
            )
            for row in made
        ]
        db.session.execute(insert(StockMovement), moves)
        for variant_id, number in pieces.items():
            auditlog.write(
                f"stock.{kinds[variant_id]}", "variant", variant_id, actor_id=actor_id,
                facility_id=facility_id, change=number, on_hand=number,
            )  # fmt: skip
        touch("catalog")


def count_all(facility_id: int, counted: Mapping[int, int], *, actor_id: int | None, note: str = "") -> None:
    """Write down what was counted in the storeroom of many variants, as `count` does for one.

    Raises Invalid for the first that cannot be.
    """
    if not counted:
        return
    with transaction():
        moves, unique = [], unique_of(counted)
        for level in _levels(ensure_storeroom(facility_id), sorted(counted)):
            pieces = counted[level.variant_id]
            if not 0 <= pieces <= MOST:
                raise Invalid({"quantity": _("Tulis jumlah antara 0 dan 100.000.")})
            refuse_below_promised(level, pieces)
            difference = pieces - level.on_hand
            if level.variant_id in unique:
                refuse_second(level.variant_id, difference)
            level.on_hand = pieces
            why = Reason.UNKNOWN if difference else None
            counted_here = movement(
                level.id, MovementKind.COUNTED, on_hand=difference, actor_id=actor_id, note=note, reason=why
            )
            moves.append((level, counted_here))
            enter("stock.counted", facility_id, level, actor_id, difference, reason=why)
        db.session.flush()
        db.session.execute(insert(StockMovement), [move for _level, move in moves])
        for level, move in moves:
            if move["on_hand_delta"] < 0:
                trim(level)
        touch("catalog")


def _levels(room: int, variant_ids: Sequence[int]) -> Sequence[StockLevel]:
    """The levels of these variants in one place, locked, made where there are none."""
    there = select(StockLevel.variant_id).filter_by(location_id=room)
    known = set(db.session.scalars(there.where(StockLevel.variant_id.in_(variant_ids))))
    for variant_id in variant_ids:
        if variant_id not in known:
            insert_once(StockLevel, location_id=room, variant_id=variant_id, on_hand=0, reserved=0)
    mine = select(StockLevel).filter_by(location_id=room).where(StockLevel.variant_id.in_(variant_ids))
    return db.session.scalars(for_update(mine.order_by(StockLevel.variant_id))).all()


def hold_levels(variant_ids: Collection[int]) -> None:
    """Lock all levels of these variants in everybody's order, before they are changed one by one.

    Needs a transaction.
    """
    mine = select(StockLevel.id).where(StockLevel.variant_id.in_(variant_ids))
    db.session.execute(for_update(mine.order_by(StockLevel.variant_id, StockLevel.location_id)))
