"""The home page, and the pages of the facilities."""

from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from storefront.catalog.models import Category, Product
from storefront.catalog.queries.cards import (
    ON_SALE,
    PHOTO_COLUMNS,
    card_columns,
    newest,
    photo_of,
    photo_row,
    rounded,
    rows_and_cards,
)
from storefront.catalog.queries.rows import CardRow, CategoryRow, FacilityRow, PhotoRow
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import language
from storefront.core.models import Picture
from storefront.core.pauses import Pause, pause_of
from storefront.facilities.models import Facility
from storefront.feedback.models import Review, ReviewStatus

FEATURED = 4
NEWEST = 8
WORKSHOP_PRODUCTS = 4
FRONT_PHOTOS = 3


@dataclass(frozen=True)
class Home:
    """The first page: what the office put first, the newest beside it, shelves, facilities."""

    featured: list[CardRow]
    newest: list[CardRow]
    categories: list[CategoryRow]
    facilities: list[FacilityRow]
    total: int


@dataclass(frozen=True)
class WorkshopRow:
    """A place of work inside a facility: what it makes, how many products it sells, the newest of them.

    Without a name: what the facility sells and no workshop is named for. Without `hours` it keeps those of
    its facility.
    """

    name: str
    craft: str
    hours: str
    products: int
    items: list[CardRow]


@dataclass(frozen=True)
class FacilityPage:
    """Everything on the page of a facility. `photos` stand at its top: its cover, else its products'.

    `rating` is the mean of all its published `reviews`; None without any.
    """

    id: int
    slug: str
    name: str
    town: str
    address: str
    postal_code: str
    pickup_hours: str
    pickup_note: str
    story: str
    is_open: bool
    pause: Pause | None
    cover: PhotoRow | None
    workshops: list[WorkshopRow]
    reviews: int
    rating: float | None

    @property
    def at_work(self) -> list[WorkshopRow]:
        """The workshops that sell something now."""
        return [workshop for workshop in self.workshops if workshop.items]

    @property
    def at_rest(self) -> list[WorkshopRow]:
        """The workshops that have nothing on sale now."""
        return [workshop for workshop in self.workshops if not workshop.items]

    @property
    def items(self) -> list[CardRow]:
        """The products that the page shows, in its order."""
        return [card for workshop in self.workshops for card in workshop.items]

    @property
    def total(self) -> int:
        """How many products it sells."""
        return sum(workshop.products for workshop in self.workshops)

    @property
    def photos(self) -> list[PhotoRow]:
        """What stands at the top: the cover, else photos of products, of as many workshops as there are."""
        if self.cover:
            return [self.cover]
        in_turn = zip_longest(*(workshop.items for workshop in self.at_work))
        found = [card.photo for turn in in_turn for card in turn if card and card.photo]
        return found[:FRONT_PHOTOS]


def home() -> Home:
    """The home page in eight queries, however large the shop is; nine while little of it can be bought."""
    featured = newest(Product.is_featured.is_(True), limit=FEATURED)
    facilities = facilities_overview()
    total = sum(row.products for row in facilities)
    shown = [card.id for card in featured]
    return Home(
        featured=featured,
        newest=newest(Product.id.not_in(shown), limit=NEWEST, total=total - len(shown)),
        categories=categories_overview(),
        facilities=facilities,
        total=total,
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
            tops.append(CategoryRow(top.slug, name, total, photo_of(face)))
    return tops


def facilities_overview() -> list[FacilityRow]:
    """Every facility with its workshops, how many products it sells, its cover or its newest one's photo."""
    rows = db.session.execute(_facilities_statement()).all()
    return [
        FacilityRow(
            slug=row.Facility.slug,
            name=row.Facility.name,
            town=row.Facility.town,
            products=row.products or 0,
            workshops=tuple(workshop.name for workshop in row.Facility.workshops),
            photo=photo_of(row),
        )
        for row in rows
    ]


def facility_page(slug: str) -> FacilityPage:
    """A facility with its workshops and what they make, in four queries. Raises NotFound."""
    said = select(Review.id).where(Review.facility_id == Facility.id, Review.status == ReviewStatus.PUBLISHED)
    found = db.session.execute(
        select(
            Facility,
            said.with_only_columns(func.count()).scalar_subquery().label("reviews"),
            said.with_only_columns(func.avg(Review.rating)).scalar_subquery().label("rating"),
        )
        .options(joinedload(Facility.cover), selectinload(Facility.workshops))
        .where(Facility.slug == slug)
    ).one_or_none()
    if found is None:
        raise NotFound
    facility = found.Facility
    return FacilityPage(
        **{name: getattr(facility, name) for name in _PLAIN},
        pause=pause_of(facility),
        cover=photo_row(facility.cover),
        workshops=_workshops(facility),
        reviews=found.reviews,
        rating=rounded(found.rating),
    )


_PLAIN = (
    "id", "slug", "name", "town", "address", "postal_code", "pickup_hours", "pickup_note", "story", "is_open",
)  # fmt: skip


def _workshops(facility: Facility) -> list[WorkshopRow]:
    """The workshops of a facility with their newest products; what belongs to none comes last."""
    room = Product.workshop_id
    newest_first = (Product.published_at.desc(), Product.id.desc())
    ranked = (
        select(
            Product.id,
            Product.workshop_id,
            func.row_number().over(partition_by=room, order_by=newest_first).label("place"),
            func.count().over(partition_by=room).label("products"),
        )
        .where(ON_SALE, Product.facility_id == facility.id)
        .subquery()
    )
    shown = (
        card_columns()
        .add_columns(ranked.c.workshop_id, ranked.c.products)
        .join(ranked, ranked.c.id == Product.id)
        .where(ranked.c.place <= WORKSHOP_PRODUCTS)
        .order_by(ranked.c.place)
    )
    found: dict[int | None, list[CardRow]] = {}
    counts: dict[int | None, int] = {}
    for row, card in rows_and_cards(shown):
        found.setdefault(row.workshop_id, []).append(card)
        counts[row.workshop_id] = row.products
    named = [(one.id, one.name, one.craft, one.hours) for one in facility.workshops]
    return [
        WorkshopRow(name, craft, hours, counts.get(key, 0), found.get(key, []))
        for key, name, craft, hours in (*named, (None, "", "", ""))
        if key or key in found
    ]


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
        .outerjoin(Picture, Picture.id == func.coalesce(Facility.cover_id, latest.photo_id))
        .options(selectinload(Facility.workshops))
        .order_by(func.lower(Facility.name))  # by bytes LPKA would stand before Lapas
    )


def _latest_id(owner: str, key: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """The newest published product of a category or facility: one step in an index for each."""
    each = aliased(Product)
    return (
        select(each.id)
        .where(each.is_on_sale, getattr(each, owner) == key)
        .order_by(each.published_at.desc(), each.id.desc())
        .limit(1)
        .scalar_subquery()
    )
