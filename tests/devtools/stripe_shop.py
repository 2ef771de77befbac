"""A pretended shop for the simulator's tests: the calls it makes, and a server that verifies webhooks."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

from devtools.stripe_simulator import SimulatorServer

SECRET = "whsec_test_of_the_simulator"


class Receiver:
    """Listens on a free port; `statuses` are the answers to give first, then 200."""

    def __init__(self) -> None:
        self.events: list[stripe.Event] = []
        self.refused = 0
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver.receive(body, self.headers["Stripe-Signature"]))
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe"

    def receive(self, body: bytes, signature: str) -> int:
        """Verify as the shop does; the HTTP status to answer."""
        if self.statuses:
            return self.statuses.pop(0)
        try:
            event = stripe.Webhook.construct_event(body, signature, SECRET)
        except stripe.SignatureVerificationError:
            self.refused += 1
            return 400
        self.events.append(event)
        return 200

    @property
    def types(self) -> list[str]:
        """Types of the events received, in order of arrival."""
        return [event.type for event in self.events]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def client_of(
    server: SimulatorServer, *, retries: int = 0, key: str = "sk_test_simulator"
) -> stripe.StripeClient:
    """The real client, talking to the simulator."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": server.base_url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=5),
    )


def session_params(rupiah: int = 186_000, **changes: Any) -> dict[str, Any]:
    """Parameters as the shop sends them: rupiah in hundredths."""
    product = {"name": "Tas anyaman", "description": "Bengkel Anyam, Lapas Perempuan Tangerang"}
    price = {"currency": "idr", "unit_amount": rupiah * 100, "product_data": product}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": "BTN-1",
        "success_url": "http://shop.test/pesanan/abc?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/checkout",
        "expires_at": int(time.time()) + 35 * 60,
        "locale": "id",
        "metadata": {"order": "BTN-1"},
        "payment_intent_data": {"metadata": {"order": "BTN-1"}},
        **changes,
    }
