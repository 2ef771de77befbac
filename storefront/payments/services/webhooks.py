"""Messages of a provider: stored first, acted on afterwards, once, in whatever order they come."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import db, insert_once, locked
from storefront.core.transactions import transaction
from storefront.orders.models import Order
from storefront.orders.services import SYSTEM
from storefront.payments.models import (
    REFUND_FAILED,
    REFUND_OUTSIDE,
    AttemptStatus,
    Case,
    CaseKind,
    Payment,
    PaymentAttempt,
    ProviderEvent,
    Refund,
    RefundStatus,
)
from storefront.payments.providers import Message, Receipt
from storefront.payments.services.cases import open_case
from storefront.payments.services.record import Money, record_payment
from storefront.payments.services.refunds import mark_refund_sent


def receive_message(provider: str, message: Message) -> str:
    """Store a message, act on it, and say what came of it. A repeat does nothing.

    Raises whatever acting raises; the message is kept, and the provider's retry acts again.
    """
    with transaction():
        insert_once(
            ProviderEvent,
            provider=provider,
            event_id=message.id,
            kind=message.kind,
            payload=message.payload,
            received_at=clock.now(),
            outcome="",
        )
        mine = select(ProviderEvent).filter_by(provider=provider, event_id=message.id)
        event = db.session.scalars(mine).one()
        if event.handled_at is not None:
            return "repeat"
        event_id = event.id
    act = HANDLERS.get(message.kind)
    outcome = act(message.payload) if act else "ignored"
    with transaction():
        event = locked(ProviderEvent, event_id)
        event.handled_at, event.outcome = clock.now(), outcome
    return outcome


def _paid(session: dict[str, Any]) -> str:
    """A session was completed, or its delayed money arrived."""
    receipt = _receipt(session)
    if receipt.state != "paid":
        return "waiting"
    attempt = _attempt(receipt.reference)
    order_id = attempt.order_id if attempt else _order_id(session.get("client_reference_id"))
    attempt_id = attempt.id if attempt else None
    db.session.rollback()
    money = Money("stripe", receipt.payment_reference, receipt.amount, clock.now(), receipt.currency)
    return record_payment(money, order_id=order_id, attempt_id=attempt_id)


def _closed(status: AttemptStatus) -> Callable[[dict[str, Any]], str]:
    """An attempt ended without money. It can only end itself: never an order, never a payment."""

    def act(session: dict[str, Any]) -> str:
        with transaction():
            attempt = _attempt(session["id"])
            if attempt is None:
                return "unknown"
            locked(Order, attempt.order_id)
            attempt = locked(PaymentAttempt, attempt.id)
            if attempt.status is not AttemptStatus.STARTED:
                return "late"
            attempt.status, attempt.closed_at = status, clock.now()
        return str(status)

    return act


def _refunded(refund: dict[str, Any]) -> str:
    """Money went back at the provider, asked by us or by hand in its dashboard."""
    payment = db.session.scalar(
        select(Payment).filter_by(provider="stripe", reference=refund.get("payment_intent") or "")
    )
    if payment is None:
        db.session.rollback()
        return "unknown"
    ours = db.session.scalar(select(Refund).filter_by(payment_id=payment.id))
    payment_id, refund_id = payment.id, ours.id if ours else None
    db.session.rollback()
    if refund["status"] == "failed":
        return _refund_problem(payment_id, refund_id, f"{REFUND_FAILED} {refund['id']}")
    if refund["status"] != "succeeded":
        return "waiting"
    if refund_id is None:
        return _refund_problem(payment_id, None, f"{REFUND_OUTSIDE} {refund['id']}")
    mark_refund_sent(refund_id, refund["id"], actor=SYSTEM)
    return "refunded"


def _refund_problem(payment_id: int, refund_id: int | None, note: str) -> str:
    with transaction():
        payment = db.session.get_one(Payment, payment_id)
        order = locked(Order, payment.order_id) if payment.order_id else None
        if refund_id is not None:
            ours = locked(Refund, refund_id)
            if ours.status is RefundStatus.DUE:
                ours.status = RefundStatus.FAILED
        if db.session.scalar(select(Case.id).filter_by(note=note)) is None:
            open_case(CaseKind.REFUND_FAILED, payment=None, order=order, note=note)
    return "review"


def _receipt(session: dict[str, Any]) -> Receipt:
    from storefront.payments.providers.stripe import receipt

    return receipt(session)


def _attempt(reference: str) -> PaymentAttempt | None:
    return db.session.scalar(select(PaymentAttempt).filter_by(provider="stripe", reference=reference))


def _order_id(number: str | None) -> int | None:
    return db.session.scalar(select(Order.id).filter_by(number=number or ""))


HANDLERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "checkout.session.completed": _paid,
    "checkout.session.async_payment_succeeded": _paid,
    "checkout.session.async_payment_failed": _closed(AttemptStatus.FAILED),
    "checkout.session.expired": _closed(AttemptStatus.EXPIRED),
    "refund.created": _refunded,
    "refund.updated": _refunded,
    "refund.failed": _refunded,
}
"""What we act on; every other kind is stored, answered with 200 and left alone."""
