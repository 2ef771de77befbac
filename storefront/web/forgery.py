"""Requests that other sites make in our visitors' name are refused.

First check, for every unsafe request: browsers say where a request comes from (`Sec-Fetch-Site`,
else `Origin`). A request with neither comes from no browser and carries nobody's cookies by
accident. Second check: forms on personal pages also carry Flask-WTF's token.
"""

from flask import Flask, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from storefront.core.errors import Forbidden
from storefront.core.language import lazy

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
csrf = CSRFProtect()


class ForeignRequest(Forbidden):
    """An unsafe request that another site started."""

    default = lazy("Permintaan ini tidak berasal dari halaman toko. Buka halamannya lagi, lalu ulangi.")


def refuse_foreign() -> None:
    """Raise ForeignRequest for an unsafe request that another origin started."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise ForeignRequest
    elif origin is not None and origin.partition("://")[2] != request.host:
        raise ForeignRequest


def init_app(app: Flask) -> None:
    """Install both checks."""
    app.before_request(refuse_foreign)
    csrf.init_app(app)


__all__ = ["CSRFError", "ForeignRequest", "csrf", "init_app", "refuse_foreign"]
