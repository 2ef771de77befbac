"""Headers of every answer: a strict content policy, and who may keep a copy."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from storefront.web.access import Access, access_of


def content_policy(card_page: str) -> str:
    """The Content-Security-Policy: own files only, no inline script or style.

    `card_page` is the origin of the hosted pay page: browsers apply form-action to redirects too.
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
            f"form-action 'self' {card_page}".strip(),
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )


def add_headers(response: Response) -> Response:
    """Security headers for all; `no-store` for whatever belongs to one person, and for every refusal."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_POLICY"])
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


def init_app(app: Flask) -> None:
    """Compute the policy once and add the headers to every answer."""
    base = urlsplit(app.config["STRIPE_API_BASE"] or "https://checkout.stripe.com")
    host = "checkout.stripe.com" if base.netloc == "api.stripe.com" else base.netloc
    card_page = f"{base.scheme}://{host}" if app.config["STRIPE_SECRET_KEY"] else ""
    app.config["CONTENT_POLICY"] = content_policy(card_page)
    app.after_request(add_headers)
