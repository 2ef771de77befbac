"""A forgotten password, a new e-mail address, a telephone number: what letters and forms may change."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import EmailChange, PasswordLink, User
from storefront.accounts.services import identity, links, throttle
from storefront.accounts.services.newcomers import invite_back
from storefront.accounts.services.people import checked_email
from storefront.core import clock, letters, outbox
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, speaking
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction

RESET_LETTER, EMAIL_LETTER, MOVED_LETTER = "accounts.reset", "accounts.email", "accounts.email_moved"
RESET_HOURS = 2
EMAIL_DAYS = 2
ONE_LETTER_PER = 300  # seconds, to one account


def request_reset(email: str, *, address: str, language: str) -> None:
    """Have a link for a new password sent, if this address has an account. Same answer for all.

    Raises Invalid when it is no e-mail address, and TooMany.
    """
    email = checked_email(email)
    throttle.note_attempt(f"lupa:{token_hash(email)}", address)
    with transaction():
        user_id = db.session.scalar(select(User.id).filter_by(email=email, is_enabled=True))
        bucket = int(clock.now().timestamp()) // ONE_LETTER_PER
        outbox.enqueue(
            RESET_LETTER, {"user_id": user_id, "language": language},
            key=f"{RESET_LETTER}:{user_id}:{bucket}" if user_id else None,
        )  # fmt: skip


@outbox.handler(RESET_LETTER)
def _send_reset(payload: dict[str, Any]) -> None:
    user = db.session.get(User, payload["user_id"]) if payload["user_id"] else None
    if user is None or not user.is_enabled:
        return
    email, name, token = user.email, user.name, new_token()
    with transaction():
        expires_at = clock.now() + timedelta(hours=RESET_HOURS)
        db.session.add(
            PasswordLink(token_hash=token_hash(token), user_id=payload["user_id"], expires_at=expires_at)
        )
    with speaking(payload["language"]):
        link = letters.address(f"/masuk/sandi/{token}")
        letters.post(
            email, _("Buat kata sandi baru"), "account_reset", link=link, name=name, hours=RESET_HOURS
        )


def change_phone(user_id: int, phone: str) -> None:
    """Note a buyer's telephone number ('+62…' or '')."""
    with transaction():
        locked(User, user_id).phone = phone


def request_email(user_id: int, email: str, password: str, *, address: str, language: str) -> None:
    """Have a letter sent to a new address; the old one stays until that letter was answered.

    Raises Invalid (no address, or not the password) and TooMany. Says nothing about other accounts.
    """
    email = checked_email(email)
    if email == found(User, user_id).email:
        raise Invalid({"email": _("Ini alamat yang sekarang.")})
    identity.check_own_password(user_id, password, address=address)
    moment = clock.now()
    with transaction():
        db.session.execute(delete(EmailChange).filter_by(user_id=user_id))
        change = EmailChange(
            user_id=user_id, email=email, language=language, created_at=moment,
            expires_at=moment + timedelta(days=EMAIL_DAYS),
        )  # fmt: skip
        db.session.add(change)
        db.session.flush()
        outbox.enqueue(EMAIL_LETTER, {"change_id": change.id})


@outbox.handler(EMAIL_LETTER)
def _send_change(payload: dict[str, Any]) -> None:
    change = db.session.get(EmailChange, payload["change_id"])
    if change is None or change.used_at:
        return
    name = found(User, change.user_id).name
    taken = db.session.scalar(select(User.id).filter_by(email=change.email))
    with speaking(change.language):
        if taken:
            invite_back(change.email)
        else:
            letters.post(
                change.email, _("Konfirmasi alamat e-mail baru"), "account_email", name=name,
                link=letters.address(f"/akun/email/{links.signed('email', change.id)}"),
            )  # fmt: skip


def check_email(user_id: int, token: str) -> EmailChange:
    """The change that a letter's link names, of this person. Raises NotFound."""
    change = db.session.get(EmailChange, links.row_of("email", token))
    if change is None or change.user_id != user_id or change.used_at or change.expires_at <= clock.now():
        raise NotFound(_("Tautan ini sudah dipakai atau sudah lewat waktunya. Mintalah yang baru."))
    return change


def confirm_email(user_id: int, token: str) -> str:
    """Use the new address from now on; the old one is told. Returns it. Raises NotFound, DomainError."""
    change_id = check_email(user_id, token).id
    try:
        with transaction():
            change = db.session.scalar(for_update(select(EmailChange).filter_by(id=change_id)))
            if change is None or change.used_at:
                raise NotFound
            user = locked(User, user_id)
            new = change.email
            user.email, change.email, change.used_at = new, user.email, clock.now()
            db.session.flush()
            outbox.enqueue(MOVED_LETTER, {"change_id": change_id})
    except IntegrityError as error:
        raise DomainError(_("Alamat ini tidak dapat dipakai untuk akun Anda.")) from error
    return new


@outbox.handler(MOVED_LETTER)
def _tell_old(payload: dict[str, Any]) -> None:
    change = db.session.get(EmailChange, payload["change_id"])
    if change is None:
        return
    user, old = found(User, change.user_id), change.email
    with speaking(change.language):
        letters.post(
            old, _("Alamat e-mail akun Anda diganti"), "account_email_moved",
            link=letters.address("/pengaduan"), name=user.name, email=user.email,
        )  # fmt: skip
    with transaction():
        db.session.execute(delete(EmailChange).filter_by(id=payload["change_id"]))
