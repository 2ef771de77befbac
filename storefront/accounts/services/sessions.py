"""Signing in and out. A session is a row; without its row a copied cookie opens nothing."""

import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.exc import DBAPIError

from storefront.accounts.models import (
    EmailChange,
    PasswordLink,
    Registration,
    Role,
    SignInAttempt,
    User,
    UserSession,
)
from storefront.accounts.services import factors, passwords, throttle, totp
from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import Forbidden, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.secrecy import seal
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction

log = logging.getLogger(__name__)

LONGEST = timedelta(days=30)
IDLE_BUYER = timedelta(days=30)
IDLE_STAFF = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
HALF_OPEN = timedelta(minutes=30)
"""How long the second step may take: an authenticator has to be installed on a slow line first."""


class WrongCredentials(Invalid):
    """E-mail or password is wrong; which of them is not said."""

    def __init__(self) -> None:
        super().__init__(_("E-mail atau kata sandi salah."))


class AccountDisabled(Forbidden):
    """The password was right, but the office has closed this account."""

    default = lazy("Akun ini dinonaktifkan. Hubungi Kanwil.")


def sign_in(email: str, password: str, *, address: str, user_agent: str) -> str:
    """Open a session and return its token, the only copy there is.

    Whoever has a second factor, or must have one, gets a session that opens nothing yet: `services.waiting`
    tells what it waits for. Raises TooMany, WrongCredentials or AccountDisabled. An unknown e-mail takes the
    time of a known one. The password is checked outside any transaction: it takes too long to hold a lock.
    """
    email = email.strip().lower()
    subject = f"masuk:{token_hash(email)}"  # what was typed may be a password in the wrong field
    user = None if "\0" in email else db.session.scalar(select(User).filter_by(email=email))
    user_id, stored = (user.id, user.password_hash) if user else (None, None)
    known = user_id is not None and _signed_in_from(user_id, address)
    throttle.note_attempt(subject, address, known_address=known)
    db.session.rollback()  # no connection is kept waiting for argon2
    if not passwords.matches(stored, password) or user_id is None or stored is None:
        log.info("sign-in refused", extra={"fields": {"user": user_id, "address": address}})
        raise WrongCredentials
    fresh = passwords.hash_password(password) if passwords.is_outdated(stored) else None
    return _open(user_id, stored, fresh, subject=subject, address=address, user_agent=user_agent)


def _open(
    user_id: int, stored: str, fresh: str | None, *, subject: str, address: str, user_agent: str
) -> str:
    """Store the session, unless the account changed while its password was being checked."""
    token, moment = new_token(), clock.now()
    with transaction():
        user = locked(User, user_id)
        if user.password_hash != stored:
            raise WrongCredentials
        if not user.is_enabled or (user.is_demo and current_app.config["ENV"] != "development"):
            raise AccountDisabled  # everybody knows the demo's passwords
        if fresh is not None:
            user.password_hash = fresh
        throttle.forget_attempts(subject, address)
        has_factor = factors.has_factor(user_id)
        waits = has_factor or factors.is_required(user)
        db.session.add(
            UserSession(
                token_hash=token_hash(token),
                user_id=user_id,
                address=throttle.network_of(address),
                user_agent="".join(letter for letter in user_agent if letter.isprintable())[:200],
                created_at=moment,
                last_seen_at=moment,
                expires_at=moment + (HALF_OPEN if waits else LONGEST),
                is_complete=not waits,
                # Only who has no authenticator may set one up with the password alone.
                new_secret=seal(totp.new_secret()) if waits and not has_factor else "",
            )
        )
    log.info("password right", extra={"fields": {"user": user_id, "address": address, "waits": waits}})
    return token


def _signed_in_from(user_id: int, address: str) -> bool:
    """Is this person signed in at this address right now?"""
    moment = clock.now()
    statement = select(
        exists().where(
            UserSession.user_id == user_id,
            UserSession.address == throttle.network_of(address),
            UserSession.expires_at > moment,
            UserSession.is_complete,
        )
    )
    return bool(db.session.scalar(statement))


def resume(token: str) -> User | None:
    """The person a session's token stands for, or None when it is over or waits for the second step.

    One query. Notes when the person was last seen, at most every five minutes.
    """
    row = db.session.scalar(select(UserSession).filter_by(token_hash=token_hash(token)))
    moment = clock.now()
    if row is None or not row.is_complete or not row.user.is_enabled or moment >= end_of(row):
        return None
    user = row.user
    user.session_token = token
    if moment - row.last_seen_at >= SEEN_EVERY:
        _mark_seen(row.id, moment)
    return user


def end_of(row: UserSession) -> datetime:
    """When a session ends if nothing more is heard of it."""
    idle = IDLE_BUYER if row.user.role == Role.BUYER else IDLE_STAFF
    return min(row.expires_at, row.last_seen_at + idle)


def _mark_seen(session_id: int, moment: datetime) -> None:
    try:
        with transaction():
            db.session.execute(
                update(UserSession)
                .where(UserSession.id == session_id)
                .values(last_seen_at=moment)
                .execution_options(synchronize_session=False)
            )
    except DBAPIError:  # a full disk must not keep people from reading
        log.warning("last_seen_at could not be written")


def sign_out(token: str) -> None:
    """End the session of this token; nothing happens when it is over already."""
    with transaction():
        db.session.execute(delete(UserSession).where(UserSession.token_hash == token_hash(token)))


def end_session(user_id: int, session_id: int, *, by_id: int | None = None) -> None:
    """End one session of this person. Raises NotFound for anybody else's.

    `by_id` names the officer who does it to somebody: then it stands in the audit log.
    """
    with transaction():
        ended = db.session.execute(
            delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
        )
        if ended.rowcount == 0:  # type: ignore[attr-defined]
            raise NotFound(_("Sesi itu sudah berakhir."))
        if by_id is not None:
            auditlog.write("user.session_ended", "user", user_id, actor_id=by_id)


def end_sessions(user_id: int, *, except_token: str = "", by_id: int | None = None) -> None:
    """End all sessions of a person at once, all but one when its token is given.

    `by_id` names the officer who does it to somebody: then it stands in the audit log.
    """
    with transaction():
        if by_id is not None:
            auditlog.write("user.signed_out", "user", user_id, actor_id=by_id)
        kept = UserSession.token_hash != token_hash(except_token)
        db.session.execute(delete(UserSession).where(UserSession.user_id == user_id, kept))


def tidy() -> int:
    """Delete attempts, sessions, links and wishes that mean nothing any more; returns how many. Run daily."""
    moment = clock.now()
    statements = (
        delete(SignInAttempt).where(SignInAttempt.at < moment - throttle.WINDOW),
        delete(UserSession).where(UserSession.expires_at < moment),
        delete(PasswordLink).where(or_(PasswordLink.expires_at < moment, PasswordLink.used_at.is_not(None))),
        delete(Registration).where(Registration.expires_at < moment),
        delete(EmailChange).where(EmailChange.expires_at < moment),
    )
    with transaction():
        return sum(db.session.execute(statement).rowcount for statement in statements)  # type: ignore[attr-defined]
