"""A stand-in for Stripe: speaks its wire protocol well enough for the real client, needs no network.

    with SimulatorServer() as server:
        client = StripeClient("sk_test_x", base_addresses={"api": server.base_url})
        server.control.add_endpoint("http://127.0.0.1:8000/webhooks/stripe", "whsec_x")
        session = client.v1.checkout.sessions.create(params={...})
        server.control.pay(session.id)

No money moves and no real card number is accepted or stored.
"""

from devtools.stripe_simulator.control import Control
from devtools.stripe_simulator.server import SimulatorServer
from devtools.stripe_simulator.simulator import Settings
from devtools.stripe_simulator.webhooks import RetryPlan

__all__ = ["Control", "RetryPlan", "Settings", "SimulatorServer"]
