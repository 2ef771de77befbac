"""What the lines of an import are compared with: one facility's own things, and the shop's shelves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import selectinload

from storefront.catalog.models import Category, Product, ProductPhoto, Variant
from storefront.catalog.services.staging import all_as_written
from storefront.catalog.services.wordcheck import Rules, office_rules
from storefront.core.db import db, found
from storefront.core.transactions import hold as hold_rows
from storefront.core.words import normalise
from storefront.facilities.models import Facility, Workshop
from storefront.inventory.models import Location, LocationKind, MovementKind, StockLevel, StockMovement
from storefront.inventory.services.arrivals import hold_levels

BATCH = 500
WITH_BUYERS = (MovementKind.SOLD, MovementKind.RETURNED)


@dataclass(frozen=True)
class Known:
    """A variant of the own facility as it is now. `on_hand` is None as long as nobody counted it.

    `sold` pieces left since the table was sent, which therefore still counts them.
    """

    product: Product
    variant: Variant
    has_photos: bool
    on_hand: int | None
    reserved: int
    sold: int = 0


@dataclass(frozen=True)
class Surroundings:
    """A facility with its workshops, the shelves by their words, and the facility's known variants by SKU.

    `written`: their products as the facility last wrote them, by id.
    """

    facility_id: int
    code: str
    names: frozenset[str]
    other_codes: frozenset[str]
    shelves: dict[str, Category]
    workshops: dict[str, Workshop]
    word_rules: Rules
    variants: dict[str, Known] = field(default_factory=dict)
    written: dict[int, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What every SKU of the facility begins with."""
        return f"{self.code}-"

    def as_written(self, product: Product) -> Any:
        """A product as the facility last wrote it, also while that waits for the office."""
        if product.id not in self.written:
            self.written.update(all_as_written([product]))
        return self.written[product.id]

    def first_workshop(self) -> int | None:
        """Where a new product is made as long as nobody says otherwise."""
        return next((room.id for room in self.workshops.values()), None)


def look_around(facility_id: int) -> Surroundings:
    """The facility, the shelves and the workshops; no variants yet. Raises NotFound."""
    own = found(Facility, facility_id)
    shelves: dict[str, Category] = {}
    for shelf in db.session.scalars(select(Category).order_by(Category.path.desc())):
        shelves |= {
            normalise(words): shelf for words in (shelf.name, shelf.slug, shelf.name_en or shelf.name)
        }
    rooms = db.session.scalars(
        select(Workshop).filter_by(facility_id=own.id).order_by(Workshop.position, Workshop.id)
    )
    codes = db.session.scalars(select(Facility.code).where(Facility.id != own.id))
    names = {normalise(words) for words in (own.code, own.name, own.slug)}
    return Surroundings(
        own.id, own.code, frozenset(names), frozenset(codes), shelves,
        {normalise(room.name): room for room in rooms}, office_rules(),
    )  # fmt: skip


def learn(around: Surroundings, skus: Iterable[str], since: datetime) -> None:
    """Load those of the SKUs that the facility has; what was sold is counted since that moment (UTC).

    Of other facilities' SKUs nothing is asked.
    """
    wanted = sorted(set(skus))
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        sold = _sold(around.facility_id, batch, since)
        for known in _variants(around.facility_id, batch, sold):
            around.variants[known.variant.sku] = known
    around.written.update(all_as_written({known.product for known in around.variants.values()}))


def hold(facility_id: int, which: ColumnElement[bool]) -> None:
    """Lock the products of these variants and their stock, in everybody's order, until the end."""
    mine = select(Variant.product_id).join(Variant.product)
    mine = mine.where(which, Product.facility_id == facility_id)
    whole = (
        selectinload(Product.variants),
        selectinload(Product.photos).joinedload(ProductPhoto.picture),
        selectinload(Product.licences),
    )
    products = hold_rows(
        Product, select(Product).where(Product.id.in_(mine)).order_by(Product.id).options(*whole)
    )
    ids = [product.id for product in products]
    hold_levels(db.session.scalars(select(Variant.id).where(Variant.product_id.in_(ids))).all())


def _room(facility_id: int) -> ScalarSelect[int]:
    mine = select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    return mine.scalar_subquery()


def _sold(facility_id: int, skus: Collection[str], since: datetime) -> dict[int, int]:
    """By variant: sold less returned since then."""
    rows = db.session.execute(
        select(StockLevel.variant_id, func.sum(StockMovement.on_hand_delta))
        .join(StockMovement.level)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(StockLevel.location_id == _room(facility_id), Variant.sku.in_(skus))
        .where(StockMovement.at >= since, StockMovement.kind.in_(WITH_BUYERS))
        .group_by(StockLevel.variant_id)
    )
    return {row[0]: -int(row[1]) for row in rows}


def _variants(facility_id: int, skus: Collection[str], sold: Mapping[int, int]) -> Iterable[Known]:
    here = (StockLevel.variant_id == Variant.id) & (StockLevel.location_id == _room(facility_id))
    shown: Any = exists().where(ProductPhoto.product_id == Product.id)
    rows = db.session.execute(
        select(Product, Variant, shown, StockLevel.on_hand, StockLevel.reserved)
        .join(Variant, Variant.product_id == Product.id)
        .outerjoin(StockLevel, here)
        .where(Product.facility_id == facility_id, Variant.sku.in_(skus))
    )
    for product, variant, has_photos, on_hand, reserved in rows:
        yield Known(product, variant, has_photos, on_hand, reserved or 0, sold.get(variant.id, 0))
