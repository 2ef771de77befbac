"""What lies in the storeroom and is not bought: longest first in rupiah, for a price, a photo, a fair."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import Product, ProductStatus, Variant
from storefront.core import clock
from storefront.core.db import db
from storefront.core.models import Picture
from storefront.inventory.models import Location, LocationKind, MovementKind, StockLevel, StockMovement
from storefront.web.pagination import Page, paged

PAGE = 20
PERIODS = (30, 60, 90, 180)
"""Days without a sale that can be asked for."""
USUAL = 90


@dataclass(frozen=True)
class SlowRow:
    """Pieces of a variant that wait for a buyer: how many, their rupiah at today's price, and since when."""

    variant_id: int
    title: str
    label: str
    sku: str
    photo: Picture | None
    pieces: int
    value: int
    since: datetime
    was_sold: bool


@dataclass(frozen=True)
class Slow:
    """A page of them, with all pieces and all rupiah of the whole list."""

    page: Page
    pieces: int
    value: int


def slow_stock(facility_id: int, days: int = USUAL, page: int = 1) -> Slow:
    """What a facility could sell but has not sold for so many days, the most rupiah first. Two queries.

    Pieces that came in less than that ago wait for nobody yet.
    """
    found = _slow(facility_id, clock.now() - timedelta(days=days))
    worth = StockLevel.available * func.coalesce(Variant.price, 0)
    sums = found.with_only_columns(
        func.count(), func.coalesce(func.sum(StockLevel.available), 0), func.coalesce(func.sum(worth), 0)
    )
    total, pieces, value = db.session.execute(sums).one()
    rows = paged(found.order_by(worth.desc(), Variant.id), page, PAGE, total=total)
    return Slow(rows.each(_row), int(pieces), int(value))


def _slow(facility_id: int, before: datetime) -> Select[Variant, Product, int, datetime, datetime]:
    mine = StockMovement.level_id == StockLevel.id
    sold = mine & (StockMovement.kind == MovementKind.SOLD)
    last = select(func.max(StockMovement.at)).where(sold).correlate(StockLevel).scalar_subquery()
    first = select(func.min(StockMovement.at)).where(mine).correlate(StockLevel).scalar_subquery()
    return (
        select(Variant, Product, StockLevel.available, last, first)
        .select_from(StockLevel)
        .join(StockLevel.location)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Variant.product)
        .options(joinedload(Product.photo))
        .where(
            Location.facility_id == facility_id,
            Location.kind == LocationKind.STOREROOM,
            StockLevel.available > 0,
            Product.status != ProductStatus.ARCHIVED,
            first < before,
            ~select(StockMovement.id).where(sold, StockMovement.at >= before).exists(),
        )
    )


def _row(
    variant: Variant, product: Product, pieces: int, sold: datetime | None, arrived: datetime
) -> SlowRow:
    return SlowRow(
        variant_id=variant.id, title=product.title, label=variant.label, sku=variant.sku,
        photo=product.photo, pieces=pieces, value=pieces * (variant.price or 0), since=sold or arrived,
        was_sold=sold is not None,
    )  # fmt: skip
