"""Serves a simulator over HTTP, in a thread of a test or as a program."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from werkzeug.serving import BaseWSGIServer, make_server

from devtools.stripe_simulator.app import create_app
from devtools.stripe_simulator.control import Control
from devtools.stripe_simulator.simulator import Settings, Simulator


class SimulatorServer:
    """A running simulator.

    In a test: `with SimulatorServer() as server: StripeClient(key, base_addresses={"api": server.base_url})`.
    Port 0 takes a free one. `simulator` gives direct access to its parts, `control` the same over HTTP.
    """

    def __init__(self, settings: Settings | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.simulator = Simulator(settings or Settings())
        self._server: BaseWSGIServer = make_server(host, port, create_app(self.simulator), threaded=True)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread: threading.Thread | None = None
        self.base_url = f"http://{host}:{self._server.server_port}"
        self.control = Control(self.base_url)

    def start(self) -> Self:
        """Serve in a thread of its own; returns once connections are accepted."""
        self.simulator.start()
        self._thread = threading.Thread(target=self._serve, name="stripe-simulator", daemon=True)
        self._thread.start()
        return self

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        """Stop serving and delivering; safe to call twice."""
        if self._thread is None:
            return
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._thread = None
        self.simulator.stop()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
