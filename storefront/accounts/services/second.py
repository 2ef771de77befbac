"""The second step of signing in, and everything that people and the office do with a second factor.

After the right password a session opens nothing: it asks for a code, or, of somebody who must have a second
factor and has none, to set one up. Only then does it get a new token, and so a new cookie.
"""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Select, select

from storefront.accounts.models import SecondFactor, User, UserSession
from storefront.accounts.services import factors, identity, totp
from storefront.accounts.services.sessions import LONGEST, end_of, end_sessions
from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.secrecy import seal, unseal
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction


class NotWaiting(NotFound):
    """The session took too long, was ended, or is complete already."""

    default = lazy("Waktunya sudah habis. Masuklah sekali lagi.")


@dataclass(frozen=True)
class Waiting:
    """Somebody whose password was right. `has_factor`: a code is asked for, else one is set up."""

    user_id: int
    name: str
    email: str
    has_factor: bool


@dataclass(frozen=True)
class Setup:
    """What goes into an authenticator: the key to type, and the address for the QR code."""

    secret: str
    address: str

    @property
    def groups(self) -> str:
        """The key as people copy it from a screen: four letters at a time."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


@dataclass(frozen=True)
class Enrolled:
    """A session that may go on, and the recovery codes that are shown this once."""

    token: str
    codes: list[str]


def waiting(token: str) -> Waiting | None:
    """Whom a half-open session belongs to; None when it is over, or open altogether."""
    row = db.session.scalar(_session(token).filter_by(is_complete=False))
    if row is None or not row.user.is_enabled or clock.now() >= end_of(row):
        return None
    return Waiting(row.user_id, row.user.name, row.user.email, factors.has_factor(row.user_id))


def enter_code(token: str, code: str, *, address: str) -> str:
    """The second step with a code of the authenticator: the token of the open session.

    Raises Invalid on field `code`, TooMany, NotWaiting.
    """
    factors.check_code(_user_of(token), code, address=address)
    return _finish(token)


def enter_recovery_code(token: str, code: str, *, address: str) -> str:
    """The second step with a recovery code: the token of the open session. Raises as `enter_code`."""
    factors.check_recovery(_user_of(token), code, address=address)
    return _finish(token)


def _user_of(token: str) -> int:
    who = waiting(token)
    if who is None or not who.has_factor:
        raise NotWaiting
    return who.user_id


def _finish(token: str) -> str:
    with transaction():
        row = db.session.scalar(for_update(_session(token).filter_by(is_complete=False)))
        if row is None or not row.user.is_enabled:
            raise NotWaiting
        return _open(row)


def _open(row: UserSession) -> str:
    """Inside a transaction: complete a session under a new token."""
    token, moment = new_token(), clock.now()
    row.token_hash, row.is_complete, row.new_secret = token_hash(token), True, ""
    row.created_at = row.last_seen_at = moment
    row.expires_at = moment + LONGEST
    return token


# --- setting one up -----------------------------------------------------------------------------------


def begin_setup(user_id: int, password: str, code: str, *, token: str, address: str) -> None:
    """Give this browser a new secret to set up: for the first authenticator, or for another telephone.

    Raises Invalid on `password` or `code` (of the present authenticator, if there is one), and TooMany.
    """
    _prove(user_id, password, code, address=address)
    with transaction():
        row = db.session.scalar(for_update(_session(token).filter_by(user_id=user_id, is_complete=True)))
        if row is None:
            raise NotWaiting
        row.new_secret = seal(totp.new_secret())


def setup_of(token: str) -> Setup | None:
    """What this browser has to put into an authenticator, the same however often its page is opened."""
    row = db.session.scalar(_session(token))
    if row is None or not row.new_secret:
        return None
    secret = unseal(row.new_secret)
    shop = current_app.config["SHOP_NAME"]
    return Setup(secret, totp.address_of(secret, account=row.user.email, issuer=shop))


def enrol(token: str, code: str) -> Enrolled:
    """A first code shows that the authenticator has the secret: from now on it counts, and no other.

    All other sessions of the person end; they are told by letter. Raises Invalid on field `code`, NotWaiting.
    """
    row = db.session.scalar(_session(token))
    if row is None or not row.new_secret:
        raise NotWaiting
    user_id, sealed, secret = row.user_id, row.new_secret, unseal(row.new_secret)
    step = totp.step_of(secret, "".join(code.split()), clock.now())
    if step is None:
        raise Invalid({"code": _("Kode ini tidak cocok. Tulis 6 angka yang sekarang tampil di aplikasi, "
                                 "dan pastikan jam di HP diatur otomatis.")})  # fmt: skip
    db.session.rollback()
    codes, hashes = factors.fresh_codes()
    with transaction():
        locked(User, user_id)  # of two browsers that set one up at once, the second finds it done
        token = _keep(token, user_id, sealed, secret, step)
        factors.replace_codes(user_id, hashes)
        end_sessions(user_id, except_token=token)
        factors.tell(user_id, "set")
    return Enrolled(token, codes)


def _keep(token: str, user_id: int, sealed: str, secret: str, step: int) -> str:
    """Store the secret and open the session; the token that it has now. Raises NotWaiting."""
    row = db.session.scalar(for_update(_session(token).filter_by(user_id=user_id, new_secret=sealed)))
    factor = db.session.scalar(for_update(select(SecondFactor).filter_by(user_id=user_id)))
    if row is None or not row.user.is_enabled or (factor is not None and not row.is_complete):
        raise NotWaiting  # a password alone never replaces an authenticator
    auditlog.write("user.factor_set", "user", user_id, actor_id=user_id, replaced=factor is not None)
    if factor is None:
        factor = SecondFactor(user_id=user_id)
        db.session.add(factor)
    factor.secret, factor.confirmed_at, factor.last_step = seal(secret), clock.now(), step
    row.new_secret = ""
    return token if row.is_complete else _open(row)


# --- new codes, off, lost -----------------------------------------------------------------------------


def new_recovery_codes(user_id: int, password: str, code: str, *, address: str) -> list[str]:
    """Ten new recovery codes; the old ones end. Raises Invalid on `password` or `code`, TooMany."""
    _prove(user_id, password, code, address=address)
    codes, hashes = factors.fresh_codes()
    with transaction():
        locked(User, user_id)
        if not factors.has_factor(user_id):
            raise NotWaiting
        factors.replace_codes(user_id, hashes)
        auditlog.write("user.recovery_codes", "user", user_id, actor_id=user_id)
        factors.tell(user_id, "codes")
    return codes


def turn_off_factor(user_id: int, password: str, code: str, *, token: str, address: str) -> None:
    """Do without a second factor again, where it is not required; other sessions end.

    Raises DomainError (it is), Invalid on `password` or `code`, TooMany.
    """
    if factors.is_required(found(User, user_id)):
        raise DomainError(_("Untuk peran Anda verifikasi dua langkah wajib."))
    _prove(user_id, password, code, address=address)
    with transaction():
        if factors.is_required(locked(User, user_id)):  # became one meanwhile
            raise DomainError(_("Untuk peran Anda verifikasi dua langkah wajib."))
        if factors.drop(user_id):
            end_sessions(user_id, except_token=token)
            auditlog.write("user.factor_off", "user", user_id, actor_id=user_id)
            factors.tell(user_id, "off")


def reset_factor(user_id: int, *, by_id: int | None) -> None:
    """The telephone and the recovery codes are lost: forget them. The owner is told by letter.

    All sessions end; where a second factor is required, the next sign-in sets up a new one. `by_id` is the
    officer, None a command on the server. Raises DomainError for one's own, or when there is none.
    """
    if user_id == by_id:
        raise DomainError(_("Verifikasi Anda sendiri hanya dapat dilepas petugas Kanwil lain."))
    with transaction():
        locked(User, user_id)
        if not factors.drop(user_id):
            raise DomainError(_("Akun ini tidak memakai verifikasi dua langkah."))
        end_sessions(user_id)
        auditlog.write("user.factor_reset", "user", user_id, actor_id=by_id)
        factors.tell(user_id, "reset")


def _prove(user_id: int, password: str, code: str, *, address: str) -> None:
    """The password, and a code where there is an authenticator: whoever finds a browser open has neither."""
    identity.check_own_password(user_id, password, address=address)
    if factors.has_factor(user_id):
        factors.check(user_id, code, address=address)


def _session(token: str) -> Select[UserSession]:
    return select(UserSession).filter_by(token_hash=token_hash(token))
