"""What search engines and shopping services read: products in their words, addresses, the feed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from storefront.catalog.models import (
    Category,
    Collection,
    Product,
    ProductPhoto,
    ShippingClass,
    Supply,
    Variant,
)
from storefront.catalog.queries.cards import ON_SALE, levels_of
from storefront.catalog.queries.product import work_of
from storefront.catalog.queries.rows import CardRow, ProductPage, VariantRow
from storefront.catalog.queries.shelf import Shelf
from storefront.catalog.services.photo_states import public_photos
from storefront.core import clock
from storefront.core.db import db
from storefront.core.gallery import HIDDEN, link_preview
from storefront.core.models import Picture
from storefront.core.pauses import pause_of
from storefront.core.storage import storage
from storefront.facilities.models import Facility
from storefront.inventory.queries import Calendar, calendar
from storefront.web import structured

BATCH = 500


@dataclass(frozen=True)
class Address:
    """A public page: its path, when it last changed, the stored pictures that it shows."""

    path: str
    changed_at: datetime | None = None
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FeedItem:
    """One form of a product as shopping services list it. Prices in rupiah, weights in grams."""

    sku: str
    group: str  # empty: the product has one form only
    title: str
    description: str
    path: str
    pictures: tuple[str, ...]
    price: int
    availability: str  # 'in_stock' | 'out_of_stock' | 'preorder'
    ready_by: date | None
    maker: str
    shelf: str
    weight: int | None
    options: dict[str, str]


# --- the page of a product ----------------------------------------------------------------------------


def product_facts(page: ProductPage) -> structured.Facts:
    """A product in schema.org's words, with the reviews that its page shows."""
    path = f"/produk/{page.slug}"
    return structured.product(
        name=page.title,
        description=page.summary or page.title,
        path=path,
        maker=page.facility.name,
        category=" > ".join(crumb.label for crumb in page.crumbs[1:]),
        pictures=[storage().url(link_preview(photo)) for photo in page.photos],
        offers=[
            structured.offer(
                sku=variant.sku,
                price=variant.price,
                availability=_availability(page, variant),
                path=path,
                label=variant.label,
                ready_by=page.ready_by,
            )
            for variant in page.variants
        ],
        rating=None if page.reviews.average is None else (page.reviews.average, page.reviews.count),
        reviews=[
            structured.review(
                stars=row.rating, text=row.text, author=row.name, day=clock.local(row.when).date()
            )
            for row in page.reviews.rows
            if row.text
        ],
    )


def _availability(page: ProductPage, variant: VariantRow) -> str:
    if not page.can_buy or not variant.can_buy:
        return "none"
    return "to_order" if page.made_to_order else "ready"


# --- lists ------------------------------------------------------------------------------------------------


def canonical_of(shelf: Shelf) -> tuple[str, bool]:
    """The one address of a list, however it was asked for, and whether the list is worth finding.

    A single category has a page of its own, a single facility is worth finding as a list; every other
    narrowed list is followed, not indexed. The order makes no other page, further pages are their own.
    """
    filters = replace(shelf.filters, urut="", hal=shelf.number)
    choices = len(filters.kategori) + len(filters.lapas)
    alone = shelf.base is None and choices == 1
    alone = alone and not replace(filters, kategori=(), lapas=()).is_filtered
    worth_finding = shelf.total > 0 and (alone or not filters.is_filtered)
    if alone and filters.kategori:
        return replace(filters, kategori=()).address(f"/kategori/{filters.kategori[0]}"), worth_finding
    return filters.address(shelf.path), worth_finding


def named(items: Iterable[CardRow]) -> list[tuple[str, str]]:
    """What a list shows, as (title, path)."""
    return [(card.title, f"/produk/{card.slug}") for card in items]


# --- the map of the shop ------------------------------------------------------------------------------


def shelves_and_makers() -> list[Address]:
    """The pages of categories that have something on or below them, and of facilities."""
    on_sale = select(Category.path).join(Product, Product.category_id == Category.id).where(ON_SALE)
    used = set(db.session.scalars(on_sale.distinct()))
    categories = db.session.execute(select(Category.slug, Category.path).order_by(Category.path))
    shown = [row.slug for row in categories if any(path.startswith(row.path) for path in used)]
    makers = db.session.scalars(select(Facility.slug).order_by(Facility.slug))
    return [
        *(Address(f"/kategori/{slug}") for slug in shown),
        *(Address(f"/lapas/{slug}") for slug in makers),
    ]


