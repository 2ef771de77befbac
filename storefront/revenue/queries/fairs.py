"""What a fair brought, read from the ledger. No buyer is named: amounts, pieces and dates only."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select

from storefront.core import clock
from storefront.core.db import db, found
from storefront.events.models import Fair
from storefront.facilities.models import Facility
from storefront.orders.models import Order, OrderLine
from storefront.revenue.models import Entry, Journal, JournalKind

SALES = "sales"
SHIPPING = "shipping"
DISCOUNT = "discount:facility"
"""What facilities gave off their own goods and parcels. What others bear costs the facilities nothing."""
GOODS = (SALES, DISCOUNT)
_MOVES = (JournalKind.CAPTURE, JournalKind.REVERSAL)


@dataclass(kw_only=True)
class Takings:
    """Amounts in whole rupiah. `gross` is what was sold, `refunds` what of it went back.

    `discounts` is what facilities bore themselves and did not get back with goods; `pieces` counts what
    stayed sold; `orders` the paid orders, taken back or not.
    """

    orders: int = 0
    pieces: int = 0
    gross: int = 0
    discounts: int = 0
    refunds: int = 0

    @property
    def net(self) -> int:
        """Sold and not taken back, less what the facilities gave off it themselves; without shipping."""
        return self.gross - self.discounts - self.refunds


@dataclass(kw_only=True)
class FairTotals(Takings):
    """All of a fair. `shipping` is what buyers paid for delivery, less what went back."""

    shipping: int = 0


@dataclass(kw_only=True)
class FacilityTakings(Takings):
    """One facility's part."""

    facility_id: int
    name: str


@dataclass(kw_only=True)
class ProductTakings(Takings):
    """One product's part, under the title that it was sold by; without one, what was given off delivery."""

    title: str
    facility: str


@dataclass(kw_only=True)
class DayTakings(Takings):
    """One WIB day: sales on the day they were paid, refunds on the day they went back."""

    day: date


@dataclass(frozen=True, kw_only=True)
class FairResult:
    """What a fair brought, in total and three times divided; money and pieces of each division add up."""

    fair: Fair
    totals: FairTotals
    facilities: Sequence[FacilityTakings] = field(default_factory=list)
    products: Sequence[ProductTakings] = field(default_factory=list)
    days: Sequence[DayTakings] = field(default_factory=list)

    @property
    def percent_of_target(self) -> int | None:
        """Net sales in whole percent of the target, rounded down; None without a target."""
        return self.totals.net * 100 // self.fair.target if self.fair.target else None


def fair_result(fair_id: int) -> FairResult:
    """What came in and went back through a fair's code. Raises NotFound for a fair that is not there."""
    fair = found(Fair, fair_id)
    return FairResult(
        fair=fair,
        totals=fair_totals([fair_id]).get(fair_id, FairTotals()),
        facilities=_by_facility(fair_id),
        products=_by_product(fair_id),
        days=_by_day(fair),
    )


def fair_totals(fair_ids: Collection[int]) -> dict[int, FairTotals]:
    """The totals of several fairs by id; one that brought nothing is not in it."""
    rows = db.session.execute(
        _sums(
            Order.fair_id,
            func.sum(case((Entry.account == SHIPPING, -Entry.amount), else_=0)).label("shipping"),
        )
        .where(Order.fair_id.in_(list(fair_ids)), Entry.account.in_((*GOODS, SHIPPING)))
        .group_by(Order.fair_id)
    )
    return {row.fair_id: FairTotals(**_amounts(row), shipping=int(row.shipping)) for row in rows}


# --- pieces -------------------------------------------------------------------------------------------


def _sums(*columns: Any) -> Select[Any]:
    """Orders, pieces and amounts of the sales and own discounts among some entries, beside other columns."""
    is_sale = Entry.account == SALES
    captured = is_sale & (Journal.kind == JournalKind.CAPTURE)
    reversed_ = is_sale & (Journal.kind == JournalKind.REVERSAL)
    return (
        select(
            *columns,
            func.count(func.distinct(case((captured, Order.id)))).label("orders"),
            func.sum(case((is_sale, Entry.pieces), else_=0)).label("pieces"),
            func.sum(case((captured, -Entry.amount), else_=0)).label("gross"),
            func.sum(case((Entry.account == DISCOUNT, Entry.amount), else_=0)).label("discounts"),
            func.sum(case((reversed_, Entry.amount), else_=0)).label("refunds"),
        )
        .select_from(Entry)
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Order, Order.id == Journal.order_id)
        .where(Journal.kind.in_(_MOVES))
    )


def _amounts(row: Any) -> dict[str, int]:
    """The sums of a row as plain ints (PostgreSQL sums integers into decimals)."""
    return {name: int(getattr(row, name)) for name in Takings.__dataclass_fields__}


def _by_facility(fair_id: int) -> list[FacilityTakings]:
    rows = db.session.execute(
        _sums(Facility.id, Facility.name)
        .join(Facility, Facility.id == Entry.facility_id)
        .where(Order.fair_id == fair_id, Entry.account.in_(GOODS))
        .group_by(Facility.id, Facility.name)
    )
    found_ = [FacilityTakings(facility_id=row.id, name=row.name, **_amounts(row)) for row in rows]
    return sorted(found_, key=lambda part: (-part.net, part.name))


def _by_product(fair_id: int) -> list[ProductTakings]:
    """By title and facility; what a facility gave off its delivery belongs to no product of it."""
    place = func.coalesce(OrderLine.facility_name, Facility.name).label("place")
    rows = db.session.execute(
        _sums(OrderLine.title, place)
        .join(Facility, Facility.id == Entry.facility_id)
        .outerjoin(OrderLine, OrderLine.id == Entry.order_line_id)
        .where(Order.fair_id == fair_id, Entry.account.in_(GOODS))
        .group_by(OrderLine.title, place)
    )
    found_ = [ProductTakings(title=row.title or "", facility=row.place, **_amounts(row)) for row in rows]
    return sorted(found_, key=lambda part: (-part.net, part.title, part.facility))


def _by_day(fair: Fair) -> list[DayTakings]:
    """Every day of the fair up to today, and the days before or after it on which money moved.

    The days are counted here and not in SQL: the two databases disagree on how to cut a WIB day.
    """
    days: dict[date, DayTakings] = {}
    for number in range((fair.ends_on - fair.starts_on).days + 1):
        day = fair.starts_on + timedelta(days=number)
        if day <= clock.today():
            days[day] = DayTakings(day=day)
    paid: defaultdict[date, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(Journal.at, Journal.kind, Journal.order_id, Entry.account, Entry.pieces, Entry.amount)
        .join(Entry, Entry.journal_id == Journal.id)
        .join(Order, Order.id == Journal.order_id)
        .where(Order.fair_id == fair.id, Entry.account.in_(GOODS), Journal.kind.in_(_MOVES))
    )
    for row in rows:
        day = clock.local(row.at).date()
        takings = days.setdefault(day, DayTakings(day=day))
        takings.pieces += row.pieces
        if row.account == DISCOUNT:
            takings.discounts += row.amount
        elif row.kind == JournalKind.CAPTURE:
            takings.gross -= row.amount
            paid[day].add(row.order_id)
        else:
            takings.refunds += row.amount
    for day, orders in paid.items():
        days[day].orders = len(orders)
    return [days[day] for day in sorted(days)]
