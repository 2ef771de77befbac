"""Carries a webhook to the shop over HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

# (url, body, headers) -> status of the answer. Raises OSError or HTTPException when there is none.
Transport = Callable[[str, bytes, dict[str, str]], int]

TIMEOUT_SECONDS = 10


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST once, without following redirects: to vendors anything but 2xx means "not received"."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()
