"""The page of one product, and what stands beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from storefront.catalog.models import Category, Product, ProductStatus, Supply, Variant
from storefront.catalog.queries.cards import ON_SALE, card_columns, card_of, levels_of, newest, photo_row
from storefront.catalog.queries.rows import (
    CardRow,
    Crumb,
    LicenceRow,
    MakerRow,
    ProductPage,
    VariantRow,
    badge_of,
)
from storefront.catalog.services.photo_states import public_photos
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import _
from storefront.core.pauses import pause_of
from storefront.feedback.queries.published import ReviewsRow, reviews_of
from storefront.inventory.queries import Work, calendar

MORE = 4
ALIKE = 2
"""The kind of neighbours that come from other facilities; kinds 0 and 1 are the product's own facility's."""
_ANCESTORS = (joinedload(Category.parent).joinedload(Category.parent).joinedload(Category.parent),)
"""A category is at most four deep (`catalog.services.categories`)."""


def product_page(slug: str, reviews_page: int = 1) -> ProductPage:
    """Everything on the page of a published product, in six queries. Raises NotFound."""
    product = _load(slug)
    beside = _beside(product)
    levels = levels_of([product.id, *(row.id for row in beside)])
    return replace(
        page_alone(product, levels.get(product.id, {}), public_photos(product)),
        more=_cards([row for row in beside if row.far < ALIKE], levels),
        alike=_cards([row for row in beside if row.far == ALIKE], levels),
        reviews=reviews_of(product.id, reviews_page),
    )


def page_alone(product: Any, pieces: dict[int, int], photos: Sequence[Any] | None = None) -> ProductPage:
    """The page without neighbours and reviews; `pieces` of each variant can be sold; `photos` if not all.

    `product` is a Product, or what reads like one while it is written (`catalog.queries.preview`).
    """
    to_order = product.supply is Supply.MADE_TO_ORDER
    variants = _variants(product, None if to_order else pieces)
    pause = pause_of(product, product.facility)
    return ProductPage(
        **{name: getattr(product, name) for name in _PLAIN},
        option_names=tuple(product.option_names),
        made_to_order=to_order,
        price_from=product.price_from or 0,
        price_to=product.price_to or 0,
        badge=badge_of(
            supply=product.supply,
            available=sum(variant.available or 0 for variant in variants),
            paused=pause is not None,
            unique=product.is_unique,
            lead_days=product.lead_days,
            shipping_class=product.shipping_class,
            published_at=product.published_at,
        ),
        ready_by=_ready_by(product) if to_order else None,
        photos=[
            row
            for photo in (product.photos if photos is None else photos)
            if (row := photo_row(photo.picture))
        ],
        variants=variants,
        facility=MakerRow(*(getattr(product.facility, name) for name in MakerRow._fields)),
        workshop=product.workshop.name if product.workshop else "",
        craft=product.workshop.craft if product.workshop else "",
        crumbs=_crumbs(product.category),
        more=[],
        alike=[],
        licences=_licences(product),
        reviews=ReviewsRow(),
        pause=pause,
    )


_PLAIN = (
    "id", "slug", "title", "summary", "description", "materials", "care", "size_note",
    "personalisation", "card_key", "shipping_class", "lead_days", "max_per_order", "is_unique",
    "technique", "work_hours",
)  # fmt: skip


def gone_product(slug: str) -> tuple[str, list[CardRow]] | None:
    """For an old link: the title of a product that was on sale once, and others like it; else None."""
    row = db.session.execute(
        select(Product.title, Product.category_id, Product.facility_id).where(
            Product.slug == slug, ~ON_SALE, Product.published_at.is_not(None)
        )
    ).first()
    if row is None:
        return None
    alike = newest(Product.category_id == row.category_id, limit=MORE)
    return row.title, alike or newest(Product.facility_id == row.facility_id, limit=MORE)


def waits_for_permit(slug: str) -> bool:
    """Was a product taken off the shelf by its permits alone: the office would still show it?"""
    waiting = select(Product.id).filter_by(slug=slug, status=ProductStatus.PUBLISHED).where(~ON_SALE)
    return db.session.scalar(waiting) is not None


def _load(slug: str) -> Product:
    found = db.session.scalars(
        select(Product)
        .options(
            joinedload(Product.facility),
            joinedload(Product.workshop),
            joinedload(Product.category).options(*_ANCESTORS),
            joinedload(Product.licences),
            selectinload(Product.variants),
            joinedload(Product.photos),
        )
        .where(Product.slug == slug, ON_SALE)
    )
    product = found.unique().one_or_none()
    if product is None:
        raise NotFound
    return product


def _ready_by(product: Any) -> date | None:
    work = work_of(product)
    return calendar([work]).ready_by(work)


def work_of(product: Any) -> Work:
    """A product made to order, as the weeks of its workshop see it."""
    return Work(
        product_id=product.id,
        facility_id=product.facility_id,
        workshop_id=product.workshop_id,
        weekly_capacity=product.weekly_capacity or 1,
        lead_days=product.lead_days or 0,
    )


def _variants(product: Any, pieces: dict[int, int] | None) -> list[VariantRow]:
    """The forms on sale; `pieces` is None for work made to order, which no shelf limits."""
    return [
        VariantRow(
            id=variant.id,
            sku=variant.sku,
            label=variant.label,
            values=tuple(variant.option_values),
            price=variant.price or 0,
            weight=variant.weight or 0,
            available=None if pieces is None else max(0, pieces.get(variant.id, 0)),
            dimensions=_dimensions(variant),
        )
        for variant in product.variants
        if variant.is_active and variant.price is not None
    ]


def _dimensions(variant: Variant) -> tuple[int, int, int] | None:
    """Length, width and height in cm, when all three are known."""
    sides = (variant.length_cm, variant.width_cm, variant.height_cm)
    return (sides[0], sides[1], sides[2]) if sides[0] and sides[1] and sides[2] else None


def _crumbs(category: Category | None) -> list[Crumb]:
    """From the shop to the product's own shelf."""
    above: list[Crumb] = []
    while category is not None:
        above.insert(0, Crumb(category.label, f"/kategori/{category.slug}"))
        category = category.parent
    return [Crumb(_("Produk"), "/produk"), *above]


