"""Every refusal is a page in the shop's own look, with words and a request id."""

import logging
import time

from flask import Flask, current_app, g, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from storefront.core.db import db
from storefront.core.errors import DomainError, Forbidden, NotFound, TooMany, Unavailable
from storefront.core.language import _
from storefront.web import meta
from storefront.web.browser import wants_json
from storefront.web.limits import limiter
from storefront.web.menus import ROOTS

log = logging.getLogger(__name__)

RETRY_SECONDS = 30
PASSES = {408, 429, 500, 502, 503, 504}
"""What may be gone in a moment: the same address can be asked again."""
USUAL = {DomainError, NotFound, Forbidden, TooMany, Unavailable}
"""Errors whose own words, unless others were given, say no more than their page does."""


def error_page(
    status: int, message: str | None = None, *, usual: bool = False, retry_after: int | None = None
) -> Response:
    """The page (or JSON, where a program asks) that explains a refusal. Needs no database.

    `usual` words of an error are for programs only: the page has its own, which say what to do.
    """
    if wants_json() or request.path.startswith("/webhooks/"):
        response = current_app.make_response((jsonify(error=message or "", status=status), status))
    else:
        meta.describe(index=False, follow=False)
        html = render_template(
            "errors/error.html",
            status=status,
            message=None if usual else message,
            again=status in PASSES and request.method == "GET",
            before=_page_before(),
            room=next((root for root in ROOTS if request.path.startswith(f"{root}/")), None),
            request_id=g.get("request_id", ""),
            retry_after=retry_after,
        )
        response = current_app.make_response((html, status))
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page_before() -> str | None:
    """The path of the page of ours that led here, for a way back; None when there was none.

    Does not ask `request.host`: what is refused may be the host.
    """
    shop = f"{request.scheme}://{request.environ.get('HTTP_HOST')}/"
    came_from = request.referrer or ""
    if not came_from.startswith(shop):
        return None
    path = "/" + came_from.removeprefix(shop).lstrip("/\\ \t")  # never another site's address
    itself = request.method == "GET" and path.partition("?")[0] == request.root_path + request.path
    return None if itself else path


def _domain_error(error: DomainError) -> Response:
    retry_after = error.retry_after if isinstance(error, TooMany | Unavailable) else None
    usual = type(error) in USUAL and error.message == str(error.default)
    return error_page(error.status, error.message, usual=usual, retry_after=retry_after)


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # a redirect that werkzeug raised
        return error.get_response()
    response = error_page(error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _limited(error: RateLimitExceeded) -> Response:
    asked, whole = limiter.current_limit, error.limit.limit.get_expiry()
    wait = asked.reset_at - int(time.time()) if asked else whole  # whole seconds: may be one too many
    return error_page(429, str(TooMany.default), usual=True, retry_after=min(max(1, wait), whole))


def _forged(_error: CSRFError) -> Response:
    return error_page(
        400, _("Formulir ini sudah terlalu lama terbuka. Buka halamannya lagi, lalu ulangi isiannya.")
    )


def _database_away(error: Exception) -> Response:
    db.session.rollback()
    log.error("database away: %s", type(error).__name__, extra={"fields": {"id": g.get("request_id")}})
    return error_page(503, str(Unavailable.default), usual=True, retry_after=RETRY_SECONDS)


def _driver_error(error: DBAPIError) -> Response:
    """A cut connection is an outage; any other error of the driver is a bug of ours."""
    if error.connection_invalidated:
        return _database_away(error)
    return _crashed(error)


def _crashed(error: Exception) -> Response:
    db.session.rollback()
    log.error("unhandled error", exc_info=error, extra={"fields": {"id": g.get("request_id")}})
    return error_page(500)


def init_app(app: Flask) -> None:
    """Install one handler a kind of error."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RateLimitExceeded, _limited)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(DBAPIError, _driver_error)
    if not app.config["PROPAGATE_BUGS"]:
        app.register_error_handler(Exception, _crashed)
