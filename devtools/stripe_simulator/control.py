"""A client for the testers' side of a simulator, wherever it runs. Standard library only."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote, urlsplit

Json = dict[str, Any]


class ControlError(RuntimeError):
    """The simulator refused; the text says why."""


class Control:
    """Pay, break and inspect a simulator. Amounts are in hundredths, as in the API."""

    def __init__(self, base_url: str) -> None:
        self._netloc = urlsplit(base_url).netloc

    def pay(self, session_id: str, card: str = "4242424242424242", *, confirmed: bool = True) -> Json:
        """Pay (or be declined) without a browser; the session as it is afterwards."""
        return self._post(f"/sessions/{session_id}/pay", card=card, confirmed=confirmed)

    def pay_later(self, session_id: str) -> Json:
        """Complete with a delayed method: status complete, payment_status unpaid."""
        return self._post(f"/sessions/{session_id}/pay_later")

    def settle(self, session_id: str, *, succeeded: bool = True) -> Json:
        """Let delayed money arrive or fail."""
        return self._post(f"/sessions/{session_id}/settle", succeeded=succeeded)

    def set_amount(self, session_id: str, amount_total: int) -> Json:
        """Make an open session ask for another sum than its lines."""
        return self._post(f"/sessions/{session_id}/amount", amount_total=amount_total)

    def sessions(self) -> list[Json]:
        """All sessions, oldest first."""
        return self._get("/sessions")

    def refunds(self) -> list[Json]:
        """All refunds, oldest first."""
        return self._get("/refunds")

    def pending_refunds(self, count: int = 1) -> None:
        """So many of the next refunds start as pending."""
        self._post("/refunds/pending", count=count)

    def settle_refund(self, refund_id: str, *, succeeded: bool = True) -> Json:
        """Let a pending refund arrive or fail."""
        return self._post(f"/refunds/{refund_id}/settle", succeeded=succeeded)

    def add_endpoint(self, url: str, secret: str, enabled_events: list[str] | None = None) -> None:
        """Send events to this address."""
        self._post("/webhooks/endpoints", url=url, secret=secret, enabled_events=enabled_events or ["*"])

    def remove_endpoints(self, url: str | None = None) -> None:
        """Send nothing to this address, or nowhere at all."""
        self._call("DELETE", "/webhooks/endpoints", {"url": url})

    def webhook_faults(self, **faults: Any) -> None:
        """repeat, parallel, delay, hold, drop, bad_signature, types; what is not named works normally."""
        self._post("/webhooks/faults", **faults)

    def held(self) -> list[Json]:
        """Deliveries kept back by `hold`."""
        return self._get("/webhooks/held")

    def release(self, order: list[str] | None = None, *, reverse: bool = False) -> int:
        """Send held deliveries in this order of event ids or types; returns how many."""
        return int(self._post("/webhooks/release", order=order, reverse=reverse)["released"])

    def flush(self, timeout: float = 5.0, *, retries: bool = False) -> bool:
        """Wait until nothing is due; with `retries`, also send now what waits for another try."""
        return bool(self._post("/webhooks/flush", timeout=timeout, retries=retries)["idle"])

    def deliveries(self) -> list[Json]:
        """Every delivery attempt so far."""
        return self._get("/webhooks/deliveries")

    def events(self, kind: str | None = None) -> list[Json]:
        """All events (of a type), oldest first."""
        return self._get(f"/events?type={quote(kind)}" if kind else "/events")

    def forge(
        self, event_type: str, object_id: str, *, kind: str = "checkout.session", **changes: Any
    ) -> Json:
        """Emit an event about an object of this kind, true or not, with these fields altered."""
        return self._post("/events", type=event_type, id=object_id, kind=kind, changes=changes)

    def resend(self, event_id: str) -> None:
        """Send an event again."""
        self._post(f"/events/{event_id}/resend")

    def signed(self, event_id: str, secret: str) -> tuple[str, str]:
        """Payload and `Stripe-Signature` of an event, for a test that posts it itself."""
        answer = self._post(f"/events/{event_id}/signed", secret=secret)
        return answer["payload"], answer["signature"]

    def api_fault(self, action: str = "status", **details: Any) -> None:
        """Trouble for coming calls: status, cut or hang; with status, after, seconds, count, method, path."""
        self._post("/api/faults", action=action, **details)

    def clear_faults(self) -> None:
        """Everything works again."""
        self._call("DELETE", "/api/faults")

    def advance(self, seconds: float) -> int:
        """Move the clock; returns how many sessions expired."""
        return int(self._post("/clock/advance", seconds=seconds)["expired"])

    def reset(self) -> None:
        """Forget everything but the webhook endpoints."""
        self._post("/reset")

    def _get(self, path: str) -> list[Json]:
        answer: list[Json] = self._call("GET", path)
        return answer

    def _post(self, path: str, /, **body: Any) -> Json:
        answer: Json = self._call("POST", path, body)
        return answer

    def _call(self, method: str, path: str, body: Json | None = None) -> Any:
        connection = http.client.HTTPConnection(self._netloc, timeout=15)
        try:
            headers = {"Content-Type": "application/json", "Connection": "close"}
            connection.request(method, f"/_test{path}", json.dumps(body or {}), headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise ControlError(f"{response.status} {text.decode(errors='replace')}")
        return json.loads(text)
