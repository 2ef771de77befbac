"""Accounts: making, inviting, disabling, and choosing passwords."""

import re
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import PasswordLink, Role, User
from storefront.accounts.services import identity, passwords
from storefront.accounts.services.sessions import end_sessions
from storefront.core import auditlog, clock, letters, outbox
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction

LINK_DAYS = 7
LETTER = "accounts.password_link"
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def normalise_email(text: str) -> str:
    """The e-mail address in lower case. Raises ValueError with words for the person.

    ASCII only: look-alike letters of other scripts make no second account.
    """
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise ValueError(_("Tulis alamat e-mail yang lengkap, misalnya nama@contoh.go.id."))
    return email


def checked_email(text: str) -> str:
    """The e-mail address in lower case. Raises Invalid on field `email`."""
    try:
        return normalise_email(text)
    except ValueError as error:
        raise Invalid({"email": str(error)}) from error


def hide_beginning(user_id: int, *, hidden: bool) -> None:
    """Leave the first steps out of somebody's *Hari ini*, or show them again."""
    with transaction():
        locked(User, user_id).hides_beginning = hidden


def create_user(
    email: str, *, name: str, role: Role, password: str | None = None, is_demo: bool = False
) -> User:
    """Make an account; without a password its owner chooses one by a link.

    Raises Invalid: e-mail not one, or taken; no name; password too weak.
    """
    errors: dict[str, str] = {}
    try:
        email = normalise_email(email)
    except ValueError as error:
        errors["email"] = str(error)
    name = _tidy_name(name, errors)
    if password is not None and (problem := passwords.problem_of(password, about=_about(email, name))):
        errors["password"] = problem
    if errors:
        raise Invalid(errors)
    stored = passwords.hash_password(password) if password is not None else None
    user = User(
        email=email, name=name, role=role, password_hash=stored, is_demo=is_demo, created_at=clock.now()
    )
    try:
        with transaction():
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise Invalid({"email": _("E-mail ini sudah dipakai.")}) from error
    return user


def _tidy_name(name: str, errors: dict[str, str]) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 120 or not name.isprintable():
        errors["name"] = _("Tulis nama, paling banyak 120 huruf.")
    return name


def _about(email: str, name: str) -> tuple[str, ...]:
    return (email, name, current_app.config["SHOP_NAME"])


def change_name(user_id: int, name: str) -> None:
    """Change how a person is called. Raises Invalid."""
    errors: dict[str, str] = {}
    name = _tidy_name(name, errors)
    if errors:
        raise Invalid(errors)
    with transaction():
        locked(User, user_id).name = name


def change_password(user_id: int, current: str, new: str, *, token: str, address: str) -> None:
    """Change one's own password; every session but the one with `token` ends at once.

    Raises Invalid on field `current` (not the password) or `new` (too weak), and TooMany.
    """
    user = found(User, user_id)
    about = _about(user.email, user.name)
    identity.check_own_password(user_id, current, address=address, field="current")
    if problem := passwords.problem_of(new, about=about):
        raise Invalid({"new": problem})
    _store_password(user_id, passwords.hash_password(new), except_token=token)


def _store_password(user_id: int, stored: str, *, except_token: str = "") -> None:
    with transaction():
        locked(User, user_id).password_hash = stored
        _end_links(user_id)
        end_sessions(user_id, except_token=except_token)


def _end_links(user_id: int) -> None:
    db.session.execute(
        update(PasswordLink)
        .where(PasswordLink.user_id == user_id, PasswordLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def disable_user(user_id: int, *, by_id: int) -> None:
    """Close an account: its sessions and links end at once. Raises DomainError.

    Nobody closes their own account, and the last open account of the office stays open.
    """
    if user_id == by_id:
        raise DomainError(_("Anda tidak dapat menonaktifkan akun sendiri."))
    with transaction():
        # Two officials who disable each other wait here for one another.
        office = db.session.scalars(
            for_update(select(User).filter_by(role=Role.REGIONAL, is_enabled=True).order_by(User.id))
        ).all()
        user = locked(User, user_id)
        if user in office and len(office) == 1:
            raise DomainError(_("Ini akun Kanwil terakhir yang aktif. Aktifkan akun lain lebih dulu."))
        user.is_enabled = False
        _end_links(user_id)
        end_sessions(user_id)
        auditlog.write("user.disabled", "user", user_id, actor_id=by_id, role=user.role)


def enable_user(user_id: int, *, by_id: int | None = None) -> None:
    """Open a closed account again."""
    with transaction():
        user = locked(User, user_id)
        user.is_enabled = True
        auditlog.write("user.enabled", "user", user_id, actor_id=by_id, role=user.role)


# --- links ----------------------------------------------------------------------------------------


def create_link(user_id: int) -> str:
    """A link's token with which a person chooses a password once, within seven days.

    Older links stay good, since one may be in a letter under way; the first that is used ends all.
    """
    token = new_token()
    with transaction():
        if not locked(User, user_id).is_enabled:
            raise DomainError(_("Akun ini dinonaktifkan. Aktifkan lebih dulu."))
        db.session.add(
            PasswordLink(
                token_hash=token_hash(token),
                user_id=user_id,
                expires_at=clock.now() + timedelta(days=LINK_DAYS),
            )
        )
    return token


def send_link(user_id: int) -> None:
    """Have a letter with a link of its own sent: the outbox must not hold a secret."""
    with transaction():
        outbox.enqueue(LETTER, {"user_id": user_id})


def check_link(token: str) -> User:
    """The person who may choose a password by this link. Raises NotFound when it is not good."""
    link = db.session.scalar(select(PasswordLink).filter_by(token_hash=token_hash(token)))
    if link is None or link.used_at or link.expires_at <= clock.now() or not link.user.is_enabled:
        raise NotFound(
            _(
                "Tautan ini sudah dipakai atau sudah lewat waktunya. "
                "Pilih “Lupa kata sandi” di halaman masuk untuk yang baru."
            )
        )
    return link.user


def set_password_by_link(token: str, password: str) -> None:
    """Use a link. Raises NotFound (link not good) or Invalid on field `new` (password too weak)."""
    user = check_link(token)
    user_id, about = user.id, _about(user.email, user.name)
    if problem := passwords.problem_of(password, about=about):
        raise Invalid({"new": problem})
    db.session.rollback()
    stored = passwords.hash_password(password)
    with transaction():
        locked(User, user_id)  # of two who use the link at once, the second finds it used
        check_link(token)
        _store_password(user_id, stored)


@outbox.handler(LETTER)
def _send_letter(payload: dict[str, Any]) -> None:
    """Write to a person where to choose a password. Nothing is sent to a closed account."""
    user = db.session.get(User, payload["user_id"])
    if user is None or not user.is_enabled:
        return
    email, name = user.email, user.name
    letters.post(
        email, _("Kata sandi Anda di %(shop)s", shop=current_app.config["SHOP_NAME"]), "account_invited",
        link=letters.address(f"/masuk/sandi/{create_link(payload['user_id'])}"), name=name, days=LINK_DAYS,
    )  # fmt: skip
