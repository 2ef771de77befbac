"""What the lines of an import are compared with: one facility's own things, and the shop's shelves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select

from storefront.catalog.models import Category, Product, ProductPhoto, Variant
from storefront.core.db import db, found
from storefront.core.words import normalise
from storefront.facilities.models import Facility, Workshop
from storefront.inventory.models import Location, LocationKind, StockLevel

BATCH = 500


@dataclass(frozen=True)
class Known:
    """A variant of the own facility as it is now. `on_hand` is None as long as nobody counted it."""

    product: Product
    variant: Variant
    has_photos: bool
    on_hand: int | None
    reserved: int


@dataclass(frozen=True)
class Surroundings:
    """A facility with its workshops, the shelves by their words, and the facility's known variants by SKU."""

    facility_id: int
    code: str
    names: frozenset[str]
    other_codes: frozenset[str]
    shelves: dict[str, Category]
    workshops: dict[str, Workshop]
    variants: dict[str, Known] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What every SKU of the facility begins with."""
        return f"{self.code}-"

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
        {normalise(room.name): room for room in rooms},
    )  # fmt: skip


def learn(around: Surroundings, skus: Iterable[str]) -> None:
    """Load those of the SKUs that the facility has. Of other facilities' nothing is asked."""
    wanted = sorted(set(skus))
    for start in range(0, len(wanted), BATCH):
        for known in _variants(around.facility_id, wanted[start : start + BATCH]):
            around.variants[known.variant.sku] = known


def _variants(facility_id: int, skus: Collection[str]) -> Iterable[Known]:
    room = select(Location.id).filter_by(facility_id=facility_id, kind=LocationKind.STOREROOM)
    here = (StockLevel.variant_id == Variant.id) & (StockLevel.location_id == room.scalar_subquery())
    shown: Any = exists().where(ProductPhoto.product_id == Product.id)
    rows = db.session.execute(
        select(Product, Variant, shown, StockLevel.on_hand, StockLevel.reserved)
        .join(Variant, Variant.product_id == Product.id)
        .outerjoin(StockLevel, here)
        .where(Product.facility_id == facility_id, Variant.sku.in_(skus))
    )
    for product, variant, has_photos, on_hand, reserved in rows:
        yield Known(product, variant, has_photos, on_hand, reserved or 0)
