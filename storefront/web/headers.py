"""Headers of every answer: a strict content policy, and who may keep a copy."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from storefront.web.access import Access, access_of


def content_policy(pay_pages: str) -> str:
    """The Content-Security-Policy: own files only, no inline script or style.

    `pay_pages` are the origins of hosted pay pages: browsers apply form-action to redirects too.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {pay_pages}".strip(),
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )


CODE_WORKER = "js/code-worker.js"
"""The one script that may run WebAssembly: a worker has the policy of its own file, not of the page."""
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def add_headers(response: Response) -> Response:
    """Security headers for all; `no-store` for whatever belongs to one person, and for every refusal."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # The order page's address is a secret: it must not travel to other sites.
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.status_code >= 400 or access_of(request.endpoint) not in {Access.SHARED, Access.MACHINE}:
        headers["Cache-Control"] = "no-store"
    return response


def _policy() -> str:
    is_worker = request.endpoint == "static" and request.path.endswith(f"/{CODE_WORKER}")
    return WORKER_POLICY if is_worker else str(current_app.config["CONTENT_POLICY"])


def init_app(app: Flask) -> None:
    """Compute the policy once and add the headers to every answer."""
    app.config["CONTENT_POLICY"] = content_policy(" ".join(pay_pages(app.config)))
    app.after_request(add_headers)


def pay_pages(config: Mapping[str, Any]) -> list[str]:
    """The origins of the hosted pay pages that this shop sends buyers to."""
    origins = []
    if config["STRIPE_SECRET_KEY"]:
        base = urlsplit(config["STRIPE_API_BASE"] or "https://checkout.stripe.com")
        host = "checkout.stripe.com" if base.netloc == "api.stripe.com" else base.netloc
        origins.append(f"{base.scheme}://{host}")
    if config["MIDTRANS_SERVER_KEY"]:
        base = urlsplit(config["MIDTRANS_SNAP_BASE"] or "https://app.midtrans.com")
        origins.append(f"{base.scheme}://{base.netloc}")
    return origins
