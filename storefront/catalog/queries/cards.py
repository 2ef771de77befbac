"""Cards: a page of products in two queries, whatever shelf they stand on."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)

from storefront.catalog.models import Product, Supply, Variant
from storefront.catalog.queries.rows import CardRow, PhotoRow, badge_of
from storefront.core import clock
from storefront.core.db import db
from storefront.core.models import Picture
from storefront.core.pauses import is_paused
from storefront.facilities.models import Facility
from storefront.feedback.models import Review, ReviewStatus
from storefront.inventory.models import Location, LocationKind, StockLevel

CardSelect = Select[*tuple[Any, ...]]
ON_SALE = cast("ColumnElement[bool]", Product.is_on_sale)
PHOTO_COLUMNS = (
    Picture.key, Picture.alt, Picture.width, Picture.height, Picture.tone, Picture.widths, Picture.has_avif,
)  # fmt: skip


@cache
def card_columns() -> CardSelect:
    """Published products with their facility's name, their photo and what buyers gave, unordered."""
    return (
        select(
            Product.id,
            Product.slug,
            Product.title,
            Product.summary,
            Product.price_from,
            Product.price_to,
            Product.supply,
            Product.lead_days,
            Product.shipping_class,
            Product.published_at,
            Product.paused_until,
            Product.is_unique,
            Facility.paused_until.label("maker_paused_until"),
            Facility.name.label("facility_name"),
            _reviews(func.count()).label("reviews"),
            _reviews(func.avg(Review.rating)).label("rating"),
            *PHOTO_COLUMNS,
        )
        .join(Facility, Facility.id == Product.facility_id)
        .outerjoin(Picture, Picture.id == Product.photo_id)
        .where(ON_SALE)
    )


def _reviews(figure: ColumnElement[Any]) -> ScalarSelect[Any]:
    """A figure over a product's published reviews: a step in an index for each card that is shown."""
    return (
        select(figure)
        .where(Review.product_id == Product.id, Review.status == ReviewStatus.PUBLISHED)
        .correlate(Product)
        .scalar_subquery()
    )


def cards(statement: CardSelect) -> list[CardRow]:
    """The cards that a selection of `card_columns` finds, in its order."""
    return [card for _row, card in rows_and_cards(statement)]


def rows_and_cards(statement: CardSelect) -> list[tuple[Row[Any], CardRow]]:
    """The same, each beside its row: for a selection that asks for more than a card shows."""
    return _beside_cards(db.session.execute(statement).all())


def _beside_cards(rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], CardRow]]:
    stock = pieces_of([row.id for row in rows if row.supply is Supply.READY])
    return [(row, card_of(row, stock.get(row.id, 0))) for row in rows]


def sold_out_last(ordered: CardSelect, *, limit: int, offset: int = 0, total: int) -> list[CardRow]:
    """A page of a selection of `card_columns` in its order, what is sold out after everything else.

    `total` is how many the selection finds. Read in two parts, each along the order's own index and
    the second only where the first ends: sorting by stock would read the whole shelf for each page.
    """
    rows = list(db.session.execute(ordered.where(can_be_had()).limit(limit).offset(offset)))
    missing = min(limit, total - offset) - len(rows)
    if missing > 0:
        before = 0 if rows or not offset else offset - _how_many(ordered.where(can_be_had()))
        gone = ordered.where(not_(can_be_had())).limit(missing).offset(max(0, before))
        rows += db.session.execute(gone)
    return [card for _row, card in _beside_cards(rows)]


def _how_many(statement: CardSelect) -> int:
    ids = statement.with_only_columns(Product.id, maintain_column_froms=True).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def newest(*wanted: ColumnElement[bool], limit: int, total: int | None = None) -> list[CardRow]:
    """The latest published products that fit; where their `total` is known, what is sold out comes last."""
    statement = card_columns().where(*wanted)
    ordered = statement.order_by(Product.published_at.desc(), Product.id.desc())
    return cards(ordered.limit(limit)) if total is None else sold_out_last(ordered, limit=limit, total=total)


