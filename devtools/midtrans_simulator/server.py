"""Serves the stand-in over HTTP, in a thread of a test or of the demo."""

from __future__ import annotations

from devtools.midtrans_simulator.account import Account, Settings
from devtools.midtrans_simulator.app import create_app
from devtools.simulators_common.faults import ApiFault, WebhookFaults
from devtools.simulators_common.server import StandIn


class MidtransServer(StandIn):
    """A running stand-in; both bases are its `base_url`. Port 0 takes a free one."""

    name = "midtrans-simulator"

    def __init__(
        self, key: str, settings: Settings | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.account = Account(key, settings or Settings())
        super().__init__(create_app(self.account), host, port)

    def api_fault(self, action: str = "status", **how: object) -> None:
        """Coming API calls go wrong: see ApiFault."""
        self.account.faults.add_api_fault(ApiFault.from_json({"action": action, **how}))

    def notice_faults(self, **how: object) -> None:
        """Notifications go wrong until this is changed: see WebhookFaults."""
        self.account.faults.webhooks = WebhookFaults.from_json(how)

    def begin(self) -> None:
        """Tell what happens."""
        self.account.start()

    def end(self) -> None:
        """Stop telling."""
        self.account.stop()
