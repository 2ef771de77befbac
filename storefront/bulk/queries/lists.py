"""The list to tick from: one line per active variant of a facility."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.inventory.models import Location, LocationKind, StockLevel
from storefront.web.pagination import Page, paged

PAGE = 50


@dataclass(frozen=True)
class Line:
    """A variant with what can be changed about it; `on_hand` is None for what has no counted stock."""

    variant: Variant
    product: Product
    on_hand: int | None

    @property
    def name(self) -> str:
        """The product, and in which form."""
        return " – ".join(part for part in (self.product.title, self.variant.label) if part)


def listed(facility_id: int, *, words: str, status: ProductStatus | None, page: int) -> Page:
    """Variants of products that are not withdrawn, in the order of titles."""
    room = select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    here = (StockLevel.variant_id == Variant.id) & (StockLevel.location_id == room.scalar_subquery())
    statement = (
        select(Variant, Product, StockLevel.on_hand)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockLevel, here)
        .options(joinedload(Product.photo))
        .where(Product.facility_id == facility_id, Variant.is_active)
        .where(Product.status == status if status else Product.status != ProductStatus.ARCHIVED)
    )
    if words:
        by_sku = Variant.sku.icontains(words, autoescape=True)
        statement = statement.where(or_(Product.title.icontains(words, autoescape=True), by_sku))
    in_order = statement.order_by(Product.title, Product.id, Variant.position, Variant.id)
    return paged(in_order, page, PAGE).each(_line)


def _line(variant: Variant, product: Product, on_hand: int | None) -> Line:
    return Line(variant, product, None if product.supply is Supply.MADE_TO_ORDER else on_hand)
