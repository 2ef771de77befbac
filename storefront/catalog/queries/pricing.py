"""What things of a kind cost in the shop, for whoever looks for a price."""

from typing import NamedTuple

from sqlalchemy import select

from storefront.catalog.models import Product
from storefront.core.db import db

LATEST = 400
"""Products that are compared; as many as are ever read for one suggestion."""


class Spread(NamedTuple):
    """What so many products of a category cost, in rupiah; the middle one is one of them."""

    products: int
    lowest: int
    middle: int
    highest: int


def similar_prices(category_id: int | None, *, without: int | None = None) -> Spread | None:
    """The prices of what the public sees in this category, without one product. One query.

    A product counts with the price that its card shows. Nobody's drafts are asked. None when there are none.
    """
    if category_id is None:
        return None
    wanted = select(Product.price_from).where(
        Product.is_on_sale, Product.category_id == category_id, Product.price_from.is_not(None)
    )
    if without is not None:
        wanted = wanted.where(Product.id != without)
    latest = wanted.order_by(Product.published_at.desc(), Product.id.desc()).limit(LATEST)
    prices = sorted(price for price in db.session.scalars(latest) if price is not None)
    if not prices:
        return None
    return Spread(len(prices), prices[0], prices[(len(prices) - 1) // 2], prices[-1])
