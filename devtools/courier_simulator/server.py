"""Serves the stand-in over HTTP, in a thread of a test or of the demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.serving import WSGIRequestHandler

from devtools.courier_simulator.app import Cut, create_app
from devtools.courier_simulator.world import KINDS, Fault, Spot, World
from devtools.simulators_common.server import StandIn


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


class CourierServer(StandIn):
    """A running stand-in; `rajaongkir` and `biteship` are its vendors' bases. Port 0 takes a free one."""

    name = "courier-simulator"

    def __init__(
        self, spots: Iterable[Spot], *, key: str = "", host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.world = World(list(spots), key)
        app = create_app(self.world)
        app.config["PROPAGATE_EXCEPTIONS"] = True
        super().__init__(app, host, port, _Handler)
        self._server.passthrough_errors = True
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

    def stop(self) -> None:
        """Stop serving, also those who wait."""
        self.mend()
        super().stop()
