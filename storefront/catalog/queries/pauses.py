"""What of a facility takes no orders, and when nobody works there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from storefront.catalog.models import Product
from storefront.core import clock
from storefront.core.db import db
from storefront.facilities.models import ClosingDay
from storefront.web.pagination import Page, paged

PAGE = 20


@dataclass(frozen=True)
class PausedRow:
    """A product that is paused today, and what buyers are told."""

    id: int
    title: str
    until: date
    note: str


def paused_products(facility_id: int, page: int = 1) -> Page:
    """A facility's products that are paused today, the first to return first."""
    found = select(Product.id, Product.title, Product.paused_until, Product.pause_note).where(
        Product.facility_id == facility_id, Product.paused_until > clock.today()
    )
    return paged(found.order_by(Product.paused_until, Product.title, Product.id), page, PAGE).each(PausedRow)


def closing_days(facility_id: int) -> Sequence[ClosingDay]:
    """The days on which nobody works there, those that are over left out."""
    return db.session.scalars(
        select(ClosingDay)
        .where(ClosingDay.facility_id == facility_id, ClosingDay.last >= clock.today())
        .order_by(ClosingDay.first, ClosingDay.id)
    ).all()
