"""Serves a stand-in over HTTP, in a thread of a test, of the demo, or of a program of its own."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

POLL = 0.02
"""Seconds until a stop is noticed: tests start and stop many servers."""


class StandIn:
    """A server in a thread of its own, up as long as its `with` block. Port 0 takes a free one."""

    name = ""

    def __init__(
        self, app: Flask, host: str, port: int, handler: type[WSGIRequestHandler] | None = None
    ) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server: BaseWSGIServer = make_server(host, port, app, threaded=True, request_handler=handler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread: threading.Thread | None = None
        self.base_url = f"http://{host}:{self._server.server_port}"

    def begin(self) -> None:
        """What starts with the server."""

    def end(self) -> None:
        """What ends with the server."""

    def start(self) -> Self:
        """Serve in a thread of its own; returns once connections are accepted."""
        self.begin()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), name=self.name, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving; safe to call twice."""
        if self._thread is None:
            return
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._thread = None
        self.end()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
