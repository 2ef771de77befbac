"""The character that says nothing (U+0000): no keyboard has it, and PostgreSQL keeps it in no text.

An address that holds it is read without it, before anything is looked up with what it says.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class WithoutNothing:
    """WSGI middleware: takes U+0000 out of paths and queries."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["PATH_INFO"] = environ.get("PATH_INFO", "").replace("\0", "")
        environ["QUERY_STRING"] = environ.get("QUERY_STRING", "").replace("%00", "")
        return self.app(environ, start_response)


def init_app(app: Flask) -> None:
    """Put it before whatever reads an address."""
    app.wsgi_app = WithoutNothing(app.wsgi_app)  # type: ignore[method-assign]
