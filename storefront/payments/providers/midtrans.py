"""Midtrans: QRIS, virtual accounts and e-wallets on its Snap pay page. The only file that knows its words.

https://docs.midtrans.com: Snap opens a page, the Core API tells and changes what became of it. Amounts are
whole rupiah in requests and texts like "125000.00" in answers. What a notification says is never believed: it
only says where to look.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import quote

from storefront.core import clock, outgoing, qris
from storefront.core.language import _
from storefront.core.outgoing import Answer, Away, Vendor
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

API = "https://api.midtrans.com"
SNAP = "https://app.midtrans.com"
MINIMUM = 10_000
"""Rupiah: what every bank's virtual account takes."""

VA_HOLD = timedelta(hours=24)
CHANNELS = {
    "qris": ("other_qris",),
    "va": ("bca_va", "bni_va", "bri_va", "permata_va", "echannel", "cimb_va", "other_va"),
    "wallet": ("gopay", "shopeepay"),
}
"""What Snap shows for each method (https://docs.midtrans.com/reference/request-body-json-parameter)."""

FRACTION = "ID?"  # rupiah with hundredths: no such money exists, so it counts as foreign
_STATES = {
    "pending": "waiting",
    "authorize": "waiting",
    "settlement": "paid",
    "refund": "paid",  # it was paid; what went back stands in `refunds`
    "partial_refund": "paid",
    "chargeback": "paid",
    "partial_chargeback": "paid",
    "deny": "failed",
    "failure": "failed",
    "cancel": "expired",
    "expire": "expired",
}


def signature(order_id: str, status_code: str, gross_amount: str, server_key: str) -> str:
    """SHA-512 of the four texts in a row; `gross_amount` exactly as it was sent, with its ".00"."""
    return hashlib.sha512(f"{order_id}{status_code}{gross_amount}{server_key}".encode()).hexdigest()


