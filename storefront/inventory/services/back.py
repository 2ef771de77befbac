"""Goods that come back to the shelf, or are written off: of cancelled orders and of returned parcels."""

from collections.abc import Mapping

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.transactions import touch
from storefront.inventory.models import (
    MovementKind,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from storefront.inventory.services.promises import close, free_weeks
from storefront.inventory.services.shelves import change_levels, level_of, move


def put_back(order_id: int, *, actor_id: int | None = None) -> None:
    """A paid order is cancelled: sold pieces lie on the shelf again, booked weeks are free."""
    sold = close(order_id, ReservationState.CONSUMED, ReservationState.RELEASED)
    free_weeks(sold)
    change_levels(sold, MovementKind.RETURNED, on_hand=1, reserved=0, order_id=order_id, actor_id=actor_id)


def put_back_some(
    order_id: int, pieces: Mapping[int, int], *, lost: Mapping[int, int], actor_id: int | None = None
) -> None:
    """Some pieces of a paid order will not be sent: by variant how many, and how many of them are lost.

    What is not lost lies on the shelf again; lost pieces are written off with a movement of their own.
    Weeks of a workshop are free again, the latest first. Needs a transaction; call it last.
    """
    freed = [
        row for variant_id, wanted in sorted(pieces.items()) for row in _loosen(order_id, variant_id, wanted)
    ]
    free_weeks(freed)
    change_levels(freed, MovementKind.RETURNED, on_hand=1, reserved=0, order_id=order_id, actor_id=actor_id)
    for row in freed:
        gone = min(row.quantity, lost.get(row.variant_id, 0))
        if row.level_id is None or not gone:
            continue
        lost = {**lost, row.variant_id: lost[row.variant_id] - gone}
        level = db.session.scalars(for_update(select(StockLevel).filter_by(id=row.level_id))).one()
        level.on_hand -= gone
        move(level, MovementKind.WRITTEN_OFF, on_hand=-gone, order_id=order_id, actor_id=actor_id)


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
    level = level_of(facility_id, variant_id)
    back = f"kembali-{once}"
    if db.session.scalar(select(StockMovement.id).filter_by(once=back)) is not None:
        return
    told = {"order_id": order_id, "actor_id": actor_id}
    move(level, MovementKind.RETURNED, on_hand=quantity, once=back, **told)
    if keep:
        level.on_hand += quantity
        touch("catalog")
    else:
        move(level, MovementKind.WRITTEN_OFF, on_hand=-quantity, once=f"susut-{once}", **told)


def _loosen(order_id: int, variant_id: int, pieces: int) -> list[Reservation]:
    """Reservations of so many sold pieces, released; one of which only some are meant is divided."""
    sold = for_update(
        select(Reservation).filter_by(
            order_id=order_id, variant_id=variant_id, state=ReservationState.CONSUMED
        )
    )
    freed = []
    for row in db.session.scalars(sold.order_by(Reservation.id.desc())).all():
        take = min(row.quantity, pieces)
        pieces -= take
        if take == row.quantity:
            row.state, row.closed_at = ReservationState.RELEASED, clock.now()
            freed.append(row)
        elif take:
            row.quantity -= take
            part = Reservation(
                order_id=order_id, variant_id=variant_id, level_id=row.level_id, slot_id=row.slot_id,
                workshop_week_id=row.workshop_week_id,
                quantity=take, state=ReservationState.RELEASED, expires_at=row.expires_at,
                created_at=row.created_at, closed_at=clock.now(),
            )  # fmt: skip
            db.session.add(part)
            freed.append(part)
    db.session.flush()
    return freed
