"""The weeks of a workshop that its made-to-order products share, beside the weeks of each product.

Rows are locked in one order by everybody: the workshop, reservations, its weeks by date, weeks by product.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import column, select, table

from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import ClosingDay, Workshop
from storefront.inventory.models import ProductionSlot, Reservation, ReservationState, WorkshopWeek
from storefront.inventory.queries import week_of, week_share

MOST = 100_000
"""Pieces a week: more is a slip of the keyboard."""

_products = table("products", column("id"), column("workshop_id"))  # of the feature above


@dataclass(frozen=True)
class Wish:
    """Pieces of one variant that an order wants. Capacity, lead time and workshop when made to order."""

    variant_id: int
    product_id: int
    facility_id: int
    title: str
    quantity: int
    made_to_order: bool = False
    lead_days: int = 0
    weekly_capacity: int = 0
    workshop_id: int | None = None


@dataclass
class SharedWeeks:
    """The locked weeks of workshops with a capacity of their own, and the days facilities are closed."""

    capacities: dict[int, int] = field(default_factory=dict)
    weeks: dict[tuple[int, date], WorkshopWeek] = field(default_factory=dict)
    closed: dict[int, list[tuple[date, date]]] = field(default_factory=dict)

    def week(self, wish: Wish, week: date) -> WorkshopWeek | None:
        """The week of a wish's workshop, made when there is none; None where it shares nothing.

        Its capacity follows the workshop's, never below what is booked: promises are kept.
        """
        room = wish.workshop_id
        if room is None or room not in self.capacities:
            return None
        row = self.weeks.get((room, week))
        if row is None:
            row = self.weeks[room, week] = _new_week(room, week)
        share = week_share(self.capacities[room], week, self.closed.get(wish.facility_id, ()))
        row.capacity = max(share, row.booked)
        return row


def open_weeks(wishes: Sequence[Wish]) -> SharedWeeks:
    """Lock the workshops of what is made to order, and their weeks from this one on."""
    shared = SharedWeeks()
    if not wishes:
        return shared
    monday = week_of(clock.today())
    places = {wish.facility_id for wish in wishes}
    days = select(ClosingDay).where(ClosingDay.facility_id.in_(list(places)), ClosingDay.last >= monday)
    for day in db.session.scalars(days):
        shared.closed.setdefault(day.facility_id, []).append((day.first, day.last))
    rooms = {wish.workshop_id for wish in wishes if wish.workshop_id is not None}
    if not rooms:
        return shared
    sharing = for_update(
        select(Workshop).where(Workshop.id.in_(list(rooms)), Workshop.weekly_capacity.is_not(None))
    )
    for room in db.session.scalars(sharing.order_by(Workshop.id)):
        shared.capacities[room.id] = room.weekly_capacity or 0
    if shared.capacities:
        weeks = for_update(
            select(WorkshopWeek).where(
                WorkshopWeek.workshop_id.in_(list(shared.capacities)), WorkshopWeek.week >= monday
            )
        )
        for row in db.session.scalars(weeks.order_by(WorkshopWeek.workshop_id, WorkshopWeek.week)):
            shared.weeks[row.workshop_id, row.week] = row
    return shared


def free_shared(held: Sequence[Reservation]) -> None:
    """Give back what reservations took of their workshops' weeks, week after week."""
    taken: dict[int, int] = {}
    for row in held:
        if row.workshop_week_id is not None:
            taken[row.workshop_week_id] = taken.get(row.workshop_week_id, 0) + row.quantity
    if not taken:
        return
    rows = for_update(select(WorkshopWeek).where(WorkshopWeek.id.in_(list(taken))))
    for week in db.session.scalars(rows.order_by(WorkshopWeek.workshop_id, WorkshopWeek.week)):
        week.booked -= taken[week.id]
    db.session.flush()


def set_capacity(
    facility_id: int, workshop_id: int, weekly_capacity: int | None, *, actor_id: int | None = None
) -> None:
    """How many made-to-order pieces a workshop makes in a week, all its products together; None: no limit.

    What was promised before stays promised in its weeks and counts from now on, even beyond the new number.
    Raises Invalid, or NotFound for another facility's workshop.
    """
    if weekly_capacity is not None and not 1 <= weekly_capacity <= MOST:
        raise Invalid({"weekly_capacity": _("Tulis jumlah antara 1 dan 100.000.")})
    with transaction():
        mine = for_update(select(Workshop).filter_by(id=workshop_id, facility_id=facility_id))
        room = db.session.scalar(mine)
        if room is None:
            raise NotFound
        before, room.weekly_capacity = room.weekly_capacity, weekly_capacity
        if before == weekly_capacity:
            return
        if weekly_capacity is not None:
            _count_promises(workshop_id, weekly_capacity)
        auditlog.write(
            "workshop.capacity", "facility", facility_id, actor_id=actor_id, facility_id=facility_id,
            workshop=room.name, before=before, limit=weekly_capacity,
        )  # fmt: skip
        touch("catalog")


def _count_promises(workshop_id: int, capacity: int) -> None:
    """What its products owe from this week on takes its place in the workshop's weeks."""
    monday = week_of(clock.today())
    mine = select(_products.c.id).where(_products.c.workshop_id == workshop_id)
    rows = for_update(
        select(Reservation)
        .join(ProductionSlot, ProductionSlot.id == Reservation.slot_id)
        .where(
            ProductionSlot.product_id.in_(mine),
            ProductionSlot.week >= monday,
            Reservation.workshop_week_id.is_(None),
            Reservation.state != ReservationState.RELEASED,
        )
    )
    held = db.session.scalars(rows.order_by(Reservation.id)).all()
    slots = dict(
        db.session.execute(
            select(ProductionSlot.id, ProductionSlot.week).where(
                ProductionSlot.id.in_([row.slot_id for row in held])
            )
        ).all()
    )
    for row in sorted(held, key=lambda r: (slots[r.slot_id or 0], r.id)):
        week = _new_week(workshop_id, slots[row.slot_id or 0])
        week.booked += row.quantity
        week.capacity = max(capacity, week.booked)
        row.workshop_week_id = week.id
        db.session.flush()


def _new_week(workshop_id: int, week: date) -> WorkshopWeek:
    """A week of a workshop, locked, made when there is none; the workshop is locked already."""
    mine = for_update(select(WorkshopWeek).filter_by(workshop_id=workshop_id, week=week))
    insert_once(WorkshopWeek, workshop_id=workshop_id, week=week, capacity=0, booked=0)
    return db.session.scalars(mine).one()
