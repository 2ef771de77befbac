"""Signing in and out, becoming a buyer, and everybody's own account."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, session
from flask_login import LoginManager, current_user, login_user
from werkzeug.wrappers import Response

from storefront.accounts import services
from storefront.accounts.models import Role, User

bp = Blueprint("accounts", __name__)

Known = Callable[[int, Response], None]
"""Somebody is known to be this buyer, and this answer goes to their browser."""

WAITING, WANTED = "menunggu", "lanjut"
"""What the cookie holds between the two steps: the half-open session's token, and where to go after."""

_ODD = re.compile(r"[\\\x00-\x20\x7f]")


def init_app(app: Flask, on_known: tuple[Known, ...] = ()) -> None:
    """Let `current_user` be whom the session's token stands for; templates see it too.

    `on_known` is what other features do when a buyer signs in: take over what the browser kept for
    them, and orders that were placed with their address. Flask-Login's own `init_app` is not called:
    it reads the session after every request, for a "remember me" cookie that we do not have, and no
    cache could keep a shared page any more.
    """
    from storefront.accounts.views import entry, factor, own, places, second  # noqa: F401  (their routes)

    manager = LoginManager()
    manager.session_protection = None  # addresses of phones change while people shop
    manager.user_loader(services.resume)
    app.login_manager = manager  # type: ignore[attr-defined]
    app.extensions["on_known_buyer"] = on_known
    app.extensions["is_waiting"] = lambda: waiting() is not None
    app.jinja_env.globals["current_user"] = current_user
    app.register_blueprint(bp)


def let_in(user: User, response: Response) -> Response:
    """Begin a session. What the browser brought from before signing in is dropped."""
    user_id, is_buyer = user.id, user.role == Role.BUYER
    session.clear()
    session.permanent = is_buyer  # the office's PC forgets when its browser closes
    login_user(user)
    if is_buyer:
        greet(user_id, response)
    return response


def hold(token: str, response: Response, wanted: str) -> Response:
    """Keep a half-open session in the browser until the second step. Nobody is signed in by that."""
    session.clear()
    session[WAITING], session[WANTED] = token, wanted
    session.permanent = False
    return response


def waiting() -> services.Waiting | None:
    """Whose second step this browser is at."""
    token = session.get(WAITING, "")
    return services.waiting(token) if token else None


def greet(user_id: int, response: Response) -> None:
    """Let the other features know whose browser this is."""
    for hook in current_app.extensions["on_known_buyer"]:
        hook(user_id, response)


def own_path(text: str | None) -> str:
    """The text if it is a path of this shop, else ''. Nothing that a browser reads as another host."""
    if not text or len(text) > 500 or not text.startswith("/") or text.startswith("//") or _ODD.search(text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text


__all__ = ["WAITING", "WANTED", "bp", "greet", "hold", "init_app", "let_in", "own_path", "waiting"]
