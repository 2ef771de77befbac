"""What a visitor's browser keeps for us, and for how long."""

from flask import current_app, request
from werkzeug.wrappers import Response

CART_COOKIE = "keranjang"
COUNT_COOKIE = "isi_keranjang"
FAIR_COOKIE = "asal"
ORDER_COOKIE = "pesanan"
LIST_COOKIE = "simpanan"
SAVED_COOKIE = "disimpan"
DAYS_90 = 90 * 24 * 3600


def cart_token() -> str | None:
    """The token of this browser's cart."""
    return request.cookies.get(CART_COOKIE) or None


def remember(response: Response, name: str, value: str, *, readable: bool = False) -> None:
    """Keep a value for 90 days; hidden from scripts unless `readable`."""
    response.set_cookie(
        name,
        value,
        max_age=DAYS_90,
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
