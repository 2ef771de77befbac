"""What the pages of collections read: the public's, and those where they are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import (
    Category,
    Collection,
    CollectionItem,
    CollectionKind,
    Product,
    ProductTag,
)
from storefront.catalog.queries.cards import (
    ON_SALE,
    PHOTO_COLUMNS,
    CardSelect,
    card_columns,
    cards,
    photo_of,
    photo_row,
)
from storefront.catalog.queries.choices import choosable, chosen
from storefront.catalog.queries.rows import PAGE_SIZE, CardPage, CardRow, PhotoRow, last_page, offset_of
from storefront.core import clock
from storefront.core.db import db, found
from storefront.core.errors import NotFound
from storefront.core.models import Picture
from storefront.facilities.models import Facility

PREVIEW = 8
CHOICES_SHOWN = 60


class CollectionRow(NamedTuple):
    """A collection in a list; its photo is its own, or that of its first product."""

    id: int
    slug: str
    title: str
    intro: str
    kind: str
    is_published: bool
    products: int
    photo: PhotoRow | None


@dataclass(frozen=True, kw_only=True)
class CollectionPage(CardPage):
    """A collection's public page, or one page of it."""

    row: CollectionRow

    def link(self, number: int) -> str:
        """The address of another page of it."""
        return f"/koleksi/{self.row.slug}" + (f"?hal={number}" if number > 1 else "")


def collections(*, only_published: bool = True, limit: int | None = None) -> list[CollectionRow]:
    """Collections in their order; those without anything on sale are left out for the public.

    One query for each that is looked at, and there are a dozen.
    """
    statement = select(Collection).options(joinedload(Collection.picture))
    if only_published:
        statement = statement.where(Collection.is_published)
    every = db.session.scalars(statement.order_by(Collection.position, Collection.id)).all()
    rows = (_row(collection) for collection in every)
    return list(islice((row for row in rows if row.products or not only_published), limit))


def collection_page(slug: str, number: int = 1) -> CollectionPage:
    """A published collection. Raises NotFound."""
    collection = db.session.scalar(
        select(Collection)
        .options(joinedload(Collection.picture))
        .where(Collection.slug == slug, Collection.is_published)
    )
    if collection is None:
        raise NotFound
    row = _row(collection)
    number = min(number, last_page(row.products))
    page = _ordered(card_columns(), collection).limit(PAGE_SIZE).offset(offset_of(number))
    return CollectionPage(row=row, items=cards(page), number=number, total=row.products)


def collection_to_edit(collection_id: int) -> tuple[Collection, CollectionRow, list[CardRow]]:
    """A collection, how it would look in a list, and the first of its products. Raises NotFound."""
    collection = found(Collection, collection_id)
    return collection, _row(collection), cards(_ordered(card_columns(), collection).limit(PREVIEW))


def picked_products(collection_id: int) -> list[Product]:
    """What was chosen by hand, in order; what has left the shelf is still there."""
    return chosen(CollectionItem, CollectionItem.collection_id == collection_id)


def product_choices(taken: Sequence[int], words: str = "") -> list[Product]:
    """Products on sale that may be added: all `words` occur in the title or the facility's name."""
    statement = choosable(words).where(Product.id.not_in(taken))
    return list(db.session.scalars(statement.order_by(Product.title, Product.id).limit(CHOICES_SHOWN)))


def tags() -> list[tuple[str, int]]:
    """Every tag with how many products on sale have it."""
    counted = select(ProductTag.tag, func.count(Product.id)).join(Product).where(ON_SALE)
    return [
        (tag, count) for tag, count in db.session.execute(counted.group_by(ProductTag.tag).order_by("tag"))
    ]


def tagged_products(tag: str) -> list[Product]:
    """The products that have a tag, by name."""
    statement = select(Product).join(ProductTag).where(ProductTag.tag == tag)
    statement = statement.options(joinedload(Product.photo), joinedload(Product.facility))
    return list(db.session.scalars(statement.order_by(Product.title, Product.id)))


def rule_conditions(rule: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What a rule asks of a product on sale; a rule without parts finds nothing."""
    asked: list[ColumnElement[bool]] = []
    if rule.get("category"):
        path = select(Category.path).where(Category.slug == rule["category"]).scalar_subquery()
        inside = select(Category.id).where(Category.path.startswith(path))
        asked.append(Product.category_id.in_(inside))
    if rule.get("facility"):
        asked.append(Product.facility_id.in_(select(Facility.id).where(Facility.slug == rule["facility"])))
    if rule.get("tag"):
        asked.append(Product.id.in_(select(ProductTag.product_id).where(ProductTag.tag == rule["tag"])))
    if rule.get("price_min"):
        asked.append(Product.price_to >= rule["price_min"])
    if rule.get("price_max"):
        asked.append(Product.price_from <= rule["price_max"])
    if rule.get("new_days"):
        asked.append(Product.published_at >= clock.now() - timedelta(days=rule["new_days"]))
    return asked or [false()]


def _row(collection: Collection) -> CollectionRow:
    # Its first product's photo; beside it, how many there are without the limit.
    face: CardSelect = select(func.count().over().label("products"), *PHOTO_COLUMNS).where(ON_SALE)
    face = face.select_from(Product).outerjoin(Picture, Picture.id == Product.photo_id)
    first = db.session.execute(_ordered(face, collection).limit(1)).first()
    return CollectionRow(
        id=collection.id,
        slug=collection.slug,
        title=collection.title,
        intro=collection.intro,
        kind=collection.kind.value,
        is_published=collection.is_published,
        products=first.products if first else 0,
        photo=photo_row(collection.picture) or (photo_of(first) if first else None),
    )


def _ordered(statement: Select[Any], collection: Collection) -> Select[Any]:
    """The products of a collection: as they were put by hand, or the newest that fit first."""
    if collection.kind is CollectionKind.HAND:
        return (
            statement.join(CollectionItem, CollectionItem.product_id == Product.id)
            .where(CollectionItem.collection_id == collection.id)
            .order_by(CollectionItem.position, Product.id)
        )
    newest_first = (Product.published_at.desc(), Product.id.desc())
    return statement.where(*rule_conditions(collection.rule)).order_by(*newest_first)