def pieces_of(product_ids: Sequence[int]) -> dict[int, int]:
    """How many pieces of each product can be sold online now, all its variants together."""
    if not product_ids:
        return {}
    rows = db.session.execute(
        select(Variant.product_id, func.sum(StockLevel.available))
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .join(Location, Location.id == StockLevel.location_id)
        .where(
            Variant.product_id.in_(product_ids), Variant.is_active, Location.kind == LocationKind.STOREROOM
        )
        .group_by(Variant.product_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def levels_of(product_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """The same by variant: for each product, how many pieces of each active variant can be sold."""
    rows = db.session.execute(
        select(Variant.product_id, Variant.id, StockLevel.available)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .join(Location, Location.id == StockLevel.location_id)
        .where(
            Variant.product_id.in_(product_ids), Variant.is_active, Location.kind == LocationKind.STOREROOM
        )
    )
    levels: dict[int, dict[int, int]] = {}
    for product_id, variant_id, available in rows:
        levels.setdefault(product_id, {})[variant_id] = available
    return levels


@cache
def can_be_had() -> ColumnElement[bool]:
    """A product that could be ordered now, asked one by one: to order or in stock, and not paused."""
    in_stock = _in_stock().where(Variant.product_id == Product.id).exists()
    return and_(or_(Product.supply == Supply.MADE_TO_ORDER, in_stock), takes_orders())


def is_ready() -> ColumnElement[bool]:
    """A product that could be sent today, asked one by one: for a page that stops after a few."""
    in_stock = _in_stock().where(Variant.product_id == Product.id).exists()
    return and_(Product.supply == Supply.READY, in_stock, takes_orders())


def all_ready() -> ColumnElement[bool]:
    """The same, with the whole storeroom read once: for counts over every product."""
    pieces = _in_stock().cte("in_stock")
    return and_(Product.supply == Supply.READY, Product.id.in_(select(pieces.c.product_id)), takes_orders())


def takes_orders() -> ColumnElement[bool]:
    """Neither the product nor its facility is paused today.

    Asked the other way round, because those that are paused are few: a list that counts along an index
    need not read the products for it.
    """
    today = bindparam("wib_day", callable_=clock.today, type_=Date(), unique=True)
    things = select(Product.id).where(Product.paused_until > today).correlate(None)
    makers = select(Facility.id).where(Facility.paused_until > today).correlate(None)
    return and_(Product.id.not_in(things), Product.facility_id.not_in(makers))


def _in_stock() -> Select[int]:
    """The products of the variants that lie in a storeroom."""
    return (
        select(Variant.product_id)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .join(Location, Location.id == StockLevel.location_id)
        .where(Variant.is_active, StockLevel.available > 0, Location.kind == LocationKind.STOREROOM)
    )


def photo_of(row: Row[Any]) -> PhotoRow | None:
    """The picture of a row that carries PHOTO_COLUMNS."""
    if row.key is None:
        return None
    return PhotoRow(row.key, row.alt, row.width, row.height, row.tone, row.widths, row.has_avif)


def photo_row(picture: Picture | None) -> PhotoRow | None:
    """The same from a loaded picture."""
    if picture is None:
        return None
    return PhotoRow(*(getattr(picture, column.key) for column in PHOTO_COLUMNS))


def rounded(mean: Any) -> float | None:
    """A mean of stars as it is shown; databases give it as a float or a Decimal, and None for no reviews."""
    return None if mean is None else round(float(mean), 1)


def card_of(row: Row[Any], pieces: int) -> CardRow:
    """The card of a row of `card_columns`; `pieces` can be sold now."""
    paused = is_paused(row.paused_until) or is_paused(row.maker_paused_until)
    return CardRow(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        facility_name=row.facility_name,
        price_from=row.price_from,
        price_to=row.price_to,
        photo=photo_of(row),
        badge=badge_of(
            supply=row.supply,
            available=pieces,
            paused=paused,
            unique=row.is_unique,
            lead_days=row.lead_days,
            shipping_class=row.shipping_class,
            published_at=row.published_at,
        ),
        available=not paused and (row.supply is Supply.MADE_TO_ORDER or pieces > 0),
        reviews=row.reviews,
        rating=rounded(row.rating),
    )
