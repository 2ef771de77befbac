"""Those who take money: one interface, one adapter a vendor, offered only where configured."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import current_app

from storefront.core.errors import Invalid, Unavailable
from storefront.core.language import _, lazy
from storefront.orders.models import Order
from storefront.payments.models import Payment, PaymentAttempt


class ProviderAway(Unavailable):
    """The provider does not answer. The order and its stock are kept; the buyer can try again."""

    default = lazy(
        "Layanan pembayaran sedang tidak dapat dihubungi. Pesanan Anda tersimpan; coba lagi nanti."
    )


CARD_MINIMUM = 10_000
"""Rupiah. Card vendors refuse payments below about half a US dollar."""


class BadSignature(Exception):
    """A message that the provider did not sign."""


@dataclass(frozen=True)
class Started:
    """An attempt as the provider knows it: its reference, and where the buyer pays."""

    reference: str
    url: str


@dataclass(frozen=True)
class Receipt:
    """What a provider says about one attempt. Amount in rupiah, or in minor units when foreign."""

    reference: str  # of the attempt
    state: str  # 'open' | 'paid' | 'waiting' | 'failed' | 'expired'
    payment_reference: str = ""
    amount: int = 0
    currency: str = "IDR"


@dataclass(frozen=True)
class Message:
    """A signed message: its id (for repeats), its kind, and its content."""

    id: str
    kind: str
    payload: dict[str, Any]


class CardProvider(Protocol):
    """A vendor with a pay page of its own. Every call has a time limit and may raise ProviderAway."""

    name: str

    def start(self, attempt: PaymentAttempt, order: Order, *, back: str) -> Started:
        """Open a pay page for an attempt. Repeating it with the same attempt opens no second one."""

    def fetch(self, reference: str) -> Receipt:
        """Ask what became of an attempt."""

    def close(self, reference: str) -> Receipt:
        """Close an open pay page so that nobody pays for it any more; tells what became of it."""

    def refund(self, payment: Payment, *, key: str) -> str:
        """Send the whole payment back; returns the refund's reference. The key makes it once."""

    def list_paid(self, since: datetime) -> Iterator[Receipt]:
        """The attempts opened since then (UTC) that were paid, whoever opened them."""

    def read(self, body: bytes, signature: str) -> Message:
        """Check and open a message. Raises BadSignature."""


def card_provider() -> CardProvider | None:
    """The vendor for cards, or None where no key is set."""
    if not current_app.config["STRIPE_SECRET_KEY"]:
        return None
    if "card_provider" not in current_app.extensions:
        from storefront.payments.providers.stripe import StripeCheckout

        current_app.extensions["card_provider"] = StripeCheckout.from_config(current_app.config)
    provider: CardProvider = current_app.extensions["card_provider"]
    return provider


def required_card_provider() -> CardProvider:
    """The vendor for cards. Raises Invalid where cards are not offered."""
    provider = card_provider()
    if provider is None:
        raise Invalid({"pembayaran": _("Pembayaran dengan kartu tidak tersedia.")})
    return provider


def earliest_close(opened: datetime) -> datetime:
    """The earliest moment at which a pay page opened now may close.

    Vendors ask for half an hour from the moment the request reaches them; a retry may come later.
    """
    return opened + timedelta(minutes=34)
