"""Becoming a buyer: a wish, a letter, and the account once the letter was answered.

Whether an address has an account is never said on a page: only a letter to that address says it.
"""

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import Registration, Role, User
from storefront.accounts.services import identity, links, passwords, throttle
from storefront.accounts.services.people import checked_email
from storefront.core import clock, letters, outbox
from storefront.core.db import db, for_update
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, speaking
from storefront.core.tokens import token_hash
from storefront.core.transactions import transaction

LETTER = "accounts.registration"
GOOD_FOR = timedelta(days=2)
LETTERS_AN_HOUR = 4
"""To one address, whoever asks: more would only be a nuisance to its owner."""


def register(name: str, email: str, password: str, *, address: str, language: str) -> None:
    """Note that somebody wants an account, and have a letter sent to the address. Same answer for all.

    Raises Invalid (no e-mail address, password too weak) and TooMany.
    """
    email = checked_email(email)
    if problem := passwords.problem_of(password, about=(email, name, current_app.config["SHOP_NAME"])):
        raise Invalid({"password": problem})
    throttle.note_attempt(f"daftar:{token_hash(email)}", address)
    db.session.rollback()
    stored, moment = passwords.hash_password(password), clock.now()
    with transaction():
        if _wishes(email) >= LETTERS_AN_HOUR:
            return
        wish = Registration(
            email=email, name=" ".join(name.split())[:120], password_hash=stored, language=language,
            created_at=moment, expires_at=moment + GOOD_FOR,
        )  # fmt: skip
        db.session.add(wish)
        db.session.flush()
        outbox.enqueue(LETTER, {"registration_id": wish.id})


def _wishes(email: str) -> int:
    since = clock.now() - timedelta(hours=1)
    statement = select(func.count(Registration.id)).where(
        Registration.email == email, Registration.created_at > since
    )
    return db.session.scalar(statement) or 0


def check_registration(token: str) -> Registration:
    """The wish that a letter's link names. Raises NotFound when it is over."""
    wish = db.session.get(Registration, links.row_of("daftar", token))
    if wish is None or wish.expires_at <= clock.now():
        raise NotFound(
            _("Tautan ini sudah dipakai atau sudah lewat waktunya. Cobalah masuk, atau mendaftar lagi.")
        )
    return wish


def confirm(token: str, password: str, *, address: str) -> str:
    """Open the account that a letter's link names; returns its e-mail address.

    The password chosen when registering is asked for: whoever only got the letter did not register.
    Raises NotFound, Invalid on field `password`, TooMany.
    """
    wish = check_registration(token)
    wish_id, email, stored = wish.id, wish.email, wish.password_hash
    identity.check_password(
        stored, password, subject=f"daftar-tautan:{wish_id}", address=address,
        refusal={"password": _("Ini bukan kata sandi yang Anda buat saat mendaftar.")},
    )  # fmt: skip
    try:
        with transaction():
            _open_account(wish_id)
    except IntegrityError as error:  # the same address, confirmed by two letters at once
        raise NotFound(_("Akun ini sudah dibuka. Silakan masuk.")) from error
    return email


def _open_account(wish_id: int) -> None:
    wish = db.session.scalar(for_update(select(Registration).filter_by(id=wish_id)))
    if wish is None:
        raise NotFound(_("Akun ini sudah dibuka. Silakan masuk."))
    db.session.add(
        User(
            email=wish.email, name=wish.name, role=Role.BUYER, password_hash=wish.password_hash,
            created_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    db.session.execute(delete(Registration).where(Registration.email == wish.email))


@outbox.handler(LETTER)
def _send_letter(payload: dict[str, Any]) -> None:
    """Write where to confirm; to somebody who has an account already, that they have one."""
    wish = db.session.get(Registration, payload["registration_id"])
    if wish is None or wish.expires_at <= clock.now():
        return
    known = db.session.scalar(select(User.id).filter_by(email=wish.email))
    with speaking(wish.language):
        if known:
            invite_back(wish.email)
        else:
            link = letters.address(f"/daftar/{links.signed('daftar', wish.id)}")
            letters.post(wish.email, _("Konfirmasi akun Anda"), "account_confirm", link=link, name=wish.name)


def invite_back(email: str) -> None:
    """Write to somebody who has an account already that they have one."""
    letters.post(email, _("Anda sudah punya akun"), "account_exists", link=letters.address("/masuk"))
