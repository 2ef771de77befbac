"""What the shop really brought: sums of the ledger up to last midnight, and nothing about one buyer.

No figure rests on fewer than FEWEST orders. Rows that would are added up into one; if even their sum is
too small, the next larger rows join it, so that nobody can subtract their way to a single order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from storefront.catalog.models import Category, Product, Variant
from storefront.core import clock
from storefront.core.db import db
from storefront.core.regions.models import Province
from storefront.events.models import Fair
from storefront.facilities.models import Facility
from storefront.orders.models import DeliveryMethod, Order, OrderLine, OrderStatus
from storefront.revenue.models import Entry, Journal, JournalKind

FEWEST = 5
GOODS = ("sales", "discount:facility")
"""The accounts that say what goods brought: sales, less what facilities gave off them. What others bear of
a price reaches the facility all the same; what is given off delivery names no line."""


@dataclass(frozen=True)
class Part:
    """One facility or category: `orders` that were paid, `pieces` and `amount` (rupiah) that stayed sold.

    The part without a name holds those that are too small to stand alone.
    """

    name: str
    slug: str
    orders: int
    pieces: int
    amount: int


@dataclass(frozen=True)
class Impact:
    """The page's figures. `totals` is None while there are fewer than FEWEST orders."""

    until: date
    totals: Part | None
    facilities: Sequence[Part]
    categories: Sequence[Part]
    provinces: Sequence[str]
    fairs: int
    is_demo: bool


def impact() -> Impact:
    """Everything on the page, in six queries; one more where small parts may rest on the same orders."""
    totals = _part(db.session.execute(_sums()).mappings().one())
    enough = totals.orders >= FEWEST
    return Impact(
        until=clock.today() - timedelta(days=1),
        totals=totals if enough else None,
        facilities=_facilities() if enough else [],
        categories=_categories() if enough else [],
        provinces=_provinces() if enough else [],
        fairs=_past_fairs(),
        is_demo=db.session.scalar(select(Order.id).where(Order.is_demo).limit(1)) is not None,
    )


def orders_apart(parts: Sequence[Part]) -> int:
    """How many orders stand behind parts, when none bought from two of them."""
    return sum(part.orders for part in parts)


def fold(parts: Sequence[Part], behind: Callable[[Sequence[Part]], int] = orders_apart) -> list[Part]:
    """The parts by amount; those resting on too few orders become one nameless part at the end.

    `behind` counts the orders behind several parts: one order may have bought from all of them. A single
    small part takes its smallest neighbour along: alone in the rest it would stand there bare.
    """
    small = [part for part in parts if part.orders < FEWEST]
    large = sorted((part for part in parts if part.orders >= FEWEST), key=lambda part: -part.amount)
    orders = orders_apart(small)
    if len(small) > 1 and orders >= FEWEST:
        orders = behind(small)
    while small and large and (len(small) == 1 or orders < FEWEST):
        small.append(large.pop())
        orders += small[-1].orders
    if orders < FEWEST:
        return large
    rest = Part(
        name="",
        slug="",
        orders=orders,
        pieces=sum(part.pieces for part in small),
        amount=sum(part.amount for part in small),
    )
    return [*large, rest]


# --- pieces -------------------------------------------------------------------------------------------


def _sums(*columns: Any) -> Select[Any]:
    """Orders, pieces and rupiah of goods that were booked before today (WIB), beside other columns."""
    captured = Journal.kind == JournalKind.CAPTURE
    return (
        select(
            *columns,
            func.count(func.distinct(case((captured, Journal.order_id)))).label("orders"),
            func.coalesce(func.sum(Entry.pieces), 0).label("pieces"),
            func.coalesce(func.sum(-Entry.amount), 0).label("amount"),
        )
        .select_from(Entry)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(
            Journal.kind.in_((JournalKind.CAPTURE, JournalKind.REVERSAL)),
            Entry.account.in_(GOODS),
            Entry.order_line_id.is_not(None),
            Journal.at < clock.day_start(clock.today()),
        )
    )


def _part(row: Any) -> Part:
    """A row of `_sums` (PostgreSQL sums integers into decimals)."""
    numbers = {name: int(row[name]) for name in ("orders", "pieces", "amount")}
    return Part(name=row.get("name", ""), slug=row.get("slug", ""), **numbers)


def _facilities() -> list[Part]:
    def of(*columns: Any) -> Select[Any]:
        return _sums(*columns).join(Facility, Facility.id == Entry.facility_id)

    return _folded(of, Facility.name, Facility.slug)


def _categories() -> list[Part]:
    """By the shelf at the top on which the product stands today."""
    top = aliased(Category)

    def of(*columns: Any) -> Select[Any]:
        return (
            _sums(*columns)
            .join(OrderLine, OrderLine.id == Entry.order_line_id)
            .join(Variant, Variant.id == OrderLine.variant_id)
            .join(Product, Product.id == Variant.product_id)
            .join(Category, Category.id == Product.category_id)
            .join(top, top.parent_id.is_(None) & Category.path.startswith(top.path))
        )

    return _folded(of, top.name, top.slug)


def _folded(of: Callable[..., Select[Any]], name: Any, slug: Any) -> list[Part]:
    """The sums of each name, folded; `of` is `_sums` joined with the table that has the names."""

    def behind(parts: Sequence[Part]) -> int:
        together = of().where(slug.in_([part.slug for part in parts]))
        return _part(db.session.execute(together).mappings().one()).orders

    rows = db.session.execute(of(name, slug).group_by(name, slug)).mappings()
    return fold([_part(row) for row in rows], behind)


def _provinces() -> list[str]:
    """Where enough parcels went, by name."""
    code = func.substr(Order.address["district"].as_string(), 1, 2)
    reached = (
        select(code)
        .where(
            Order.status.in_((OrderStatus.PAID, OrderStatus.COMPLETED)),
            Order.method == DeliveryMethod.DELIVERY,
            Order.paid_at < clock.day_start(clock.today()),
        )
        .group_by(code)
        .having(func.count() >= FEWEST)
    )
    return list(
        db.session.scalars(select(Province.name).where(Province.code.in_(reached)).order_by(Province.name))
    )


def _past_fairs() -> int:
    begun = select(func.count()).select_from(Fair).where(Fair.is_published, Fair.starts_on < clock.today())
    return db.session.scalar(begun) or 0
