"""Money that no machine tells us about: officers see it, and officers send it back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from storefront.core import clock
from storefront.core.language import _
from storefront.facilities.models import MerchantAccount
from storefront.facilities.queries import account_for
from storefront.orders.models import Order
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.providers import (
    BadSignature,
    Bill,
    Kind,
    Message,
    Method,
    Receipt,
    RefundRefused,
    Started,
)

PATIENCE = timedelta(hours=24)
"""How long goods wait for money that an officer has to find."""


class ByHand:
    """What all of them share: nobody to ask, nothing to close, nothing that sends itself back."""

    name = ""
    kind = Kind.HAND
    sends_refunds = False

    @classmethod
    def from_config(cls, _config: Mapping[str, Any]) -> Self:
        """Needs no setting: an account in force is what makes it offered."""
        return cls()

    def methods(self, bill: Bill) -> list[Method]:  # noqa: ARG002 (the interface)
        """Nothing that a buyer could choose alone."""
        return []

    def account(self, bill: Bill) -> MerchantAccount | None:  # noqa: ARG002 (the interface)
        """No account: the drawer."""
        return None

    def start(self, attempt: PaymentAttempt, order: Order, *, back: str) -> Started:  # noqa: ARG002
        """Nobody has to be told that somebody wants to pay."""
        return Started(None)

    def fetch(self, reference: str) -> Receipt:
        """Open until an officer says otherwise: there is nobody to ask."""
        return Receipt(reference, "open")

    def close(self, reference: str) -> Receipt:
        """Closed on our side only: a buyer who pays later still is found on the statement."""
        return Receipt(reference, "expired")

    def refund(self, payment: Payment, *, amount: int, key: str) -> str:  # noqa: ARG002 (the interface)
        """Raises RefundRefused."""
        raise RefundRefused

    def list_paid(self, since: datetime, known: Iterable[str]) -> Iterator[Receipt]:  # noqa: ARG002
        """No list but the statement."""
        return iter(())

    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:  # noqa: ARG002 (the interface)
        """Nobody sends messages in this name. Raises BadSignature."""
        raise BadSignature


class Transfer(ByHand):
    """A bank transfer of an exact sum; two officers find it on the statement."""

    name = "transfer"
    kind = Kind.INSTRUCTIONS

    def methods(self, bill: Bill) -> list[Method]:
        """Offered where an account is in force."""
        if self.account(bill) is None:
            return []
        hint = _("Ditambah kode unik Rp1–Rp999 agar transfer Anda cepat dikenali. Batas bayar 24 jam.")
        return [
            Method("transfer", self.name, _("Transfer bank"), hint, _("Bayar lewat transfer bank"), PATIENCE)
        ]

    def account(self, bill: Bill) -> MerchantAccount | None:
        """The facility's own account when the whole bill is its, else the office's."""
        return account_for(bill.facility_ids, clock.today())


class Cash(ByHand):
    """Notes and coins over a counter, written down by the officer who took them."""

    name = "cash"
