"""How well products sell: written down once a night, read by every list."""

from collections.abc import Mapping

from sqlalchemy import select, update

from storefront.catalog.models import Product
from storefront.core.db import db
from storefront.core.transactions import touch, transaction


def set_popularity(orders: Mapping[int, int]) -> int:
    """Write down how many orders of late had each product (by id); the others had none.

    Returns how many products changed. Pages are made anew only when one did.
    """
    with transaction():
        sold = (Product.popularity > 0) | Product.id.in_(list(orders))
        rows = db.session.execute(select(Product.id, Product.popularity).where(sold))
        before: dict[int, int] = {row.id: row.popularity for row in rows}
        changed = [
            {"id": key, "popularity": orders.get(key, 0)}
            for key in sorted(before)
            if before[key] != orders.get(key, 0)
        ]
        if changed:
            db.session.execute(update(Product), changed)
            touch("catalog")
    return len(changed)
