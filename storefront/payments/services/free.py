"""Orders that cost nothing, because promotions bear all of it: paid without anybody being asked."""

from storefront.core import clock
from storefront.core.money import rupiah
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import letters, move_order
from storefront.payments.services import invoices
from storefront.promotions import services as promotions
from storefront.revenue.services import book_capture

PROVIDER = "free"
"""Stands where a provider's name would: nobody is called, no money moves, no payment is written."""


def settle_free(order: Order) -> None:
    """Pay an order with a total of Rp0 at the moment it is placed, in the running transaction.

    Status, ledger, promotions, stock and the letter follow as with money. Raises ValueError for an order
    that costs something.
    """
    if order.total:
        raise ValueError(f"order {order.number} costs {order.total}")
    move_order(order, OrderStatus.PAID, note=rupiah(0))
    book_capture(order, provider=PROVIDER, reference=order.number, received=0, at=clock.now())
    promotions.confirm(order.id)
    letters.write("paid", order)
    invoices.issue(order)
    inventory.consume(order.id)
