"""What is there, and when could it be ready: read only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    ScalarSelect,
    SQLColumnExpression,
    column,
    func,
    literal,
    or_,
    select,
    table,
    union_all,
)

from storefront.accounts.models import User
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.workdays import is_working_day
from storefront.facilities.models import ClosingDay, Workshop
from storefront.inventory.models import (
    Batch,
    Location,
    LocationKind,
    MovementKind,
    ProductionSlot,
    Reason,
    StockLevel,
    StockMovement,
    WorkshopWeek,
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


def is_bad(today: date) -> ColumnElement[bool]:
    """Of batches: may not be sold."""
    return or_(Batch.blocked_at.is_not(None), Batch.sell_until < today)


def withheld(variant_id: SQLColumnExpression[int] | int) -> ScalarSelect[int]:
    """How many pieces of a variant lie in batches that may not be sold, at this moment and in WIB."""
    pieces = select(func.coalesce(func.sum(Batch.left), 0)).where(
        Batch.variant_id == variant_id, Batch.left > 0, is_bad(clock.today())
    )
    return pieces.scalar_subquery()


def availability(variant_ids: Iterable[int]) -> dict[int, int]:
    """How many pieces of each variant can be sold online now; variants without a level are absent."""
    rows = db.session.execute(
        select(StockLevel.variant_id, StockLevel.available - withheld(StockLevel.variant_id))
        .join(StockLevel.location)
        .where(StockLevel.variant_id.in_(list(variant_ids)), Location.kind == LocationKind.STOREROOM)
    )
    return {row[0]: max(0, row[1]) for row in rows}


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_from(day: date, count: int) -> Iterator[date]:
    """The Mondays of this week and the ones after it."""
    return (week_of(day) + timedelta(weeks=index) for index in range(count))


def weeks_of_work(closed: "Days" = ()) -> list[date]:
    """The Mondays of the next half year's weeks in which somebody works; none when closed for a year."""
    weeks = (week for week in weeks_from(clock.today(), 2 * MAX_WEEKS) if open_days(week, closed))
    return list(islice(weeks, MAX_WEEKS))


Days = Sequence[tuple[date, date]]
"""Spans of days on which a facility is closed, the first and the last included."""


def is_open(day: date, closed: Days = ()) -> bool:
    """Does a workshop work on this day: no weekend, no holiday, no closing day of its facility?"""
    return is_working_day(day) and not any(first <= day <= last for first, last in closed)


def open_days(week: date, closed: Days = ()) -> list[date]:
    """The days of the week of this Monday on which a workshop works."""
    days = (week + timedelta(days=index) for index in range(5))
    return [day for day in days if is_open(day, closed)]


