"""The shop behind a real socket on this machine, for the browser and for clients of its own kind."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support import slow


class QuietHandler(WSGIRequestHandler):
    """Does not print a line a request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        pass


def listen() -> socket.socket:
    """Take a free port; the address is known before the shop that will answer there is made."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen(64)
    return taken


@contextlib.contextmanager
def serving(app: Flask, taken: socket.socket) -> Iterator[str]:
    """Answer on a taken port, a thread for each request, until the block ends; yields the address."""
    host, port = taken.getsockname()
    server = make_server(
        host, port, slow.answering(app), threaded=True, request_handler=QuietHandler, fd=taken.fileno()
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
