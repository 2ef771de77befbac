"""The home page, and the pages of the facilities."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from storefront.catalog.models import Category, Product, ProductStatus
from storefront.catalog.queries.cards import ON_SALE, PHOTO_COLUMNS, newest, photo_of, photo_row
from storefront.catalog.queries.rows import CardRow, CategoryRow, FacilityRow, PhotoRow
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import language
from storefront.core.models import Picture
from storefront.facilities.models import Facility

FEATURED = 3
NEWEST = 8
FACILITY_PRODUCTS = 24


@dataclass(frozen=True)
class Home:
    """The first page: featured products (the first is the hero), the newest, shelves, facilities."""

    featured: list[CardRow]
    newest: list[CardRow]
    categories: list[CategoryRow]
    facilities: list[FacilityRow]
    total: int


@dataclass(frozen=True)
class WorkshopRow:
    """A place of work inside a facility."""

    name: str
    craft: str
    products: int


@dataclass(frozen=True)
class FacilityPage:
    """Everything on the page of a facility."""

    slug: str
    name: str
    kind: str
    class_: str
    town: str
    address: str
    postal_code: str
    pickup_hours: str
    pickup_note: str
    story: str
    is_open: bool
    cover: PhotoRow | None
    workshops: list[WorkshopRow]
    items: list[CardRow]
    total: int


def home() -> Home:
    """The home page in eight queries, however large the shop is."""
    latest = newest(limit=NEWEST)
    featured = newest(Product.is_featured.is_(True), limit=FEATURED)
    facilities = facilities_overview()
    return Home(
        featured=featured or latest[:1],
        newest=latest,
        categories=categories_overview(),
        facilities=facilities,
        total=sum(row.products for row in facilities),
    )


def categories_overview() -> list[CategoryRow]:
    """The categories at the top with the photo of their newest product; empty ones are left out."""
    rows = db.session.execute(_categories_statement()).all()
    tops = []
    for top in rows:
        inside = [row for row in rows if row.products and row.path.startswith(top.path)]
        if top.parent_id is None and inside:
            face = max(inside, key=lambda row: row.published_at)
            total = sum(row.products for row in inside)
            name = top.name_en if top.name_en and language() == "en" else top.name
            tops.append(CategoryRow(top.id, top.slug, name, top.path, total, photo_of(face)))
    return tops


def facilities_overview() -> list[FacilityRow]:
    """Every facility with how many products it sells, its workshops and the photo of its newest product."""
    rows = db.session.execute(_facilities_statement()).all()
    return [
        FacilityRow(
            id=row.Facility.id,
            slug=row.Facility.slug,
            name=row.Facility.name,
            kind=row.Facility.kind.value,
            town=row.Facility.town,
            products=row.products or 0,
            workshops=tuple(workshop.name for workshop in row.Facility.workshops),
            photo=photo_of(row),
        )
        for row in rows
    ]


def facility_page(slug: str) -> FacilityPage:
    """A facility with its workshops and newest products. Raises NotFound."""
    facility = db.session.scalar(
        select(Facility)
        .options(joinedload(Facility.cover), selectinload(Facility.workshops))
        .where(Facility.slug == slug)
    )
    if facility is None:
        raise NotFound
    counted = select(Product.workshop_id, func.count()).where(ON_SALE, Product.facility_id == facility.id)
    counts = {row[0]: row[1] for row in db.session.execute(counted.group_by(Product.workshop_id))}
    workshops = [WorkshopRow(w.name, w.craft, counts.get(w.id, 0)) for w in facility.workshops]
    names = FacilityPage.__dataclass_fields__.keys() - {"cover", "workshops", "items", "total", "kind"}
    return FacilityPage(
        **{name: getattr(facility, name) for name in names},
        kind=facility.kind.value,
        cover=photo_row(facility.cover),
        workshops=workshops,
        items=newest(Product.facility_id == facility.id, limit=FACILITY_PRODUCTS),
        total=sum(counts.values()),
    )


# Putting these two together takes longer than running them: they are made once a process.


@cache
def _categories_statement() -> Select[*tuple[Any, ...]]:
    own = select(Product.category_id, func.count().label("products")).where(ON_SALE)
    counted = own.group_by(Product.category_id).subquery()
    latest = aliased(Product)
    return (
        select(
            Category.id, Category.slug, Category.name, Category.name_en, Category.path, Category.parent_id,
            counted.c.products, latest.published_at, *PHOTO_COLUMNS,
        )
        .outerjoin(counted, counted.c.category_id == Category.id)
        .outerjoin(latest, latest.id == _latest_id("category_id", Category.id))
        .outerjoin(Picture, Picture.id == latest.photo_id)
        .order_by(Category.position, Category.name)
    )  # fmt: skip


@cache
def _facilities_statement() -> Select[*tuple[Any, ...]]:
    own = select(Product.facility_id, func.count().label("products")).where(ON_SALE)
    counted = own.group_by(Product.facility_id).subquery()
    latest = aliased(Product)
    return (
        select(Facility, counted.c.products, *PHOTO_COLUMNS)
        .outerjoin(counted, counted.c.facility_id == Facility.id)
        .outerjoin(latest, latest.id == _latest_id("facility_id", Facility.id))
        .outerjoin(Picture, Picture.id == latest.photo_id)
        .options(selectinload(Facility.workshops))
        .order_by(Facility.name)
    )


def _latest_id(owner: str, key: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """The newest published product of a category or facility: one step in an index for each."""
    each = aliased(Product)
    return (
        select(each.id)
        .where(each.status == ProductStatus.PUBLISHED, getattr(each, owner) == key)
        .order_by(each.published_at.desc(), each.id.desc())
        .limit(1)
        .scalar_subquery()
    )
