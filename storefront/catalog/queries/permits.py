"""Permits of food as staff look after them: which end soon, which ended, and what left the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from storefront.catalog.models import (
    Category,
    FoodLicence,
    FoodRule,
    LicenceKind,
    Product,
    ProductStatus,
)
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.facilities.models import Facility
from storefront.web.pagination import Page, paged

PAGE = 30
SOON = 180
"""Days before its end from which a permit is listed: an extension is asked for half a year before."""
URGENT = 30
TABS = ("segera", "berakhir", "turun", "semua")


@dataclass(frozen=True)
class Wanted:
    """What a list of permits shows: `facility_id` None for all; `tab` one of TABS."""

    tab: str = "segera"
    facility_id: int | None = None
    kind: LicenceKind | None = None
    words: str = ""


def permits(wanted: Wanted, page: int = 1) -> Page:
    """Permits of products that are not withdrawn, with product and facility, the first to end on top."""
    statement = (
        select(FoodLicence)
        .join(FoodLicence.product)
        .join(Product.facility)
        .where(*_conditions(wanted), *_by_end(wanted.tab))
    )
    rows = statement.options(contains_eager(FoodLicence.product).contains_eager(Product.facility)).order_by(
        FoodLicence.valid_until.is_(None), FoodLicence.valid_until, FoodLicence.id
    )
    return paged(rows, page, PAGE)


def off_shelf(wanted: Wanted, page: int = 1) -> Page:
    """Products that only lack a permit to be on the shelf, the longest gone on top."""
    statement = select(Product).join(Product.facility).where(*_conditions(wanted), _gone())
    rows = statement.options(contains_eager(Product.facility)).order_by(Product.sold_until, Product.id)
    return paged(rows, page, PAGE)


def counts(facility_id: int | None = None) -> dict[str, int]:
    """How many permits end within SOON days, end within URGENT days, have ended; products off the shelf."""
    wanted, today = Wanted(facility_id=facility_id), clock.today()
    ends = FoodLicence.valid_until
    gone = select(func.count(Product.id)).join(Product.facility).where(*_conditions(wanted), _gone())
    rows = db.session.execute(
        select(
            gone.correlate(None).scalar_subquery(),
            func.count().filter(ends.between(today, today + timedelta(days=SOON))),
            func.count().filter(ends.between(today, today + timedelta(days=URGENT))),
            func.count().filter(ends < today),
        )
        .select_from(FoodLicence)
        .join(FoodLicence.product)
        .join(Product.facility)
        .where(*_conditions(wanted), ends.is_not(None))
    ).one()
    return {"gone": rows[0], "soon": rows[1], "urgent": rows[2], "ended": rows[3]}


def ending_by_facility(days: int) -> dict[int, int]:
    """How many permits of each facility's food have ended, or end within so many days."""
    rows = db.session.execute(
        select(Product.facility_id, func.count(FoodLicence.id))
        .join(FoodLicence.product)
        .where(
            Product.status != ProductStatus.ARCHIVED,
            FoodLicence.valid_until <= clock.today() + timedelta(days=days),
        )
        .group_by(Product.facility_id)
    )
    return {row[0]: row[1] for row in rows}


def scan_of(licence_id: int, *, facility_id: int | None = None, product_id: int | None = None) -> FoodLicence:
    """A permit that has a scan; a facility's own only. Raises NotFound."""
    wanted = select(FoodLicence).join(FoodLicence.product).where(FoodLicence.id == licence_id)
    if facility_id is not None:
        wanted = wanted.where(Product.facility_id == facility_id, Product.id == product_id)
    licence = db.session.scalar(wanted)
    if licence is None or not licence.scan_key:
        raise NotFound
    return licence


def food_rules() -> Sequence[FoodRule]:
    """All rules by category and matter, the newest of each first."""
    return db.session.scalars(
        select(FoodRule)
        .join(FoodRule.category)
        .options(joinedload(FoodRule.category))
        .order_by(Category.path, FoodRule.valid_from.desc(), FoodRule.id.desc())
    ).all()


def is_food(product_id: int) -> bool:
    """Does a rule of the office speak of this product's category: is it food, whatever it needs?"""
    path = select(Category.path).join(Product, Product.category_id == Category.id)
    found = db.session.scalar(path.where(Product.id == product_id)) or ""
    way = [int(part) for part in found.strip("/").split("/") if part]
    return db.session.scalar(select(FoodRule.id).where(FoodRule.category_id.in_(way)).limit(1)) is not None


def days_left(end: date | None) -> int | None:
    """How many days a permit still holds after today; negative once it ended, None without an end."""
    return None if end is None else (end - clock.today()).days


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Product.status != ProductStatus.ARCHIVED]
    if wanted.facility_id is not None:
        found.append(Product.facility_id == wanted.facility_id)
    if wanted.kind is not None and wanted.tab != "turun":
        found.append(FoodLicence.kind == wanted.kind)
    columns = (Product.title, Facility.name)
    found += [
        or_(*(column.icontains(word, autoescape=True) for column in columns))
        for word in wanted.words.split()[:6]
    ]
    return found


def _by_end(tab: str) -> list[ColumnElement[bool]]:
    today = clock.today()
    if tab == "segera":
        return [FoodLicence.valid_until.between(today, today + timedelta(days=SOON))]
    return [FoodLicence.valid_until < today] if tab == "berakhir" else []


def _gone() -> ColumnElement[bool]:
    return (Product.status == ProductStatus.PUBLISHED) & (Product.sold_until < clock.today())
