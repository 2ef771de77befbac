"""Until when an order and its attempts stay open, and what ends them."""

from datetime import datetime

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db
from storefront.core.outbox import enqueue
from storefront.inventory.models import Reservation, ReservationState
from storefront.orders.models import Order
from storefront.payments.models import AttemptStatus, EventKind, PaymentAttempt
from storefront.payments.services.events import note_attempt


def close_attempt(attempt: PaymentAttempt, status: AttemptStatus) -> None:
    """End an open attempt that brought no money, in the running transaction."""
    attempt.status, attempt.closed_at = status, clock.now()
    note_attempt(EventKind(status.value), attempt)


def close_attempts(order_id: int) -> None:
    """Open attempts of an order that needs no more money are over; their unique codes are free."""
    for attempt in _open(order_id):
        close_attempt(attempt, AttemptStatus.EXPIRED)


def close_open_pages(order_id: int) -> None:
    """Close the attempts of an order that takes no more money, here and at the provider."""
    for attempt in _open(order_id):
        close_attempt(attempt, AttemptStatus.EXPIRED)
        tell_to_close(attempt)


def tell_to_close(attempt: PaymentAttempt) -> None:
    """Have the vendor take no more money for an attempt, if it knows of it; in the running transaction."""
    if attempt.reference:
        told = {"provider": attempt.provider, "reference": attempt.reference}
        enqueue("attempt.close", told, key=f"attempt.close:{attempt.provider}:{attempt.reference}")


def extend_deadline(order: Order, until: datetime) -> None:
    """Give an order, and the stock it holds, a later deadline (UTC); never an earlier one."""
    if until <= order.pay_by:
        return
    order.pay_by = until
    for held in db.session.scalars(
        select(Reservation).filter_by(order_id=order.id, state=ReservationState.ACTIVE)
    ):
        held.expires_at = until


def _open(order_id: int) -> list[PaymentAttempt]:
    standing = select(PaymentAttempt).filter_by(order_id=order_id, status=AttemptStatus.STARTED)
    return list(db.session.scalars(standing))
