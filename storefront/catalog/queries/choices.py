"""Products put together by hand, for a collection, a label or a fair: what is in, what could be."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from storefront.catalog.models import Product
from storefront.catalog.queries.cards import ON_SALE
from storefront.core.db import db
from storefront.core.words import tokens
from storefront.facilities.models import Facility

MOST_WORDS = 6


def chosen(link: Any, *conditions: ColumnElement[bool]) -> list[Product]:
    """The products of these links by their position, with photo and facility; off the shelf ones too."""
    statement = select(Product).join(link, link.product_id == Product.id).where(*conditions)
    statement = statement.options(joinedload(Product.photo), joinedload(Product.facility))
    return list(db.session.scalars(statement.order_by(link.position, Product.id)))


def choosable(words: str) -> Select[Any]:
    """Products on sale, joined to their facility: all `words` occur in the title or the facility's name."""
    text = func.lower(Product.title + " " + Facility.name)
    return (
        select(Product)
        .join(Facility, Facility.id == Product.facility_id)
        .where(ON_SALE, *(text.contains(word, autoescape=True) for word in tokens(words)[:MOST_WORDS]))
        .options(joinedload(Product.photo), joinedload(Product.facility))
    )
