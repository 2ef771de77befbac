"""One JSON line a request on stdout. Addresses with secrets are logged by their pattern only."""

import json
import logging
import re
import sys
import time
from typing import Any

from flask import Flask, g, request
from werkzeug.wrappers import Response

from storefront.core import clock
from storefront.core.privacy import mask_contacts
from storefront.core.tokens import short_code

# PostgreSQL quotes the whole row that broke a rule, with its buyer and its token.
_ROW = re.compile(r"\nDETAIL:.*?(?=\n\[SQL|\nCONTEXT:|\n\nThe above|\n\nDuring|\Z)", re.DOTALL)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON: no line breaks from outside survive, no rows of tables."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = mask_contacts(_ROW.sub("", self.formatException(record.exc_info)))
        line.update(getattr(record, "fields", {}))
        return json.dumps(line)  # ASCII: U+2028 ends a line for some readers


log = logging.getLogger("storefront.requests")


def new_id() -> str:
    """The number that the visitor and the log get of one request."""
    return short_code(12)


def write(
    request_id: str, *, method: str, rule: str, status: int, started: float, address: str | None
) -> None:
    """Log one request; `started` is what `time.perf_counter()` said then."""
    fields = {
        "id": request_id,
        "method": method,
        "rule": rule,
        "status": status,
        "ms": round((time.perf_counter() - started) * 1000, 1),
        "address": address,
    }
    log.info("request", extra={"fields": fields})


def _start() -> None:
    g.request_id = new_id()
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    rule = request.url_rule.rule if request.url_rule else "(none)"
    if request.endpoint not in {"static", "media.file", "health.healthz"}:
        write(
            g.request_id, method=request.method, rule=rule, status=response.status_code, started=g.started,
            address=request.remote_addr,
        )  # fmt: skip
    return response


def init_app(app: Flask) -> None:
    """Give every request an id and a line; print lines as JSON where a server prints them."""
    app.before_request(_start)
    app.after_request(_finish)
    if not app.testing:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonLines())
        root = logging.getLogger("storefront")
        root.handlers[:] = [handler]
        root.setLevel(logging.INFO)
        root.propagate = False
