"""Stripe Checkout Sessions. The only file that imports `stripe`, and the only one that knows cents.

Stripe counts rupiah in hundredths (https://docs.stripe.com/currencies): Rp1 is 100.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import stripe
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from storefront.core.language import _
from storefront.core.outgoing import Away, breaker
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.providers import (
    BadSignature,
    Bill,
    Kind,
    Message,
    Method,
    ProviderAway,
    Receipt,
    RefundRefused,
    Started,
    earliest_close,
)

CARD_MINIMUM = 10_000
"""Rupiah. Card vendors refuse payments below about half a US dollar."""

TIMEOUT = (3.0, 10.0)  # seconds to connect, to answer
RETRIES = 1
AWAY = (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError)
log = logging.getLogger(__name__)
FRACTION = "ID?"  # rupiah with hundredths: no such money exists, so it counts as foreign
_STATES = {"open": "open", "expired": "expired"}


def to_minor(rupiah: int) -> int:
    """Rupiah as Stripe counts them."""
    return rupiah * 100


def from_minor(amount: int, currency: str) -> tuple[int, str]:
    """Stripe's count as rupiah. What is not a whole rupiah stays as it is, under a foreign name."""
    if currency.upper() == "IDR" and amount % 100 == 0:
        return amount // 100, "IDR"
    return amount, FRACTION if currency.upper() == "IDR" else currency.upper()


@dataclass(frozen=True, repr=False)
class StripeCheckout:
    """Cards by Stripe's hosted pay page."""

    client: stripe.StripeClient
    secrets: Sequence[str]
    base: str = ""
    name: str = "stripe"
    kind: Kind = Kind.PAGE
    sends_refunds: bool = True

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self | None:
        """Build from settings. STRIPE_API_BASE points at a stand-in where there is no Stripe."""
        if not config["STRIPE_SECRET_KEY"]:
            return None
        base = config["STRIPE_API_BASE"]
        client = stripe.StripeClient(
            config["STRIPE_SECRET_KEY"],
            base_addresses={"api": base} if base else None,
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
            max_network_retries=RETRIES,
        )
        return cls(client, tuple(config["STRIPE_WEBHOOK_SECRET"]), base)

    def methods(self, bill: Bill) -> list[Method]:
        """Cards, from the smallest sum that card vendors take."""
        if bill.total < CARD_MINIMUM:
            return []
        hint = _("Visa, Mastercard, JCB lewat halaman bayar Stripe.")
        return [Method("card", self.name, _("Kartu debit atau kredit"), hint, _("Bayar dengan kartu"))]

    def account(self, bill: Bill) -> MerchantAccount | None:  # noqa: ARG002 (the interface)
        """None: Stripe collects the money."""
        return None

    def start(self, attempt: PaymentAttempt, order: Order, *, back: str) -> Started:
        """Open a Checkout Session for the whole order."""
        with self._calls():
            session = self.client.v1.checkout.sessions.create(
                _session(attempt, order, back), {"idempotency_key": attempt.idempotency_key}
            )
        return Started(session.id, session.url or "")

    def fetch(self, reference: str) -> Receipt:
        """Ask what became of a session."""
        with self._calls():
            return receipt(self.client.v1.checkout.sessions.retrieve(reference).to_dict())

    def close(self, reference: str) -> Receipt:
        """Expire a session; one that is complete stays so."""
        with self._calls():
            try:
                session = self.client.v1.checkout.sessions.expire(reference)
            except stripe.InvalidRequestError:  # no longer open: then how did it end?
                session = self.client.v1.checkout.sessions.retrieve(reference)
            return receipt(session.to_dict())

    def refund(self, payment: Payment, *, amount: int, key: str) -> str:
        """Refund rupiah of a payment intent. What came in another currency goes back whole."""
        wanted: RefundCreateParams = {"payment_intent": payment.reference, "metadata": {"refund": key}}
        if payment.currency == "IDR":
            wanted["amount"] = to_minor(amount)
        try:
            with self._calls():
                return self.client.v1.refunds.create(wanted, {"idempotency_key": key}).id
        except stripe.InvalidRequestError as error:
            log.warning("stripe refuses a refund: %s", error.code)
            raise RefundRefused from error

    def list_paid(self, since: datetime, known: Iterable[str]) -> Iterator[Receipt]:  # noqa: ARG002
        """Completed sessions opened since then, page by page."""
        with self._calls():
            sessions = self.client.v1.checkout.sessions.list(
                {"created": {"gte": int(since.timestamp())}, "status": "complete", "limit": 100}
            )
            for session in sessions.auto_paging_iter():
                found = receipt(session.to_dict())
                if found.state == "paid":
                    yield found

    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Check a webhook against every secret that is valid now."""
        signature = headers.get("Stripe-Signature", "")
        for secret in self.secrets:
            try:
                stripe.WebhookSignature.verify_header(body.decode(), signature, secret, tolerance=300)
            except (stripe.SignatureVerificationError, UnicodeDecodeError):
                continue
            event = json.loads(body)
            at = datetime.fromtimestamp(event["created"], UTC)
            return Message(event["id"], event["type"], event["data"]["object"], at)
        raise BadSignature

    @contextmanager
    def _calls(self) -> Iterator[None]:
        """Stripe's failures in our words: away, or a bug of ours that must be seen."""
        guard = breaker(self.name, self.base)
        try:
            guard.enter()
        except Away as resting:
            raise ProviderAway(retry_after=resting.retry_after) from resting
        try:
            yield
        except AWAY as error:
            guard.note(answered=False)
            log.warning("stripe: %s", type(error).__name__)
            raise ProviderAway from error
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            guard.note(answered=True)
            log.critical("stripe refuses our key: see STRIPE_SECRET_KEY")
            raise ProviderAway from error
        except BaseException:
            guard.note(answered=True)
            raise
        guard.note(answered=True)


def _session(attempt: PaymentAttempt, order: Order, back: str) -> SessionCreateParams:
    closes = max(attempt.expires_at, earliest_close(attempt.created_at))
    return {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "idr",
                    "unit_amount": to_minor(attempt.amount),
                    "product_data": {"name": f"Pesanan {order.number}"},
                },
            }
        ],
        "client_reference_id": order.number,
        "metadata": {"order": order.number, "attempt": str(attempt.number)},
        "payment_intent_data": {"metadata": {"order": order.number}},
        "success_url": f"{back}?dari=kartu",
        "cancel_url": back,
        "expires_at": int(closes.timestamp()),
        "locale": "id",
    }


def receipt(session: dict[str, Any]) -> Receipt:
    """Read a Checkout Session. Complete but unpaid means that the money is still on its way."""
    state = _STATES.get(session["status"])
    if state is None:
        state = "paid" if session["payment_status"] == "paid" else "waiting"
    amount, currency = from_minor(session["amount_total"] or 0, session["currency"] or "")
    intent = session.get("payment_intent")
    reference = intent["id"] if isinstance(intent, dict) else intent
    return Receipt(session["id"], state, reference or session["id"], amount, currency)
