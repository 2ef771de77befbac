"""What a facility's workshops still have to make: which piece by which day, and how full their weeks are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, case, func, select

from storefront.catalog.models import Product, Variant
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import ClosingDay, Workshop
from storefront.inventory.models import ProductionSlot
from storefront.inventory.queries import week_of, week_share, weeks_of_work
from storefront.orders.models import Order, OrderLine, OrderStatus, Parcel, ParcelItem
from storefront.orders.services.late import UNPACKED
from storefront.web.pagination import Page, paged

PAGE = 50
WEEKS = 4
"""So many weeks ahead a page shows how full they are."""


@dataclass(frozen=True)
class Piece:
    """Pieces of one line that have to be made, without a word about who bought them."""

    parcel_id: int
    parcel: str
    title: str
    options: str
    note: str
    workshop: str
    quantity: int
    due: date | None

    @property
    def days_late(self) -> int:
        """How many days ago they had to be ready; 0 when there is time."""
        return max(0, (clock.today() - self.due).days) if self.due else 0


@dataclass(frozen=True)
class Week:
    """How many pieces a workshop promised in a week, and for how many the week is good together."""

    monday: date
    promised: int
    room: int | None


@dataclass(frozen=True)
class Bench:
    """A workshop, its weekly capacity for everything together, and its next weeks."""

    id: int
    name: str
    weekly_capacity: int | None
    weeks: list[Week] = field(default_factory=list)


def to_make(facility_id: int, *, workshop_id: int | None = None, page: int = 1) -> Page:
    """The made-to-order pieces of paid orders that are not packed yet, the most urgent first. Two queries."""
    found = _to_make(facility_id)
    if workshop_id is not None:
        found = found.where(Product.workshop_id == workshop_id)
    rows = paged(found.order_by("due", Parcel.id, OrderLine.id), page, PAGE)
    return rows.each(lambda *row: Piece(*row[:-1]))


def _to_make(facility_id: int) -> Select[int, str, str, str, str, str, int, date, int]:
    # Pieces that are sent once more have the day of their parcel, the others that of their line.
    due = case(
        (Parcel.exchange_of_id.is_not(None), Parcel.ready_by),
        else_=func.coalesce(OrderLine.ready_by, Parcel.ready_by),
    )
    return (
        select(
            Parcel.id, Parcel.code, OrderLine.title, OrderLine.options, OrderLine.note, OrderLine.workshop,
            ParcelItem.quantity, due.label("due"), OrderLine.id.label("line"),
        )
        .join(Parcel, Parcel.id == ParcelItem.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .join(OrderLine, OrderLine.id == ParcelItem.order_line_id)
        .outerjoin(Variant, Variant.id == OrderLine.variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .where(
            Parcel.facility_id == facility_id,
            Parcel.status.in_(UNPACKED),
            Order.status == OrderStatus.PAID,
            OrderLine.made_to_order,
        )
    )  # fmt: skip


def benches(facility_id: int) -> list[Bench]:
    """The workshops of a facility and how full their next weeks are. Three queries."""
    rooms = db.session.scalars(
        select(Workshop).filter_by(facility_id=facility_id).order_by(Workshop.position, Workshop.id)
    ).all()
    days = db.session.execute(
        select(ClosingDay.first, ClosingDay.last).where(
            ClosingDay.facility_id == facility_id, ClosingDay.last >= week_of(clock.today())
        )
    )
    closed = [(first, last) for first, last in days]
    promised = _promised([room.id for room in rooms])
    mondays = weeks_of_work(closed)[:WEEKS]
    return [
        Bench(
            room.id,
            room.name,
            room.weekly_capacity,
            [
                Week(
                    monday,
                    promised.get((room.id, monday), 0),
                    week_share(room.weekly_capacity, monday, closed) if room.weekly_capacity else None,
                )
                for monday in mondays
            ],
        )
        for room in rooms
    ]


def _promised(workshop_ids: Sequence[int]) -> dict[tuple[int, date], int]:
    rows = db.session.execute(
        select(Product.workshop_id, ProductionSlot.week, func.sum(ProductionSlot.booked))
        .join(Product, Product.id == ProductionSlot.product_id)
        .where(Product.workshop_id.in_(workshop_ids), ProductionSlot.week >= week_of(clock.today()))
        .group_by(Product.workshop_id, ProductionSlot.week)
    )
    return {(room, week): int(pieces) for room, week, pieces in rows if room is not None}
