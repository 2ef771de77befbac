"""What a facility sees of its own products and stock. Every query starts at the facility."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.core.db import count_of, db
from storefront.core.errors import NotFound
from storefront.core.models import Picture
from storefront.facilities.models import Workshop
from storefront.inventory.models import Location, LocationKind, StockLevel
from storefront.inventory.queries import LOW_STOCK
from storefront.web.pagination import Page, paged

PAGE = 20
StockSelect = Select[Variant, Product, int, int, int | None]


@dataclass(frozen=True)
class ProductRow:
    """A product in its facility's list. `stock` is None when it is made to order or never counted."""

    id: int
    slug: str
    title: str
    status: ProductStatus
    supply: Supply | None
    price_from: int | None
    price_to: int | None
    photo: Picture | None
    stock: int | None
    variants: int


@dataclass(frozen=True)
class StockRow:
    """A variant that lies in the storeroom, or could."""

    variant_id: int
    product_id: int
    title: str
    label: str
    sku: str
    photo: Picture | None
    on_hand: int
    reserved: int
    low_at: int | None  # the facility's own limit; without one LOW_STOCK

    @property
    def available(self) -> int:
        """What can still be sold."""
        return self.on_hand - self.reserved

    @property
    def is_low(self) -> bool:
        """Is it time to make more?"""
        return self.available <= (LOW_STOCK if self.low_at is None else self.low_at)


def status_counts(facility_id: int) -> dict[ProductStatus, int]:
    """How many products a facility has in each status."""
    rows = db.session.execute(
        select(Product.status, func.count()).filter_by(facility_id=facility_id).group_by(Product.status)
    )
    return {row[0]: row[1] for row in rows}


def own_products(
    facility_id: int, *, status: ProductStatus | None = None, words: str = "", page: int = 1
) -> Page:
    """A facility's products, newest change first. Three queries, however many there are."""
    wanted = [Product.facility_id == facility_id]
    if status is not None:
        wanted.append(Product.status == status)
    if words:
        wanted.append(_named(words))
    found = select(Product).options(joinedload(Product.photo)).where(*wanted)
    products = paged(found.order_by(Product.updated_at.desc(), Product.id.desc()), page, PAGE)
    stock = _stock_of(facility_id, [product.id for product in products.items])
    rows = [_row(product, *stock.get(product.id, (0, None))) for product in products.items]
    return replace(products, items=rows)


def _named(words: str) -> ColumnElement[bool]:
    """Products whose title or one of whose SKUs contains the words."""
    named = aliased(Variant)  # of its own: the query around may be about variants too
    by_sku = exists().where(named.product_id == Product.id, named.sku.icontains(words, autoescape=True))
    return or_(Product.title.icontains(words, autoescape=True), by_sku)


def _storeroom_level(facility_id: int) -> ColumnElement[bool]:
    """Joins a variant to its level in the facility's storeroom."""
    room = select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    return and_(StockLevel.variant_id == Variant.id, StockLevel.location_id == room.scalar_subquery())


def _stock_of(facility_id: int, product_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """(number of active variants, pieces that can be sold online) of each product."""
    rows = db.session.execute(
        select(
            Variant.product_id,
            func.count(Variant.id),
            func.count(StockLevel.id),
            func.coalesce(func.sum(StockLevel.available), 0),
        )
        .outerjoin(StockLevel, _storeroom_level(facility_id))
        .where(Variant.product_id.in_(product_ids), Variant.is_active)
        .group_by(Variant.product_id)
    )
    return {row[0]: (row[1], int(row[3]) if row[2] else None) for row in rows}


def _row(product: Product, variants: int, stock: int | None) -> ProductRow:
    return ProductRow(
        id=product.id,
        slug=product.slug,
        title=product.title,
        status=product.status,
        supply=product.supply,
        price_from=product.price_from,
        price_to=product.price_to,
        photo=product.photo,
        stock=stock if product.supply is Supply.READY else None,
        variants=variants,
    )


def own_product(facility_id: int, product_id: int) -> Product:
    """A product of this facility with variants, photos and shelf. Raises NotFound for anybody else's."""
    product = db.session.scalar(
        select(Product)
        .options(
            selectinload(Product.variants),
            selectinload(Product.photos),
            joinedload(Product.category),
            joinedload(Product.workshop),
            joinedload(Product.facility),
            joinedload(Product.photo),
        )
        .filter_by(id=product_id, facility_id=facility_id)
    )
    if product is None:
        raise NotFound
    return product


def own_variant(facility_id: int, variant_id: int) -> Variant:
    """A variant of this facility with its product. Raises NotFound for anybody else's."""
    variant = db.session.scalar(
        select(Variant)
        .join(Variant.product)
        .options(contains_eager(Variant.product).joinedload(Product.photo))
        .where(Variant.id == variant_id, Product.facility_id == facility_id)
    )
    if variant is None:
        raise NotFound
    return variant


def stock_rows(facility_id: int, *, words: str = "", low_only: bool = False, page: int = 1) -> Page:
    """The variants that lie in a facility's storeroom, or should: those of ready goods not withdrawn.

    In the order of titles; with `low_only` those on sale that run out, the emptiest first.
    """
    statement = _stock(facility_id)
    if words:
        statement = statement.where(_named(words))
    if low_only:
        statement = _low(statement)
    in_order = statement.order_by(Product.title, Variant.position, Variant.id)
    return paged(in_order, page, PAGE).each(_stock_row)


def low_stock(facility_id: int) -> int:
    """How many variants on sale run out."""
    return count_of(_low(_stock(facility_id)))


def _stock(facility_id: int) -> StockSelect:
    return (
        select(
            Variant,
            Product,
            func.coalesce(StockLevel.on_hand, 0),
            func.coalesce(StockLevel.reserved, 0),
            StockLevel.low_at,
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockLevel, _storeroom_level(facility_id))
        .options(joinedload(Product.photo))
        .where(
            Product.facility_id == facility_id,
            Product.supply == Supply.READY,
            Product.status != ProductStatus.ARCHIVED,
            Variant.is_active,
        )
    )


def _low(statement: StockSelect) -> StockSelect:
    """Of these, the ones on sale that run out, the emptiest first."""
    left, limit = func.coalesce(StockLevel.available, 0), func.coalesce(StockLevel.low_at, LOW_STOCK)
    return statement.where(Product.status == ProductStatus.PUBLISHED, left <= limit).order_by(left)


def stock_row(facility_id: int, variant_id: int) -> StockRow:
    """One variant's stock. Raises NotFound for anybody else's."""
    variant = own_variant(facility_id, variant_id)
    level = db.session.scalar(
        select(StockLevel).join(Variant, _storeroom_level(facility_id)).where(Variant.id == variant_id)
    )
    if level is None:
        return _stock_row(variant, variant.product, 0, 0, None)
    return _stock_row(variant, variant.product, level.on_hand, level.reserved, level.low_at)


def _stock_row(
    variant: Variant, product: Product, on_hand: int, reserved: int, low_at: int | None
) -> StockRow:
    return StockRow(
        variant_id=variant.id,
        product_id=product.id,
        title=product.title,
        label=variant.label,
        sku=variant.sku,
        photo=product.photo,
        on_hand=on_hand,
        reserved=reserved,
        low_at=low_at,
    )


def workshops(facility_id: int) -> Sequence[Workshop]:
    """The workshops of a facility, in its own order."""
    return db.session.scalars(
        select(Workshop).filter_by(facility_id=facility_id).order_by(Workshop.position, Workshop.id)
    ).all()
