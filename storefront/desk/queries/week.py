"""The week that is over, for the letter of Monday morning: what happened, beside what waits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from storefront.accounts.models import Role, User
from storefront.catalog.models import Product
from storefront.core import clock
from storefront.core.db import db
from storefront.desk.queries.today import Task, facility_today, office_today
from storefront.feedback.models import Review
from storefront.notices.models import LetterChoice
from storefront.orders.models import Parcel
from storefront.revenue.models import Entry, Journal, JournalKind
from storefront.revenue.queries.fairs import GOODS

HOUR = timedelta(hours=7)
"""After the beginning of Monday (WIB)."""
LATEST = timedelta(days=2)
"""A server that was away on Monday still sends it on Tuesday; later, it would be old news."""
READERS = (Role.FACILITY_HEAD, Role.REGIONAL)


@dataclass(frozen=True)
class Week:
    """A week (WIB, Monday to Sunday) of one facility, or of all. `takings` in rupiah: net sales of goods."""

    first: date
    last: date
    orders: int
    pieces: int
    takings: int
    shipped: int
    published: int
    reviews: int
    tasks: list[Task]


def due_week(moment: datetime) -> date | None:
    """The Monday whose letters are to leave at this moment; None when none are."""
    today = clock.local(moment).date()
    monday = today - timedelta(days=today.weekday())
    since = moment - (clock.day_start(monday) + HOUR)
    return monday if timedelta(0) <= since < LATEST else None


def readers(monday: date) -> list[int]:
    """Whoever gets the letter of this Monday: heads and the office, there by then, unless they want none."""
    refused = select(LetterChoice.user_id).where(~LetterChoice.is_weekly)
    return list(
        db.session.scalars(
            select(User.id)
            .where(User.role.in_(READERS), User.is_enabled, User.password_hash.is_not(None))
            .where(User.created_at < clock.day_start(monday) + HOUR, User.id.not_in(refused))
            .order_by(User.id)
        )
    )


def week_before(monday: date, facility_id: int | None = None) -> Week:
    """What happened in the week before this Monday, and what waits now; of one facility, or of all."""
    first, last = monday - timedelta(days=7), monday - timedelta(days=1)
    bounds = clock.day_bounds(first, last)
    today = office_today() if facility_id is None else facility_today(facility_id)
    orders, pieces, takings = _sales(bounds, facility_id)
    return Week(
        first, last, orders, pieces, takings,
        shipped=_count(Parcel.shipped_at, Parcel.facility_id, bounds, facility_id),
        published=_count(Product.published_at, Product.facility_id, bounds, facility_id),
        reviews=_count(Review.created_at, Review.facility_id, bounds, facility_id),
        tasks=today.tasks,
    )  # fmt: skip


def _sales(bounds: tuple[datetime, datetime], facility_id: int | None) -> tuple[int, int, int]:
    """Paid orders, pieces and net sales, as the report counts them."""
    captured = func.count(Journal.order_id.distinct()).filter(Journal.kind == JournalKind.CAPTURE)
    statement = (
        select(captured, func.coalesce(func.sum(Entry.pieces), 0), -func.coalesce(func.sum(Entry.amount), 0))
        .join(Entry.journal)
        .where(Entry.account.in_(GOODS), Journal.at >= bounds[0], Journal.at < bounds[1])
    )
    if facility_id is not None:
        statement = statement.where(Entry.facility_id == facility_id)
    row = db.session.execute(statement).one()
    return int(row[0]), int(row[1]), int(row[2])


def _count(
    moment: InstrumentedAttribute[Any],
    whose: InstrumentedAttribute[int],
    bounds: tuple[datetime, datetime],
    facility_id: int | None,
) -> int:
    """How many rows have this moment within the week."""
    statement = select(func.count()).where(moment >= bounds[0], moment < bounds[1])
    if facility_id is not None:
        statement = statement.where(whose == facility_id)
    return db.session.scalar(statement) or 0