def _licences(product: Any) -> list[LicenceRow]:
    """The permits that hold today; one that ended is not said to be there."""
    today = clock.today()
    return [
        LicenceRow(licence.kind, licence.number, licence.holder, licence.last_day)
        for licence in product.licences
        if licence.holds_on(today)
    ]


def _cards(rows: Sequence[Row[Any]], levels: dict[int, dict[int, int]]) -> list[CardRow]:
    return [card_of(row, sum(levels.get(row.id, {}).values())) for row in rows[:MORE]]


def _beside(product: Product) -> Sequence[Row[Any]]:
    """Others of the same workshop, of the same facility, of the same shelf elsewhere; newest first.

    Each kind is found on the way down an index, however many products there are. `far` tells them apart.
    """
    here = Product.facility_id == product.facility_id
    near = Product.workshop_id.is_not_distinct_from(product.workshop_id)
    newest_first = (Product.published_at.desc(), Product.id.desc())
    kinds = [
        select(Product.id, literal(far).label("far"))
        .where(ON_SALE, Product.id != product.id, *wanted)
        .order_by(*newest_first)
        .limit(MORE)
        for far, wanted in enumerate(
            ((here, near), (here, ~near), (~here, Product.category_id == product.category_id))
        )
    ]
    found = union_all(*(select(kind.subquery()) for kind in kinds)).subquery()
    picked = card_columns().add_columns(found.c.far).join(found, found.c.id == Product.id)
    return db.session.execute(picked.order_by(found.c.far, *newest_first)).all()
