"""Serves a simulator over HTTP, in a thread of a test or as a program."""

from __future__ import annotations

from devtools.simulators_common.server import StandIn
from devtools.stripe_simulator.app import create_app
from devtools.stripe_simulator.control import Control
from devtools.stripe_simulator.simulator import Settings, Simulator


class SimulatorServer(StandIn):
    """A running simulator.

    In a test: `with SimulatorServer() as server: StripeClient(key, base_addresses={"api": server.base_url})`.
    Port 0 takes a free one. `simulator` gives direct access to its parts, `control` the same over HTTP.
    """

    name = "stripe-simulator"

    def __init__(self, settings: Settings | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.simulator = Simulator(settings or Settings())
        super().__init__(create_app(self.simulator), host, port)
        self.control = Control(self.base_url)

    def begin(self) -> None:
        """Deliver what happens."""
        self.simulator.start()

    def end(self) -> None:
        """Stop delivering."""
        self.simulator.stop()
