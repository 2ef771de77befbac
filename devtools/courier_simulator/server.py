"""Serves the stand-in over HTTP, in a thread of a test or of the demo."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from devtools.courier_simulator.app import Cut, create_app
from devtools.courier_simulator.world import KINDS, Fault, Spot, World


class _Handler(WSGIRequestHandler):
    """Ends the connection where the app says so, as a vendor that falls over does."""

    def run_wsgi(self) -> None:
        """Answer one request."""
        try:
            super().run_wsgi()
        except Cut:
            self.close_connection = True

    def log(self, _type: str, _message: str, *_args: Any) -> None:
        """Say nothing."""


class CourierServer:
    """A running stand-in; `rajaongkir` and `biteship` are its vendors' bases. Port 0 takes a free one."""

    def __init__(
        self, spots: Iterable[Spot], *, key: str = "", host: str = "127.0.0.1", port: int = 0
    ) -> None:
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        self.world = World(list(spots), key)
        app = create_app(self.world)
        app.config["PROPAGATE_EXCEPTIONS"] = True
        self._server: BaseWSGIServer = make_server(host, port, app, threaded=True, request_handler=_Handler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.passthrough_errors = True
        self._thread: threading.Thread | None = None
        self.base_url = f"http://{host}:{self._server.server_port}"
        self.rajaongkir = f"{self.base_url}/rajaongkir/api/v1"
        self.biteship = f"{self.base_url}/biteship"

    def fail(self, kind: str, *, vendor: str = "", count: int = -1, seconds: float = 30.0) -> None:
        """From now on, or for so many calls, something goes wrong: one of KINDS."""
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        self.world.released.clear()
        self.world.faults.append(Fault(kind, vendor, count, seconds))

    def mend(self) -> None:
        """Everything works again; calls that hang are let go."""
        self.world.faults.clear()
        self.world.released.set()

    def move(
        self, courier: str, waybill: str, stations: Sequence[tuple[str, str, str]], *, delivered: bool = False
    ) -> None:
        """Say where a parcel has been: (WIB moment in ISO, words, place), oldest first."""
        self.world.parcels[courier, waybill] = {"stations": list(stations), "delivered": delivered}

    def calls(self, vendor: str = "") -> int:
        """How many calls came, to a vendor or to both."""
        return sum(vendor in ("", one) for one, _path in self.world.calls)

    def start(self) -> Self:
        """Serve in a thread of its own; returns once connections are accepted."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="courier-simulator", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving; safe to call twice."""
        if self._thread is None:
            return
        self.mend()
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._thread = None
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