def collections_shown() -> list[Address]:
    """The pages of published collections."""
    shown = (
        select(Collection.slug, Collection.updated_at)
        .where(Collection.is_published)
        .order_by(Collection.position)
    )
    return [Address(f"/koleksi/{row.slug}", row.updated_at) for row in db.session.execute(shown)]


def products_on_sale() -> int:
    """How many products have a page."""
    return db.session.scalar(select(func.count()).select_from(Product).where(ON_SALE)) or 0


def product_addresses(part: int, size: int) -> list[Address]:
    """The pages of products with their photos: the `part`-th (from 1) of the parts of this size."""
    rows = db.session.execute(
        select(Product.id, Product.slug, Product.updated_at)
        .where(ON_SALE)
        .order_by(Product.id)
        .limit(size)
        .offset((part - 1) * size)
    ).all()
    pictures: dict[int, list[str]] = {}
    if rows:
        shown = (
            select(ProductPhoto.product_id, Picture)
            .join(Picture, Picture.id == ProductPhoto.picture_id)
            .join(Product, Product.id == ProductPhoto.product_id)
            .where(
                ON_SALE,
                Product.id.between(rows[0].id, rows[-1].id),
                Picture.key.not_like(f"{HIDDEN}%"),
            )
            .order_by(ProductPhoto.product_id, ProductPhoto.position)
        )
        for product_id, picture in db.session.execute(shown):
            pictures.setdefault(product_id, []).append(link_preview(picture))
    return [Address(f"/produk/{row.slug}", row.updated_at, tuple(pictures.get(row.id, ()))) for row in rows]


# --- the feed -----------------------------------------------------------------------------------------


def feed() -> Iterator[FeedItem]:
    """Every form of every product that can be sent, a few hundred products at a time, oldest first.

    What is only handed over at the gate is left out: shopping services show what they can deliver.
    """
    last = 0
    while batch := _feed_batch(last):
        levels = levels_of([product.id for product in batch])
        weeks = calendar([work_of(one) for one in batch if one.supply is Supply.MADE_TO_ORDER])
        for product in batch:
            yield from _feed_items(product, levels.get(product.id, {}), weeks)
        last = batch[-1].id
        db.session.expunge_all()


def _feed_batch(after: int) -> list[Product]:
    return list(
        db.session.scalars(
            select(Product)
            .options(
                joinedload(Product.facility),
                joinedload(Product.category),
                selectinload(Product.variants),
                selectinload(Product.photos),
            )
            .where(
                ON_SALE,
                Product.shipping_class.in_((ShippingClass.PARCEL, ShippingClass.CARGO)),
                Product.id > after,
            )
            .order_by(Product.id)
            .limit(BATCH)
        )
    )


def _feed_items(product: Product, pieces: dict[int, int], weeks: Calendar) -> Iterator[FeedItem]:
    forms = [variant for variant in product.variants if variant.is_active and variant.price]
    day = None
    if product.supply is Supply.MADE_TO_ORDER:
        day = weeks.ready_by(work_of(product))
    for variant in forms:
        yield FeedItem(
            sku=variant.sku,
            group=f"P{product.id}" if len(forms) > 1 else "",
            title=f"{product.title} ({variant.label})" if variant.label else product.title,
            description=product.description or product.summary or product.title,
            path=f"/produk/{product.slug}",
            pictures=tuple(link_preview(photo.picture) for photo in public_photos(product)),
            price=variant.price or 0,
            availability=_feed_availability(product, variant, pieces, day),
            ready_by=day,
            maker=product.facility.name,
            shelf=product.category.name if product.category else "",
            weight=variant.weight,
            options=dict(zip(product.option_names, variant.option_values, strict=False)),
        )


def _feed_availability(product: Product, variant: Variant, pieces: dict[int, int], day: date | None) -> str:
    if not product.facility.is_open or pause_of(product, product.facility):
        return "out_of_stock"
    if product.supply is Supply.MADE_TO_ORDER:
        return "preorder" if day else "out_of_stock"
    return "in_stock" if pieces.get(variant.id, 0) > 0 else "out_of_stock"