@dataclass(frozen=True, repr=False)  # a repr would print the key
class Midtrans:
    """A Midtrans account."""

    server_key: str
    api: Vendor
    snap: Vendor
    name: str = "midtrans"
    kind: Kind = Kind.PAGE
    sends_refunds: bool = True

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self | None:
        """Build from settings. The two base addresses point at the sandbox or a stand-in."""
        key = config["MIDTRANS_SERVER_KEY"]
        if not key:
            return None
        headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
        return cls(
            key,
            Vendor("midtrans", config["MIDTRANS_API_BASE"] or API, headers),
            Vendor("midtrans", config["MIDTRANS_SNAP_BASE"] or SNAP, headers),
        )

    def methods(self, bill: Bill) -> list[Method]:
        """QRIS up to its limit, virtual accounts, e-wallets."""
        offered = []
        if bill.total <= qris.LIMIT:
            hint = _("Pindai dari aplikasi bank atau dompet digital apa pun. Tanpa biaya tambahan.")
            offered.append(Method("qris", self.name, _("QRIS"), hint, _("Bayar dengan QRIS")))
        if bill.total >= MINIMUM:
            hint = _("BCA, BNI, BRI, Mandiri, Permata, dan bank lain. Langsung terkonfirmasi; batas 24 jam.")
            label, button = _("Virtual account"), _("Bayar lewat virtual account")
            offered.append(Method("va", self.name, label, hint, button, VA_HOLD))
            hint = _("GoPay atau ShopeePay.")
            offered.append(
                Method("wallet", self.name, _("Dompet digital"), hint, _("Bayar dari dompet digital"))
            )
        return offered

    def account(self, bill: Bill) -> MerchantAccount | None:  # noqa: ARG002 (the interface)
        """None: Midtrans collects the money."""
        return None

    def start(self, attempt: PaymentAttempt, order: Order, *, back: str) -> Started:
        """Open a Snap page. Asked again it gives another page of the same order id, which is paid once."""
        reference, name = f"{order.number}-{attempt.number}", f"Pesanan {order.number}"
        asked = {
            "transaction_details": {"order_id": reference, "gross_amount": attempt.amount},
            "item_details": [
                {
                    "id": order.number,
                    "name": name,
                    "price": attempt.amount,
                    "quantity": 1,
                }
            ],
            "enabled_payments": list(CHANNELS.get(attempt.method) or sum(CHANNELS.values(), ())),
            "callbacks": {"finish": f"{back}?dari=bayar", "error": back, "unfinish": back},
            "expiry": _expiry(attempt),
        }
        answer = self._ask(self.snap, "/snap/v1/transactions", asked, repeat=True)
        if not answer.ok:
            outgoing.log.error("midtrans refuses a pay page: HTTP %d", answer.status)
            raise ProviderAway
        return Started(reference, str(answer.data["redirect_url"]))

    def fetch(self, reference: str) -> Receipt:
        """Ask what became of an order id; one that nobody chose a way to pay for is simply open."""
        answer = self._ask(self.api, f"/v2/{quote(reference, safe='')}/status")
        if _code(answer) == 404:
            return Receipt(reference, "open")
        return receipt(self._understood(answer))

    def close(self, reference: str) -> Receipt:
        """Expire what waits for money. A page that nobody used ends by itself, at the attempt's own time."""
        answer = self._ask(self.api, f"/v2/{quote(reference, safe='')}/expire", {}, repeat=True)
        if _code(answer) == 404:
            return Receipt(reference, "expired")
        return self.fetch(reference)

    def refund(self, payment: Payment, *, amount: int, key: str) -> str:
        """Send rupiah of a transaction back; the key is the refund's reference. Virtual accounts cannot."""
        asked = {"refund_key": key, "amount": amount}
        answer = self._ask(self.api, f"/v2/{payment.reference}/refund", asked, repeat=True)
        if _code(answer) == 200:
            return key
        # A repeat of what was done, or a no: only the transaction itself can tell.
        found = self.fetch(payment.reference)
        if any(done == key for done, _amount in found.refunds):
            return key
        outgoing.log.warning("midtrans refuses a refund: %s", _code(answer))
        raise RefundRefused

    def list_paid(self, since: datetime, known: Iterable[str]) -> Iterator[Receipt]:  # noqa: ARG002
        """Midtrans has no list: each of our references is asked for."""
        for reference in known:
            found = self.fetch(reference)
            if found.state == "paid":
                yield found

    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:  # noqa: ARG002 (signed inside)
        """Check a notification's signature; its id is the transaction and what became of it."""
        try:
            said = json.loads(body)
            parts = [said[name] for name in ("order_id", "status_code", "gross_amount")]
            mine, theirs = signature(parts[0], parts[1], parts[2], self.server_key), said["signature_key"]
            if not hmac.compare_digest(mine.encode(), str(theirs).encode()):
                raise BadSignature
            status = str(said["transaction_status"])
            told = (
                said["transaction_id"],
                status,
                said.get("fraud_status", ""),
                said.get("refund_amount", ""),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadSignature from None
        return Message(":".join(str(part) for part in told)[:120], status[:80], said)

    def _ask(
        self, vendor: Vendor, path: str, body: Mapping[str, Any] | None = None, *, repeat: bool = False
    ) -> Answer:
        try:
            answer = vendor.get(path) if body is None else vendor.post(path, body, repeat=repeat)
        except Away as away:
            raise ProviderAway(retry_after=away.retry_after) from away
        if answer.status == 401 or _code(answer) == 401:
            outgoing.log.critical("midtrans refuses our key: see MIDTRANS_SERVER_KEY")
            raise ProviderAway
        return answer

    def _understood(self, answer: Answer) -> dict[str, Any]:
        if not isinstance(answer.data, dict) or "transaction_status" not in answer.data:
            outgoing.log.error("midtrans answers what cannot be understood: %s", _code(answer))
            raise ProviderAway
        return answer.data


def receipt(said: Mapping[str, Any]) -> Receipt:
    """Read a transaction. A capture counts once Midtrans accepts it; what is no whole rupiah is foreign."""
    status = str(said["transaction_status"])
    state = _STATES.get(status, "waiting")
    if status == "capture":
        state = "paid" if said.get("fraud_status", "accept") == "accept" else "waiting"
    amount, currency = _amount(str(said.get("gross_amount", "")), str(said.get("currency", "IDR")))
    refunds = tuple(
        (str(refund.get("refund_key", "")), _amount(str(refund.get("refund_amount", "0")), "IDR")[0])
        for refund in said.get("refunds") or ()
    )
    reference, payment = str(said["order_id"]), str(said["transaction_id"])
    return Receipt(reference, state, payment, amount, currency, refunds, _settled(said))


def _settled(said: Mapping[str, Any]) -> datetime | None:
    """When the money came; Midtrans writes the time of Jakarta, without a zone."""
    try:
        found = datetime.strptime(str(said.get("settlement_time", "")), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return found.replace(tzinfo=clock.JAKARTA).astimezone(UTC)


def _amount(text: str, currency: str) -> tuple[int, str]:
    """ "125000.00" as rupiah; hundredths, if there are any, under a foreign name."""
    found = re.fullmatch(r"([0-9]{1,15})(?:\.([0-9]{2}))?", text)
    if not found:
        return 0, FRACTION
    whole, rest = int(found[1]), int(found[2] or 0)
    if currency.upper() != "IDR" or rest:
        return whole * 100 + rest, FRACTION if currency.upper() == "IDR" else currency.upper()[:3]
    return whole, "IDR"


def _code(answer: Answer) -> int:
    """Midtrans puts its own status code into the answer, often under HTTP 200."""
    said = answer.data.get("status_code") if isinstance(answer.data, dict) else None
    return int(str(said)) if str(said).isdecimal() else answer.status


def _expiry(attempt: PaymentAttempt) -> dict[str, Any]:
    """When the page and what it issued stop taking money, in Midtrans's words."""
    closes = max(attempt.expires_at, earliest_close(attempt.created_at))
    minutes = -(-(closes - attempt.created_at).total_seconds() // 60)
    start = attempt.created_at.astimezone(clock.JAKARTA)
    return {"start_time": f"{start:%Y-%m-%d %H:%M:%S} +0700", "unit": "minute", "duration": int(minutes)}
