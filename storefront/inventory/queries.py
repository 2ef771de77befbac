"""What is there, and when could it be ready: read only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import column, select, table

from storefront.accounts.models import User
from storefront.core import clock
from storefront.core.db import db
from storefront.inventory.models import (
    Location,
    LocationKind,
    MovementKind,
    ProductionSlot,
    StockLevel,
    StockMovement,
)

MAX_WEEKS = 26
"""Work is promised at most half a year ahead."""

LOW_STOCK = 3
"""At so few sellable pieces the workshop is told to make more."""


def storeroom_id(facility_id: int) -> int | None:
    """The location that online orders of a facility draw from."""
    return db.session.scalar(
        select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    )


def availability(variant_ids: Iterable[int]) -> dict[int, int]:
    """How many pieces of each variant can be sold online now; variants without a level are absent."""
    rows = db.session.execute(
        select(StockLevel.variant_id, StockLevel.available)
        .join(StockLevel.location)
        .where(StockLevel.variant_id.in_(list(variant_ids)), Location.kind == LocationKind.STOREROOM)
    )
    return {row[0]: row[1] for row in rows}


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_from(day: date, count: int) -> Iterator[date]:
    """The Mondays of this week and the ones after it."""
    return (week_of(day) + timedelta(weeks=index) for index in range(count))


def ready_date(start: date, lead_days: int, last_week: date) -> date:
    """When work is done that begins at `start` and takes its last place in `last_week`.

    Lead time counts working days; pieces of a later week are ready on its Friday at the earliest.
    """
    by_lead = clock.add_working_days(start, lead_days)
    if last_week <= week_of(start):
        return by_lead
    return max(by_lead, last_week + timedelta(days=4))


def booked_weeks(product_ids: Sequence[int]) -> dict[int, dict[date, int]]:
    """How many pieces each product already owes per week, from this week on."""
    rows = db.session.execute(
        select(ProductionSlot.product_id, ProductionSlot.week, ProductionSlot.booked).where(
            ProductionSlot.product_id.in_(product_ids), ProductionSlot.week >= week_of(clock.today())
        )
    )
    weeks: dict[int, dict[date, int]] = {}
    for product_id, week, booked in rows:
        weeks.setdefault(product_id, {})[week] = booked
    return weeks


def ready_by(
    lead_days: int, weekly_capacity: int, quantity: int, booked: dict[date, int] | None = None
) -> date | None:
    """When `quantity` pieces could be ready; None when the next half year is full."""
    left = quantity
    for week in weeks_from(clock.today(), MAX_WEEKS):
        left -= max(0, weekly_capacity - (booked or {}).get(week, 0))
        if left <= 0:
            return ready_date(clock.today(), lead_days, week)
    return None


def makeable(weekly_capacity: int, booked: dict[date, int] | None = None) -> int:
    """How many pieces the workshop can still promise within the next half year."""
    weeks = weeks_from(clock.today(), MAX_WEEKS)
    return sum(max(0, weekly_capacity - (booked or {}).get(week, 0)) for week in weeks)


def is_counted(variant_ids: Sequence[int]) -> set[int]:
    """The variants that were received or counted at least once."""
    return set(
        db.session.scalars(
            select(StockLevel.variant_id).where(StockLevel.variant_id.in_(variant_ids)).distinct()
        )
    )


@dataclass(frozen=True)
class MovementRow:
    """One line of a variant's history; `order_number` is that of the order that moved it, if one did."""

    kind: MovementKind
    on_hand_delta: int
    reserved_delta: int
    note: str
    at: datetime
    actor: str | None
    order_number: str | None


_orders = table("orders", column("id"), column("number"))  # the feature above, known by its table only


def history(facility_id: int, variant_id: int, limit: int = 100) -> list[MovementRow]:
    """The newest movements of a variant in its facility's storeroom, newest first."""
    rows = db.session.execute(
        select(StockMovement, User.name, _orders.c.number)
        .join(StockMovement.level)
        .join(StockLevel.location)
        .outerjoin(User, User.id == StockMovement.actor_id)
        .outerjoin(_orders, _orders.c.id == StockMovement.order_id)
        .where(
            StockLevel.variant_id == variant_id,
            Location.facility_id == facility_id,
            Location.kind == LocationKind.STOREROOM,
        )
        .order_by(StockMovement.at.desc(), StockMovement.id.desc())
        .limit(limit)
    )
    return [
        MovementRow(
            kind=moved.kind,
            on_hand_delta=moved.on_hand_delta,
            reserved_delta=moved.reserved_delta,
            note=moved.note,
            at=moved.at,
            actor=actor,
            order_number=order_number,
        )
        for moved, actor, order_number in rows
    ]
