"""Messages of a provider: stored first, acted on afterwards, once, in whatever order they come."""

from collections.abc import Callable
from dataclasses import replace
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
    Case,
    CaseKind,
    Payment,
    PaymentAttempt,
    ProviderEvent,
    Refund,
)
from storefront.payments.providers import Message, Receipt, provider
from storefront.payments.services.attempts import apply_receipt
from storefront.payments.services.cases import open_case
from storefront.payments.services.refunds import mark_refund_sent
from storefront.payments.services.sending import fail_refund

Act = Callable[[Message], str]


PERSONAL = {
    "billing_details", "collected_information", "customer_details", "customer_email", "receipt_email",
    "shipping", "shipping_details", "shipping_address", "billing_address", "email", "phone",
    "cancel_url", "success_url", "return_url",
}  # fmt: skip
"""What vendors tell about a buyer, and the unguessable address of their order: nobody here reads it."""


def impersonal(said: Any) -> Any:
    """A message without what it says about the buyer: whoever is erased is not kept here."""
    if isinstance(said, dict):
        return {name: impersonal(value) for name, value in said.items() if name not in PERSONAL}
    return [impersonal(value) for value in said] if isinstance(said, list) else said


def receive_message(name: str, message: Message) -> str:
    """Store a provider's message, act on it, and say what came of it. A repeat does nothing.

    Raises whatever acting raises; the message is kept, and the provider's retry acts again.
    """
    with transaction():
        insert_once(
            ProviderEvent,
            provider=name,
            event_id=message.id,
            kind=message.kind,
            payload=impersonal(message.payload),
            received_at=clock.now(),
            outcome="",
        )
        mine = select(ProviderEvent).filter_by(provider=name, event_id=message.id)
        event = db.session.scalars(mine).one()
        if event.handled_at is not None:
            return "repeat"
        event_id = event.id
    acts = ACTS.get(name, {})
    act = acts.get(message.kind) or acts.get("*")
    outcome = act(message) if act else "ignored"
    with transaction():
        event = locked(ProviderEvent, event_id)
        event.handled_at, event.outcome = clock.now(), outcome
    return outcome


# --- Stripe: the signed message itself is believed ------------------------------------------------


def _stripe_told(message: Message) -> str:
    """A session was completed, its delayed money arrived or failed, or it expired."""
    from storefront.payments.providers.stripe import receipt

    found = replace(receipt(message.payload), at=message.at)
    return _apply("stripe", found, number=message.payload.get("client_reference_id"))


def _stripe_failed(message: Message) -> str:
    """Delayed money did not arrive; the session itself is as complete as before."""
    return _apply("stripe", Receipt(message.payload["id"], "failed"), number=None)


def _stripe_refunded(message: Message) -> str:
    """Money went back at the provider, asked by us or by hand in its dashboard."""
    refund = message.payload
    key = (refund.get("metadata") or {}).get("refund", "")
    return _refund_told("stripe", refund.get("payment_intent") or "", refund["id"], key, refund["status"])


# --- Midtrans: a message only says where to look --------------------------------------------------


def _midtrans_told(message: Message) -> str:
    """Something happened to an order at Midtrans: what, it is asked itself. Raises ProviderAway."""
    db.session.rollback()
    reference = str(message.payload["order_id"])
    receipt = provider("midtrans").fetch(reference)
    outcome = _apply("midtrans", receipt, number=reference.rpartition("-")[0])
    for key, amount in receipt.refunds:
        mark = key or f"{receipt.payment_reference[:60]}-{amount}"  # one that was made without a key
        outcome = _refund_told("midtrans", receipt.payment_reference, mark, key, "succeeded")
    return outcome


ACTS: dict[str, dict[str, Act]] = {
    "stripe": {
        "checkout.session.completed": _stripe_told,
        "checkout.session.async_payment_succeeded": _stripe_told,
        "checkout.session.async_payment_failed": _stripe_failed,
        "checkout.session.expired": _stripe_told,
        "refund.created": _stripe_refunded,
        "refund.updated": _stripe_refunded,
        "refund.failed": _stripe_refunded,
    },
    "midtrans": {"*": _midtrans_told},
}
"""What we act on; every other kind is stored, answered with 200 and left alone."""


# --- what all of them lead to ---------------------------------------------------------------------


def _apply(name: str, receipt: Receipt, *, number: str | None) -> str:
    """Write a receipt down for its attempt, or for the order of that number when the attempt is unknown."""
    attempt = db.session.scalar(select(PaymentAttempt).filter_by(provider=name, reference=receipt.reference))
    attempt_id, order_id = (attempt.id, attempt.order_id) if attempt else (None, None)
    if order_id is None and number:
        order_id = db.session.scalar(select(Order.id).filter_by(number=number))
    db.session.rollback()
    return apply_receipt(name, receipt, order_id=order_id, attempt_id=attempt_id)


def _refund_told(name: str, payment_reference: str, reference: str, key: str, status: str) -> str:
    """A refund of ours arrived or failed, or somebody sent money back in the vendor's own pages."""
    payment = db.session.scalar(select(Payment).filter_by(provider=name, reference=payment_reference))
    if payment is None:
        db.session.rollback()
        return "unknown"
    order_id, refund_id = payment.order_id, _our_refund(payment, reference, key)
    db.session.rollback()
    if status in ("failed", "canceled"):
        return _failed(order_id, refund_id, f"{REFUND_FAILED} {reference}", reference)
    if status != "succeeded":
        return "waiting"
    if refund_id is None:
        return _failed(order_id, None, f"{REFUND_OUTSIDE} {reference}", reference)
    mark_refund_sent(refund_id, reference, actor=SYSTEM)
    return "refunded"


def _our_refund(payment: Payment, reference: str, key: str) -> int | None:
    """The refund that a vendor speaks of: by its reference, or by the key that we sent along."""
    mine = select(Refund.id).filter_by(payment_id=payment.id)
    found = db.session.scalar(mine.filter_by(reference=reference))
    if found is None and key.startswith("refund-") and key[7:].isdecimal():
        found = db.session.scalar(mine.filter_by(id=int(key[7:])))
    return found


def _failed(order_id: int | None, refund_id: int | None, note: str, reference: str) -> str:
    if refund_id is not None:
        fail_refund(refund_id, note, reference=reference)
        return "review"
    with transaction():
        order = locked(Order, order_id) if order_id is not None else None
        if db.session.scalar(select(Case.id).filter_by(note=note)) is None:
            open_case(CaseKind.REFUND_FAILED, payment=None, order=order, note=note)
    return "review"
