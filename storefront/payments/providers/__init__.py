"""Those who take money: one interface, one adapter a vendor, each offered only where configured.

A provider's `name` stands on every attempt and payment. What a buyer chooses is a `Method`; a provider may
offer several. Nothing here changes the shop: providers ask vendors, services write down what came of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol

from flask import current_app

from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.outgoing import Away
from storefront.core.qris import LIMIT as QRIS_LIMIT
from storefront.facilities.models import MerchantAccount
from storefront.orders.models import Order
from storefront.payments.models import Payment, PaymentAttempt


class ProviderAway(Away):
    """The provider does not answer. The order and its stock are kept; the buyer can try again."""

    default = lazy(
        "Layanan pembayaran sedang tidak dapat dihubungi. Pesanan Anda tersimpan; coba lagi nanti."
    )


class BadSignature(Exception):
    """A message that the provider did not sign."""


class RefundRefused(DomainError):
    """The provider cannot send this money back; an officer does, by bank transfer."""

    default = lazy("Pembayaran ini tidak dapat dikembalikan lewat penyedianya; kembalikan dengan transfer.")


class Kind(StrEnum):
    """What a buyer meets."""

    PAGE = "page"  # the vendor's own pay page
    CODE = "code"  # a code on our page
    INSTRUCTIONS = "instructions"  # a bank account and an exact sum
    HAND = "hand"  # money over the counter


@dataclass(frozen=True)
class Bill:
    """What is to be paid: rupiah, to whom, and how far the buyer comes to meet us."""

    total: int
    facility_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Method:
    """A way to pay, as a buyer chooses it. `code` is stored with the order."""

    code: str
    provider: str
    label: str
    hint: str
    button: str
    hold: timedelta | None = None  # how long goods wait for the money; None: RESERVATION_MINUTES


@dataclass(frozen=True)
class Started:
    """An attempt as the provider knows it: its reference, and where the buyer pays."""

    reference: str | None
    url: str = ""
    code: str = ""  # what a QR code on our page says


@dataclass(frozen=True)
class Receipt:
    """What a provider says about one attempt. Amount in rupiah, or in minor units when foreign."""

    reference: str  # of the attempt
    state: str  # 'open' | 'paid' | 'waiting' | 'failed' | 'expired'
    payment_reference: str = ""
    amount: int = 0
    currency: str = "IDR"
    refunds: tuple[tuple[str, int], ...] = ()  # what went back so far: our keys, and rupiah
    at: datetime | None = None  # when the money came (UTC), where the provider says so


@dataclass(frozen=True)
class Message:
    """A signed message: its id (for repeats), its kind, and its content."""

    id: str
    kind: str
    payload: dict[str, Any] = field(repr=False)
    at: datetime | None = None  # when it happened at the provider (UTC)


class Provider(Protocol):
    """One that takes money. Every call to a vendor has a time limit and may raise ProviderAway."""

    name: str
    kind: Kind
    sends_refunds: bool  # False: money goes back by an officer's transfer, `refund` raises RefundRefused

    def methods(self, bill: Bill) -> list[Method]:
        """What a buyer of this bill may choose here; nothing where the provider cannot take it."""

    def account(self, bill: Bill) -> MerchantAccount | None:
        """Our account that the money of this bill goes to; None where the vendor collects it."""

    def start(self, attempt: PaymentAttempt, order: Order, *, back: str) -> Started:
        """Open an attempt. Repeating it with the same attempt opens no second one to pay."""

    def fetch(self, reference: str) -> Receipt:
        """Ask what became of an attempt."""

    def close(self, reference: str) -> Receipt:
        """Close an open attempt so that nobody pays for it any more; tells what became of it."""

    def refund(self, payment: Payment, *, amount: int, key: str) -> str:
        """Send rupiah of a payment back; returns the refund's reference. The key makes it once.

        Raises RefundRefused when the vendor's no is final, ProviderAway when it can be asked again.
        """

    def list_paid(self, since: datetime, known: Iterable[str]) -> Iterator[Receipt]:
        """The attempts opened since then (UTC) that were paid. `known` are the references of ours."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Check and open a message. Raises BadSignature."""


_HOMES = {
    "qris": "qris:Qris",
    "transfer": "by_hand:Transfer",
    "midtrans": "midtrans:Midtrans",
    "stripe": "stripe:StripeCheckout",
    "cash": "by_hand:Cash",
}
"""Where each lives."""

NAMES = tuple(_HOMES)
METHODS = ("qris", "transfer", "va", "wallet", "card")
"""The codes of all ways to pay, as buyers in Indonesia use them: the most used first."""


def provider(name: str) -> Provider:
    """The provider of that name. Raises Invalid where this shop does not have it."""
    made: dict[str, Provider | None] = current_app.extensions.setdefault("payment_providers", {})
    if name not in made:
        if name not in _HOMES:
            raise Invalid({"pembayaran": _("Cara bayar ini tidak tersedia.")})
        module, _colon, class_name = _HOMES[name].partition(":")
        adapter: Any = getattr(import_module(f"{__name__}.{module}"), class_name)
        build: Callable[[Mapping[str, Any]], Provider | None] = adapter.from_config
        made[name] = build(current_app.config)
    found = made[name]
    if found is None:
        raise Invalid({"pembayaran": _("Cara bayar ini tidak tersedia.")})
    return found


def configured() -> list[Provider]:
    """The providers that this shop has."""
    found = []
    for name in NAMES:
        try:
            found.append(provider(name))
        except Invalid:
            continue
    return found


def offered(bill: Bill) -> list[Method]:
    """The ways to pay a bill, the most used first; of two providers of the same way the one with proof.

    A vendor that tells us of the money comes before an officer who has to look for it.
    """
    found: dict[str, Method] = {}
    for each in configured():
        for method in each.methods(bill):
            if method.code not in found or each.kind is Kind.PAGE:
                found[method.code] = method
    return sorted(found.values(), key=lambda method: METHODS.index(method.code))


def too_much_for_qris(bill: Bill) -> bool:
    """Would QRIS be offered if the bill were smaller? Then buyers are told why it is not there."""
    if bill.total <= QRIS_LIMIT:
        return False
    smaller = replace(bill, total=QRIS_LIMIT)
    return any(method.code == "qris" for each in configured() for method in each.methods(smaller))


def method_of(code: str, bill: Bill) -> Method:
    """The way to pay of that code. Raises Invalid where it is not offered for this bill."""
    for method in offered(bill):
        if method.code == code:
            return method
    raise Invalid({"pembayaran": _("Cara bayar ini tidak tersedia.")})


def bill_of(order: Order) -> Bill:
    """What an order asks for."""
    return Bill(order.total, frozenset(parcel.facility_id for parcel in order.parcels))


def earliest_close(opened: datetime) -> datetime:
    """The earliest moment at which a pay page opened now may close.

    Vendors ask for half an hour from the moment the request reaches them; a retry may come later.
    """
    return opened + timedelta(minutes=34)
