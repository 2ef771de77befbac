"""Every change of stock: guarded, in one order of locks, each with its movement.

Goods that are ready lie at a level; goods made to order take a place in a week of the workshop. A hold
becomes a sale when the money is confirmed, or is given back when the deadline passes. Rows are locked in
one order by everybody: workshops, reservations, weeks of workshops, weeks of products, then levels, which are
the hottest, last.
"""

from storefront.inventory.services.back import put_back, put_back_some, take_back
from storefront.inventory.services.capacity import Wish, set_capacity
from storefront.inventory.services.moves import name_place, open_place, set_limit, take_out, transfer
from storefront.inventory.services.promises import OutOfStock, consume, hold, release
from storefront.inventory.services.shelves import TELLS_REST, count, ensure_storeroom, receive
from storefront.inventory.services.unique import pieces_made

__all__ = [
    "TELLS_REST",
    "OutOfStock",
    "Wish",
    "consume",
    "count",
    "ensure_storeroom",
    "hold",
    "name_place",
    "open_place",
    "pieces_made",
    "put_back",
    "put_back_some",
    "receive",
    "release",
    "set_capacity",
    "set_limit",
    "take_back",
    "take_out",
    "transfer",
]
