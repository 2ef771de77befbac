"""The record of money: what was told, once each, never changed. What is charged or refunded follows."""

from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.payments.models import EventKind, Payment, PaymentAttempt, PaymentEvent, Refund


def note_attempt(kind: EventKind, attempt: PaymentAttempt) -> None:
    """Something happened to an attempt: it started, is on its way, failed or expired."""
    insert_once(
        PaymentEvent,
        kind=kind,
        provider=attempt.provider,
        reference=attempt.idempotency_key,
        order_id=attempt.order_id,
        attempt_id=attempt.id,
        amount=attempt.amount,
        currency="IDR",
        at=clock.now(),
    )


def note_payment(payment: Payment) -> None:
    """Money arrived."""
    insert_once(
        PaymentEvent,
        kind=EventKind.CHARGED,
        provider=payment.provider,
        reference=payment.reference,
        order_id=payment.order_id,
        attempt_id=payment.attempt_id,
        payment_id=payment.id,
        amount=payment.amount,
        currency=payment.currency,
        actor_id=payment.recorded_by_id,
        at=payment.received_at,
    )


def note_refund(kind: EventKind, refund: Refund, payment: Payment, *, actor_id: int | None = None) -> None:
    """Money is owed back, went back, or could not be sent back."""
    mark = sending_of(refund) if kind is EventKind.REFUNDED else str(refund.id)
    insert_once(
        PaymentEvent,
        kind=kind,
        provider=payment.provider,
        reference=f"refund-{mark}",
        order_id=refund.order_id,
        payment_id=payment.id,
        refund_id=refund.id,
        amount=refund.amount,
        currency=payment.currency,
        actor_id=actor_id,
        at=clock.now(),
    )


def sending_of(refund: Refund) -> str:
    """The name of the next sending of a refund: its number, with another one once money did not arrive."""
    sent = select(func.count(PaymentEvent.id)).filter_by(refund_id=refund.id, kind=EventKind.REFUNDED)
    before = db.session.scalar(sent) or 0
    return f"{refund.id}:{before + 1}" if before else str(refund.id)
