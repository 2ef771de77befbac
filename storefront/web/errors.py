"""Every refusal is a page in the shop's own look, with words and a request id."""

import logging

from flask import Flask, current_app, g, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from storefront.core.db import db
from storefront.core.errors import DomainError, TooMany, Unavailable
from storefront.core.language import _
from storefront.web import meta

log = logging.getLogger(__name__)

RETRY_SECONDS = 30


def error_page(status: int, message: str | None = None, *, retry_after: int | None = None) -> Response:
    """The page (or JSON, where a program asks) that explains a refusal. Needs no database."""
    if request.accept_mimetypes.best == "application/json" or request.path.startswith("/webhooks/"):
        response = current_app.make_response((jsonify(error=message or "", status=status), status))
    else:
        meta.describe(index=False, follow=False)
        html = render_template(
            "errors/error.html",
            status=status,
            message=message,
            request_id=g.get("request_id", ""),
            retry_after=retry_after,
        )
        response = current_app.make_response((html, status))
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _domain_error(error: DomainError) -> Response:
    retry_after = error.retry_after if isinstance(error, TooMany | Unavailable) else None
    return error_page(error.status, error.message, retry_after=retry_after)


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # a redirect that werkzeug raised
        return error.get_response()
    response = error_page(error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _limited(error: RateLimitExceeded) -> Response:
    return error_page(429, str(TooMany.default), retry_after=max(1, int(error.limit.limit.get_expiry())))


def _forged(_error: CSRFError) -> Response:
    return error_page(
        400, _("Formulir ini sudah terlalu lama terbuka. Buka halamannya lagi, lalu ulangi isiannya.")
    )


def _database_away(error: Exception) -> Response:
    db.session.rollback()
    log.error("database away: %s", type(error).__name__, extra={"fields": {"id": g.get("request_id")}})
    return error_page(503, str(Unavailable.default), retry_after=RETRY_SECONDS)


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
