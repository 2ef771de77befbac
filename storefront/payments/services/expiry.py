"""Orders that nobody paid: the stock goes back, and a second run finds nothing to do."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderStatus
from storefront.orders.services import cancel_parcels, letters, move_order
from storefront.payments.models import AttemptStatus, PaymentAttempt
from storefront.payments.providers import ProviderAway, provider
from storefront.payments.services.attempts import apply_receipt
from storefront.payments.services.closing import close_attempts
from storefront.promotions import services as promotions

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=1)
"""How long an unreachable provider can keep an order alive."""


def expire_orders(moment: datetime | None = None, *, limit: int = 200) -> int:
    """Expire pending orders whose deadline has passed at `moment` (UTC, now by default).

    Open pay pages are closed at the provider first, so that nobody pays for what is gone; one that
    turns out to be paid is recorded instead. Returns how many orders expired.
    """
    moment = moment or clock.now()
    due = db.session.scalars(
        select(Order.id)
        .where(Order.status == OrderStatus.PENDING, Order.pay_by <= moment)
        .order_by(Order.pay_by, Order.id)
        .limit(limit)
    ).all()
    db.session.rollback()
    return sum(_expire(order_id, moment) for order_id in due)


def _expire(order_id: int, moment: datetime) -> bool:
    if not _close_pages(order_id, moment):
        return False
    with transaction():
        order = locked(Order, order_id)
        if order.status is not OrderStatus.PENDING or order.pay_by > moment:
            return False
        move_order(order, OrderStatus.EXPIRED)
        cancel_parcels(order)
        close_attempts(order.id)
        letters.write("expired", order)
        promotions.give_back(order.id)
        inventory.release(order.id)
    return True


def _close_pages(order_id: int, moment: datetime) -> bool:
    """Close the order's attempts at their vendors; False while one is away and patience lasts."""
    attempts = db.session.execute(
        select(
            PaymentAttempt.id, PaymentAttempt.provider, PaymentAttempt.reference, PaymentAttempt.expires_at
        ).where(
            PaymentAttempt.order_id == order_id,
            PaymentAttempt.status == AttemptStatus.STARTED,
            PaymentAttempt.reference.is_not(None),
        )
    ).all()
    db.session.rollback()
    for attempt in attempts:
        try:
            receipt = provider(attempt.provider).close(attempt.reference or "")
        except ProviderAway:
            log.warning("expiry: %s does not answer", attempt.provider)
            if moment < attempt.expires_at + PATIENCE:
                return False
            continue
        except Invalid:  # this shop no longer has that provider: nobody is there to be asked
            continue
        if receipt.state == "paid":
            apply_receipt(attempt.provider, receipt, order_id=order_id, attempt_id=attempt.id)
    return True
