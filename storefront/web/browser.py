"""What a visitor's browser keeps for us and for how long, and what it wants."""

from flask import current_app, request
from werkzeug.wrappers import Response

CART_COOKIE = "keranjang"
COUNT_COOKIE = "isi_keranjang"
FAIR_COOKIE = "asal"
ORDER_COOKIE = "pesanan"
LIST_COOKIE = "simpanan"
SAVED_COOKIE = "disimpan"
DAY = 24 * 3600
DAYS_90 = 90 * DAY


def cart_token() -> str | None:
    """The token of this browser's cart."""
    return request.cookies.get(CART_COOKIE) or None


def wants_json() -> bool:
    """Does a script ask, and not a browser that shows a page?"""
    return request.accept_mimetypes.best == "application/json"


def remember(
    response: Response, name: str, value: str, *, readable: bool = False, seconds: int = DAYS_90
) -> None:
    """Keep a value, for 90 days unless said otherwise; hidden from scripts unless `readable`."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=not readable,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
        path="/",
    )


def remember_cart(response: Response, token: str) -> None:
    """Keep the cart's token, unless the browser has it already."""
    if request.cookies.get(CART_COOKIE) != token:
        remember(response, CART_COOKIE, token)


def forget(response: Response, name: str) -> None:
    """Remove a value."""
    response.delete_cookie(name, path="/")
