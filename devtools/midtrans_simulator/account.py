"""One pretended Midtrans account: its pages, its transactions, and what may become of them."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from devtools.midtrans_simulator.notices import Notices
from devtools.midtrans_simulator.rules import Refused, page_problem
from devtools.simulators_common import transport
from devtools.simulators_common.faults import Faults
from devtools.simulators_common.store import Json, Store

PAGE, TRANSACTION = "page", "transaction"
SWEEP_SECONDS = 1.0
WIB = timezone(timedelta(hours=7))
CODES = {"pending": "201", "deny": "202", "expire": "407", "cancel": "200"}
TYPES = {"other_qris": "qris", "gopay": "gopay", "shopeepay": "shopeepay", "echannel": "echannel"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a stand-in is set up."""

    shop_name: str = "Toko"
    notification_url: str = ""  # where notifications go; nowhere if empty
    public_url: str = ""  # where buyers reach the pay page; by default the address the API was called at
    state: Path | None = None  # file that survives a restart
    send: transport.Transport = transport.post
    retry_seconds: float = field(default=0.5)  # wait after a failed notification, doubled each time


class Account:
    """Pages and transactions by order id. What changes a transaction sends a notification."""

    def __init__(self, server_key: str, settings: Settings) -> None:
        self.server_key, self.settings = server_key, settings
        self.store, self.faults = Store(settings.state), Faults()
        self.notices = Notices(server_key, settings.notification_url, settings.send, self.faults, settings)
        self._stopped = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="midtrans-clock", daemon=True)

    def start(self) -> None:
        """Begin to deliver notifications and to watch the clock."""
        self.notices.start()
        self._sweeper.start()

    def stop(self) -> None:
        """Stop the threads, let hanging calls go and close the file."""
        self._stopped.set()
        self.faults.clear()
        self.notices.stop()
        self._sweeper.join(timeout=5)
        self.store.close()

    # --- pages ------------------------------------------------------------------------------------

    def open(self, asked: Json) -> Json:
        """A Snap page. Raises Refused as Midtrans does."""
        problem = page_problem(asked)
        details = asked.get("transaction_details") or {}
        with self.store.lock:
            if problem is None and self.store.get(TRANSACTION, str(details["order_id"])):
                problem = "transaction_details.order_id has already been taken"
            if problem:
                raise Refused(400, problem)
            minutes = (asked.get("expiry") or {}).get("duration", 24 * 60)
            return self.store.save(
                {
                    "object": PAGE,
                    "id": str(uuid.uuid4()),
                    "order_id": details["order_id"],
                    "amount": details["gross_amount"],
                    "channels": asked.get("enabled_payments") or list(TYPES),
                    "callbacks": asked.get("callbacks") or {},
                    "expires": self.store.now() + minutes * 60,
                }
            )

    def page(self, token: str) -> Json | None:
        """An open or closed page."""
        return self.store.get(PAGE, token)

    def pages(self) -> list[Json]:
        """All pages, oldest first."""
        return self.store.all(PAGE)

    def choose(self, token: str, channel: str) -> Json:
        """The buyer picks a way to pay: from now on there is a transaction, and it waits for money."""
        with self.store.lock:
            page = self.store.get(PAGE, token)
            if page is None or channel not in page["channels"]:
                raise Refused(404, "Page or channel doesn't exist.")
            standing = self.store.get(TRANSACTION, page["order_id"])
            if standing is not None:
                return standing
            if page["expires"] <= self.store.now():
                raise Refused(407, "Transaction is expired.")
            made = self.store.save(
                {
                    "object": TRANSACTION,
                    "id": page["order_id"],
                    "transaction_id": str(uuid.uuid4()),
                    "status": "pending",
                    "payment_type": TYPES.get(channel, "bank_transfer"),
                    "channel": channel,
                    "gross_amount": f"{page['amount']}.00",
                    "currency": "IDR",
                    "fraud_status": "accept",
                    "time": self._wib(),
                    "expires": page["expires"],
                    "number": f"{uuid.uuid4().int % 10**16:016d}",
                    "refunds": [],
                }
            )
        return self._told(made)

    # --- transactions -----------------------------------------------------------------------------

    def transactions(self) -> list[Json]:
        """All transactions, oldest first."""
        return self.store.all(TRANSACTION)

    def find(self, key: str) -> Json:
        """A transaction by order id or transaction id. Raises Refused(404)."""
        with self.store.lock:
            self.sweep()
            for found in self.store.all(TRANSACTION):
                if key in (found["id"], found["transaction_id"]):
                    return found
        raise Refused(404, "Transaction doesn't exist.")

    def pay(self, order_id: str, *, channel: str = "", amount: str = "", currency: str = "IDR") -> Json:
        """Let the money of an order arrive, through its newest page; a test may let another sum arrive."""
        page = next(page for page in reversed(self.pages()) if page["order_id"] == order_id)
        found = self.choose(page["id"], channel or page["channels"][0])
        if amount:
            found["gross_amount"], found["currency"] = amount, currency
        return self.become(order_id, "settlement")

    def become(self, order_id: str, status: str, *, fraud_status: str = "accept") -> Json:
        """Change a transaction and tell about it, also where Midtrans would not: for tests."""
        with self.store.lock:
            found = self.find(order_id)
            found |= {"status": status, "fraud_status": fraud_status}
            if status == "settlement":
                found["settlement_time"] = self._wib()
            self.store.save(found)
        return self._told(found)

    def end(self, key: str, status: str) -> Json:
        """Expire or cancel what waits for money. Raises Refused."""
        found = self.find(key)
        if found["status"] != "pending":
            raise Refused(412, "Merchant cannot modify status of transaction")
        return self.become(found["id"], status)

    def refund(self, key: str, *, amount: int, refund_key: str) -> Json:
        """Send money back, once a key. Raises Refused: virtual accounts cannot, nor more than is left."""
        with self.store.lock:
            found = self.find(key)
            left = int(found["gross_amount"][:-3]) - sum(one["amount"] for one in found["refunds"])
            if found["payment_type"] in ("bank_transfer", "echannel"):
                raise Refused(412, "Payment type doesn't support refund")
            if found["status"] not in ("settlement", "partial_refund"):
                raise Refused(412, "Merchant cannot modify status of transaction")
            if any(one["key"] == refund_key for one in found["refunds"]):
                raise Refused(412, "Refund key has been used")
            if not 0 < amount <= left:
                raise Refused(414, "Refund amount exceeds what is left")
            found["refunds"].append({"key": refund_key, "amount": amount, "time": self._wib()})
        return self.become(found["id"], "refund" if amount == left else "partial_refund")

    def advance(self, seconds: float) -> None:
        """Move the clock; what waited too long expires."""
        self.store.advance(seconds)
        self.sweep()

    def sweep(self) -> None:
        """Expire what waited too long."""
        with self.store.lock:
            late = [
                found
                for found in self.store.all(TRANSACTION)
                if found["status"] == "pending" and found["expires"] <= self.store.now()
            ]
            for found in late:
                found["status"] = "expire"
                self._told(self.store.save(found))

    def describe(self, found: Json) -> dict[str, Any]:
        """A transaction in Midtrans's words, as status and as notification."""
        words: dict[str, Any] = {
            "status_code": CODES.get(found["status"], "200"),
            "status_message": "Success, transaction is found",
            "transaction_id": found["transaction_id"],
            "order_id": found["id"],
            "gross_amount": found["gross_amount"],
            "currency": found["currency"],
            "payment_type": found["payment_type"],
            "transaction_status": found["status"],
            "transaction_time": found["time"],
            "fraud_status": found["fraud_status"],
            "merchant_id": "G000000000",
        }
        if found.get("settlement_time"):
            words["settlement_time"] = found["settlement_time"]
        if found["refunds"]:
            words["refund_amount"] = f"{sum(one['amount'] for one in found['refunds'])}.00"
            words["refunds"] = [
                {"refund_key": one["key"], "refund_amount": f"{one['amount']}.00", "created_at": one["time"]}
                for one in found["refunds"]
            ]
        return words

    def _told(self, found: Json) -> Json:
        self.notices.add(self.describe(found))
        return found

    def _wib(self) -> str:
        return f"{datetime.fromtimestamp(self.store.now(), UTC).astimezone(WIB):%Y-%m-%d %H:%M:%S}"

    def _sweep(self) -> None:
        while not self._stopped.wait(SWEEP_SECONDS):
            self.sweep()
