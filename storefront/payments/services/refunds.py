"""Money that goes back: whole payments, once, and the ledger follows when it has left."""

import logging
from typing import Any

from sqlalchemy import select

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.money import rupiah
from storefront.core.outbox import enqueue, handler
from storefront.core.transactions import transaction
from storefront.inventory import services as inventory
from storefront.orders.models import Order, OrderStatus, ParcelStatus
from storefront.orders.services import UNTOUCHED, Actor, cancel_parcels, letters, move_order, record
from storefront.payments.models import AttemptStatus, Payment, PaymentAttempt, Refund, RefundStatus
from storefront.payments.providers import required_card_provider
from storefront.revenue.services import book_reversal, book_suspense_refund, capture_of

log = logging.getLogger(__name__)


class TooLate(DomainError):
    """A parcel has left: the order can no longer be cancelled whole."""

    default = lazy("Sebagian kiriman sudah berangkat, jadi pesanan ini tidak dapat dibatalkan seluruhnya.")


def cancel_order(order_id: int, actor: Actor, *, reason: str) -> None:
    """Cancel a whole order: goods back on the shelf, money owed to the buyer.

    Raises Invalid without a reason, TooLate when a parcel has left, IllegalMove when it is over.
    """
    if not 5 <= len(reason.strip()) <= 300:
        raise Invalid({"reason": _("Tulis alasannya (5–300 huruf); pembeli akan membacanya.")})
    with transaction():
        order = locked(Order, order_id)
        was_paid = order.status is OrderStatus.PAID
        if any(parcel.status not in UNTOUCHED | {ParcelStatus.CANCELLED} for parcel in order.parcels):
            raise TooLate
        move_order(order, OrderStatus.CANCELLED, note=reason.strip(), actor=actor)
        cancel_parcels(order, actor=actor)
        close_open_pages(order.id)
        letters.write("cancelled", order)
        if actor.id is not None:
            auditlog.write(
                "order.cancelled", "order", order.number, actor_id=actor.id, total=order.total, paid=was_paid
            )
        if was_paid:
            for payment in _captured(order.id):
                owe_refund(payment, reason=reason.strip(), actor=actor)
            inventory.put_back(order.id, actor_id=actor.id)
        else:
            inventory.release(order.id)


def owe_refund(payment: Payment, *, reason: str, actor: Actor) -> Refund:
    """Promise a payment back, in the running transaction. Cards go back by themselves."""
    standing = db.session.scalar(select(Refund).filter_by(payment_id=payment.id))
    if standing is not None:
        return standing
    refund = Refund(
        payment_id=payment.id,
        order_id=payment.order_id,
        amount=payment.amount,
        reason=reason[:300],
        requested_by_id=actor.id,
        requested_at=clock.now(),
    )
    db.session.add(refund)
    db.session.flush()
    order = db.session.get(Order, payment.order_id) if payment.order_id is not None else None
    if order is not None:
        order.refund_due += refund.amount
    if payment.provider != "transfer":
        enqueue("refund.send", {"refund_id": refund.id}, key=f"refund.send:{refund.id}")
    return refund


def mark_refund_sent(refund_id: int, reference: str, *, actor: Actor) -> None:
    """The money has left, under this reference: the ledger follows, once.

    Raises Invalid for an empty or used reference; a refund that was sent before stays as it is.
    """
    reference = reference.strip()
    if not 3 <= len(reference) <= 120:
        raise Invalid({"reference": _("Tulis nomor referensi pengembalian dari bank (3–120 huruf).")})
    with transaction():
        order_id = db.session.scalar(select(Refund.order_id).filter_by(id=refund_id))
        order = locked(Order, order_id) if order_id is not None else None
        refund = locked(Refund, refund_id)
        if refund.status is RefundStatus.SENT:
            return
        if db.session.scalar(select(Refund.id).where(Refund.reference == reference, Refund.id != refund.id)):
            raise Invalid({"reference": _("Referensi ini sudah dipakai untuk pengembalian lain.")})
        refund.status, refund.reference, refund.sent_at = RefundStatus.SENT, reference, clock.now()
        _book(refund)
        if actor.id is not None:  # a card's refund leaves by itself
            auditlog.write(
                "refund.sent", "refund", refund.id, actor_id=actor.id, amount=refund.amount,
                reference=reference, order=order.number if order else None,
            )  # fmt: skip
        if order is not None:
            order.refund_due -= refund.amount
            record(order, "refund", note=rupiah(refund.amount), actor=actor)
            letters.write("refunded", order, mark=refund.id)


def close_open_pages(order_id: int) -> None:
    """Close the attempts of an order that takes no more money, here and at the provider."""
    attempts = db.session.scalars(
        select(PaymentAttempt).filter_by(order_id=order_id, status=AttemptStatus.STARTED)
    )
    for attempt in attempts:
        attempt.status, attempt.closed_at = AttemptStatus.EXPIRED, clock.now()
        if attempt.provider != "transfer" and attempt.reference:
            enqueue("card.close", {"reference": attempt.reference}, key=f"card.close:{attempt.reference}")


@handler("card.close")
def _close_page(payload: dict[str, Any]) -> None:
    required_card_provider().close(payload["reference"])


@handler("refund.send")
def _send_refund(payload: dict[str, Any]) -> None:
    """Ask the provider outside any transaction, then write down what it said."""
    refund = db.session.get(Refund, payload["refund_id"])
    if refund is None or refund.status is RefundStatus.SENT:
        return
    payment = refund.payment
    db.session.rollback()
    reference = required_card_provider().refund(payment, key=f"refund-{payload['refund_id']}")
    mark_refund_sent(payload["refund_id"], reference, actor=Actor())


def _captured(order_id: int) -> list[Payment]:
    """The payments that paid for an order (not those that only wait in suspense)."""
    payments = db.session.scalars(select(Payment).filter_by(order_id=order_id).order_by(Payment.id))
    return [payment for payment in payments if capture_of(payment.provider, payment.reference)]


def _book(refund: Refund) -> None:
    payment = refund.payment
    if payment.currency != "IDR":
        return
    capture = capture_of(payment.provider, payment.reference)
    if capture is not None:
        book_reversal(
            capture,
            provider=payment.provider,
            amount=refund.amount,
            reference=f"{payment.provider}:{refund.reference}",
            at=clock.now(),
        )
        return
    book_suspense_refund(
        provider=payment.provider,
        reference=payment.reference,
        amount=refund.amount,
        at=clock.now(),
        order_id=payment.order_id,
    )
