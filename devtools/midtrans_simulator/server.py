"""Serves the stand-in over HTTP, in a thread of a test or of the demo."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from werkzeug.serving import BaseWSGIServer, make_server

from devtools.midtrans_simulator.account import Account, Settings
from devtools.midtrans_simulator.app import create_app
from devtools.simulators_common.faults import ApiFault, WebhookFaults


class MidtransServer:
    """A running stand-in; both bases are its `base_url`. Port 0 takes a free one."""

    def __init__(
        self, key: str, settings: Settings | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.account = Account(key, settings or Settings())
        self._server: BaseWSGIServer = make_server(host, port, create_app(self.account), threaded=True)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread: threading.Thread | None = None
        self.base_url = f"http://{host}:{self._server.server_port}"

    def api_fault(self, action: str = "status", **how: object) -> None:
        """Coming API calls go wrong: see ApiFault."""
        self.account.faults.add_api_fault(ApiFault.from_json({"action": action, **how}))

    def notice_faults(self, **how: object) -> None:
        """Notifications go wrong until this is changed: see WebhookFaults."""
        self.account.faults.webhooks = WebhookFaults.from_json(how)

    def start(self) -> Self:
        """Serve in a thread of its own; returns once connections are accepted."""
        self.account.start()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="midtrans-simulator", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and telling; safe to call twice."""
        if self._thread is None:
            return
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._thread = None
        self.account.stop()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