def week_share(weekly_capacity: int, week: date, closed: Days = ()) -> int:
    """How many pieces a week is good for.

    A weekly capacity is meant for a week with its holidays; closing days of the facility leave the part of
    the days that remain, rounded up, and a week without an open day none.
    """
    usual = len(open_days(week))
    return -(-weekly_capacity * len(open_days(week, closed)) // usual) if usual else 0


def ready_date(start: date, lead_days: int, last_week: date, closed: Days = ()) -> date:
    """When work is done that begins at `start` and takes its last place in `last_week`.

    Lead time counts open days; pieces of a later week are ready on its last open day at the earliest.
    """
    day, left = start, lead_days
    while left > 0:
        day += timedelta(days=1)
        left -= is_open(day, closed)
    if last_week <= week_of(start):
        return day
    return max([day, *open_days(last_week, closed)[-1:]])


@dataclass(frozen=True)
class Work:
    """A product made to order, as the weeks see it: whose it is, how many a week, how many days of work."""

    product_id: int
    facility_id: int
    workshop_id: int | None
    weekly_capacity: int
    lead_days: int


@dataclass
class Calendar:
    """What workshops owe per week, how many they can make in one together, and when they are closed."""

    products: dict[int, dict[date, int]] = field(default_factory=dict)
    workshops: dict[int, dict[date, int]] = field(default_factory=dict)
    capacities: dict[int, int] = field(default_factory=dict)
    closed: dict[int, list[tuple[date, date]]] = field(default_factory=dict)

    def room(self, work: Work, week: date) -> int:
        """How many pieces of a product still find a place in a week: its own, and its workshop's."""
        closed = self.closed.get(work.facility_id, [])
        owed = self.products.get(work.product_id, {}).get(week, 0)
        rooms = [week_share(work.weekly_capacity, week, closed) - owed]
        if work.workshop_id in self.capacities:
            together = self.workshops.get(work.workshop_id, {}).get(week, 0)
            rooms.append(week_share(self.capacities[work.workshop_id], week, closed) - together)
        return max(0, min(rooms))

    def makeable(self, work: Work) -> int:
        """How many pieces can still be promised within the next half year."""
        return sum(self.room(work, week) for week in self._weeks(work))

    def ready_by(self, work: Work, quantity: int = 1) -> date | None:
        """When so many pieces could be ready; None when the next half year is full."""
        weeks = self.places(work, quantity)
        if not weeks:
            return None
        return ready_date(clock.today(), work.lead_days, max(weeks), self.closed.get(work.facility_id, []))

    def places(self, work: Work, quantity: int) -> dict[date, int]:
        """In which weeks so many pieces would be made, from this one on; nothing when they find no place."""
        left, weeks = quantity, {}
        for week in self._weeks(work):
            take = min(left, self.room(work, week))
            if take:
                weeks[week] = take
                left -= take
            if not left:
                return weeks
        return {}

    def take(self, work: Work, quantity: int) -> date | None:
        """The same day, and these pieces have their places: whoever asks next comes after them."""
        day = self.ready_by(work, quantity)
        for week, pieces in self.places(work, quantity).items():
            for owed in self._owed(work):
                owed[week] = owed.get(week, 0) + pieces
        return day

    def _weeks(self, work: Work) -> list[date]:
        return weeks_of_work(self.closed.get(work.facility_id, ()))

    def _owed(self, work: Work) -> list[dict[date, int]]:
        mine = [self.products.setdefault(work.product_id, {})]
        if work.workshop_id in self.capacities:
            mine.append(self.workshops.setdefault(work.workshop_id, {}))
        return mine


def calendar(works: Iterable[Work]) -> Calendar:
    """What is owed of these products and in their workshops, from this week on. One query, none for none."""
    works = list(works)
    found = Calendar()
    if not works:
        return found
    for kind, key, day, number, last in db.session.execute(_calendar_rows(works)):
        if kind == _CAPACITY:
            found.capacities[key] = number
        elif kind == _CLOSED:
            found.closed.setdefault(key, []).append((day, last))
        else:
            weeks = found.products if kind == _PRODUCT else found.workshops
            weeks.setdefault(key, {})[day] = number
    return found


_PRODUCT, _WORKSHOP, _CAPACITY, _CLOSED = range(4)


def _calendar_rows(works: Sequence[Work]) -> CompoundSelect[int, int, date, int, date]:
    """The four tables at once: (which, whose, day, number, last day)."""
    monday = week_of(clock.today())
    slot, shared, shut = ProductionSlot, WorkshopWeek, ClosingDay
    rooms = {work.workshop_id for work in works if work.workshop_id is not None}
    now = literal(monday, Date())
    return union_all(
        select(literal(_PRODUCT), slot.product_id, slot.week, slot.booked, slot.week).where(
            slot.product_id.in_({work.product_id for work in works}), slot.week >= monday
        ),
        select(literal(_WORKSHOP), shared.workshop_id, shared.week, shared.booked, shared.week).where(
            shared.workshop_id.in_(rooms), shared.week >= monday
        ),
        select(literal(_CAPACITY), Workshop.id, now, Workshop.weekly_capacity, now).where(
            Workshop.id.in_(rooms), Workshop.weekly_capacity.is_not(None)
        ),
        select(literal(_CLOSED), shut.facility_id, shut.first, literal(0), shut.last).where(
            shut.facility_id.in_({work.facility_id for work in works}), shut.last >= monday
        ),
    )


def is_counted(variant_ids: Sequence[int]) -> set[int]:
    """The variants that were received or counted at least once."""
    return set(
        db.session.scalars(
            select(StockLevel.variant_id).where(StockLevel.variant_id.in_(variant_ids)).distinct()
        )
    )


@dataclass(frozen=True)
class PlaceRow:
    """A place of a facility: how many pieces lie there, and how many of them are promised."""

    id: int
    name: str
    kind: LocationKind
    on_hand: int
    reserved: int


def places(facility_id: int, variant_id: int | None = None) -> list[PlaceRow]:
    """The places of a facility, its storeroom first, with all pieces there or those of one variant."""
    here = StockLevel.location_id == Location.id
    rows = db.session.execute(
        select(
            Location.id, Location.name, Location.kind, func.coalesce(func.sum(StockLevel.on_hand), 0),
            func.coalesce(func.sum(StockLevel.reserved), 0),
        )
        .outerjoin(StockLevel, here if variant_id is None else here & (StockLevel.variant_id == variant_id))
        .where(Location.facility_id == facility_id)
        .group_by(Location.id, Location.name, Location.kind)
        .order_by(Location.kind != LocationKind.STOREROOM, Location.name)
    )  # fmt: skip
    return [PlaceRow(key, name, kind, int(lying), int(held)) for key, name, kind, lying, held in rows]


@dataclass(frozen=True)
class MovementRow:
    """One line of a variant's history; `order_number` is that of the order that moved it, if one did."""

    kind: MovementKind
    reason: Reason | None
    place: str
    on_hand_delta: int
    reserved_delta: int
    note: str
    at: datetime
    actor: str | None
    order_number: str | None


_orders = table("orders", column("id"), column("number"))  # the feature above, known by its table only


def history(facility_id: int, variant_id: int, limit: int = 100) -> list[MovementRow]:
    """The newest movements of a variant in all places of its facility, newest first."""
    rows = db.session.execute(
        select(StockMovement, User.name, _orders.c.number, Location.name)
        .join(StockMovement.level)
        .join(StockLevel.location)
        .outerjoin(User, User.id == StockMovement.actor_id)
        .outerjoin(_orders, _orders.c.id == StockMovement.order_id)
        .where(
            StockLevel.variant_id == variant_id,
            Location.facility_id == facility_id,
        )
        .order_by(StockMovement.at.desc(), StockMovement.id.desc())
        .limit(limit)
    )
    return [
        MovementRow(
            kind=moved.kind,
            reason=moved.reason,
            place=place,
            on_hand_delta=moved.on_hand_delta,
            reserved_delta=moved.reserved_delta,
            note=moved.note,
            at=moved.at,
            actor=actor,
            order_number=order_number,
        )
        for moved, actor, order_number, place in rows
    ]


@dataclass(frozen=True)
class BatchRow:
    """A batch of a facility's food; `is_bad` when nothing of it may be sold any more."""

    id: int
    variant_id: int
    code: str
    made_on: date
    best_before: date
    sell_until: date
    left: int
    blocked_reason: str
    is_bad: bool


def batches_of(facility_id: int, variant_id: int, limit: int = 50) -> list[BatchRow]:
    """The batches of a facility's variant: what lies here first, by its best-before date."""
    rows = db.session.scalars(
        select(Batch)
        .join(StockLevel, StockLevel.variant_id == Batch.variant_id)
        .join(StockLevel.location)
        .where(
            Batch.variant_id == variant_id,
            Location.facility_id == facility_id,
            Location.kind == LocationKind.STOREROOM,
        )
        .order_by(Batch.left == 0, Batch.best_before, Batch.id)
        .limit(limit)
    )
    today = clock.today()
    return [
        BatchRow(
            row.id, row.variant_id, row.code, row.made_on, row.best_before, row.sell_until, row.left,
            row.blocked_reason, is_bad=row.blocked_at is not None or row.sell_until < today,
        )
        for row in rows
    ]  # fmt: skip


def own_batch(facility_id: int, batch_id: int) -> Batch:
    """A batch of a facility's own food. Raises NotFound."""
    found = db.session.scalar(
        select(Batch)
        .join(StockLevel, StockLevel.variant_id == Batch.variant_id)
        .join(StockLevel.location)
        .where(
            Batch.id == batch_id,
            Location.facility_id == facility_id,
            Location.kind == LocationKind.STOREROOM,
        )
    )
    if found is None:
        raise NotFound
    return found
