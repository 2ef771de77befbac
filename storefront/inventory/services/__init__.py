"""Every change of stock: guarded, in one order of locks, each with its movement.

Goods that are ready lie at a level; goods made to order take a place in a week of the workshop. A hold
becomes a sale when the money is confirmed, or is given back when the deadline passes. Rows are locked in
one order by everybody: reservations, then weeks, then levels, the levels last because they are the hottest.
"""

from storefront.inventory.services.back import put_back, put_back_some, take_back
from storefront.inventory.services.promises import OutOfStock, Wish, consume, hold, release
from storefront.inventory.services.shelves import TELLS_REST, count, ensure_storeroom, receive

__all__ = [
    "TELLS_REST",
    "OutOfStock",
    "Wish",
    "consume",
    "count",
    "ensure_storeroom",
    "hold",
    "put_back",
    "put_back_some",
    "receive",
    "release",
    "take_back",
]
