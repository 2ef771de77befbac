"""What pages show of people and their sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storefront.accounts.models import Address, SecondFactor, User, UserSession
from storefront.accounts.services import factors
from storefront.accounts.services.sessions import end_of
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import NotFound
from storefront.core.language import _
from storefront.core.tokens import token_hash


@dataclass(frozen=True)
class SessionRow:
    """A browser in which a person is signed in; `browser` is said in plain words."""

    id: int
    browser: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def sessions_of(user_id: int, *, token: str = "") -> list[SessionRow]:
    """The open sessions of a person, the latest seen first; `token` marks the one that asks."""
    rows = db.session.scalars(
        select(UserSession)
        .filter_by(user_id=user_id, is_complete=True)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    moment, this = clock.now(), token_hash(token)
    return [
        SessionRow(
            id=row.id,
            browser=browser_name(row.user_agent),
            address=row.address,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.token_hash == this,
        )
        for row in rows
        if end_of(row) > moment
    ]


_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
"""In this order: browsers also name those that they descend from."""


def browser_name(user_agent: str) -> str:
    """'Chrome di Android', from what the browser says of itself."""
    browser = next((name for word, name in _BROWSERS.items() if word in user_agent), _("Peramban lain"))
    system = next((name for word, name in _SYSTEMS.items() if word in user_agent), "")
    return _("%(browser)s di %(system)s", browser=browser, system=system) if system else browser


@dataclass(frozen=True)
class FactorState:
    """A person's second factor: since when there is one, recovery codes left, and whether it may go."""

    since: datetime | None
    codes_left: int
    is_required: bool


def factor_of(user: User) -> FactorState:
    """What the account's page says of the second factor. Two queries."""
    factor = db.session.get(SecondFactor, user.id)
    return FactorState(
        factor.confirmed_at if factor else None, factors.codes_left(user.id), factors.is_required(user)
    )


def addresses_of(user_id: int) -> list[Address]:
    """A buyer's address book, the default first."""
    rows = db.session.scalars(
        select(Address).filter_by(user_id=user_id).order_by(Address.is_default.desc(), Address.id)
    )
    return list(rows)


def address_of(user_id: int, address_id: int) -> Address:
    """One address of a buyer's own. Raises NotFound."""
    row = db.session.scalar(select(Address).filter_by(user_id=user_id, id=address_id))
    if row is None:
        raise NotFound
    return row
