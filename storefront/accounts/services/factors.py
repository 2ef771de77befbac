"""The second factor of the staff: who needs one, and whether a code is right.

An authenticator's code is good for 90 seconds and once; a recovery code, written on paper, once for ever.
"""

import logging
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, exists, func, select

from storefront.accounts.models import RecoveryCode, Role, SecondFactor, User
from storefront.accounts.services import passwords, throttle, totp
from storefront.core import auditlog, clock, letters, outbox
from storefront.core.db import db, for_update
from storefront.core.errors import Invalid, TooMany
from storefront.core.language import SOURCE, _, language, lazy, speaking
from storefront.core.secrecy import NotReadable, seal, unseal
from storefront.core.tokens import short_code
from storefront.core.transactions import transaction

log = logging.getLogger(__name__)

REQUIRED = frozenset({Role.FACILITY_HEAD, Role.REGIONAL, Role.PROMOTER})
"""Whoever lets others in, decides on money or changes what the public sees."""
CODES = 10
CODE_LENGTH = 10  # 50 bits, and a slow hash
LETTER = "accounts.factor"
SUBJECTS = {
    "set": lazy("Verifikasi dua langkah sudah aktif"),
    "off": lazy("Verifikasi dua langkah dimatikan"),
    "reset": lazy("Verifikasi dua langkah Anda dilepas Kanwil"),
    "codes": lazy("Kode cadangan baru dibuat"),
    "recovery": lazy("Kode cadangan Anda dipakai untuk masuk"),
    "wrong": lazy("Kode verifikasi salah berulang kali"),
}
"""What the owner of an account is told about, whoever did it."""


def is_required(user: User) -> bool:
    """Must this person have a second factor? The demo's people, known to all, exist in development only."""
    return user.role in REQUIRED and not is_exempt(user)


def is_exempt(user: User) -> bool:
    """Is this one of the demo's people, in development?"""
    return user.is_demo and current_app.config["ENV"] == "development"


def has_factor(user_id: int) -> bool:
    """Does this person have an authenticator?"""
    return bool(db.session.scalar(select(exists().where(SecondFactor.user_id == user_id))))


def codes_left(user_id: int) -> int:
    """How many recovery codes of a person are not used yet."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(left) or 0


def check(user_id: int, typed: str, *, address: str) -> None:
    """Let on whoever types a code of their authenticator, or a recovery code. Raises Invalid, TooMany."""
    if not typed.strip():
        raise Invalid({"code": _("Tulis kodenya.")})
    if _digits(typed):
        check_code(user_id, typed, address=address)
    else:
        check_recovery(user_id, typed, address=address)


def check_code(user_id: int, typed: str, *, address: str) -> None:
    """Use up a code of the authenticator. Raises Invalid on field `code`, and TooMany."""
    code = _digits(typed)
    if not code:
        raise Invalid({"code": _("Kode terdiri dari 6 angka.")})
    _count(user_id, address)
    with transaction():
        row = db.session.scalar(for_update(select(SecondFactor).filter_by(user_id=user_id)))
        step = _accept(row, code) if row is not None else None
    if step is None:
        raise Invalid({
            "code": _("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, "
                      "dan pastikan jam di HP diatur otomatis.")
        })  # fmt: skip
    throttle.forget_attempts(_subject(user_id), address)


def _accept(row: SecondFactor, code: str) -> int | None:
    """The step of a good code, now used up. What lies under an old key is sealed with the newest one."""
    try:
        secret = unseal(row.secret)
    except NotReadable:  # its key is gone: a recovery code, or the office, helps
        log.exception("second factor cannot be read", extra={"fields": {"user": row.user_id}})
        return None
    step = totp.step_of(secret, code, clock.now(), after=row.last_step)
    if step is not None:
        row.last_step, row.secret = step, seal(secret)
    return step


def check_recovery(user_id: int, typed: str, *, address: str) -> None:
    """Use up a recovery code; its owner gets a letter. Raises Invalid on field `code`, and TooMany."""
    _count(user_id, address)
    unused = select(RecoveryCode.id, RecoveryCode.code_hash).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    rows = [(row.id, row.code_hash) for row in db.session.execute(unused)]
    db.session.rollback()  # no connection is kept waiting for argon2
    code = _plain(typed)
    match = next((row_id for row_id, stored in rows if passwords.matches(stored, code)), None)
    if match is None or not _use_up(user_id, match):
        raise Invalid({"code": _("Kode cadangan ini salah atau sudah dipakai.")})
    throttle.forget_attempts(_subject(user_id), address)


def _use_up(user_id: int, code_id: int) -> bool:
    """Mark a recovery code as used; False when somebody was faster."""
    with transaction():
        row = db.session.scalar(for_update(select(RecoveryCode).filter_by(id=code_id, used_at=None)))
        if row is None:
            return False
        row.used_at = clock.now()
        db.session.flush()
        auditlog.write("user.recovery_used", "user", user_id, actor_id=user_id, left=codes_left(user_id))
        tell(user_id, "recovery")
    return True


def fresh_codes() -> tuple[list[str], list[str]]:
    """Ten recovery codes as they are shown, once, and their hashes. Takes 200 ms: never in a transaction."""
    codes, half = [short_code(CODE_LENGTH) for _number in range(CODES)], CODE_LENGTH // 2
    hashes = [passwords.hash_password(code) for code in codes]
    return [f"{code[:half]}-{code[half:]}" for code in codes], hashes


def replace_codes(user_id: int, hashes: list[str]) -> None:
    """Inside a transaction: these recovery codes count from now on, and no others."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=stored) for stored in hashes)


def drop(user_id: int) -> bool:
    """Inside a transaction: forget a person's authenticator and recovery codes. Was there one?"""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def tell(user_id: int, what: str, *, key: str | None = None) -> None:
    """Inside a transaction: have the owner of an account told what happened to its second factor."""
    payload = {"user_id": user_id, "what": what, "at": clock.now().isoformat(), "language": language()}
    if what == "reset":
        payload["language"] = SOURCE  # an officer's language, not the reader's
    outbox.enqueue(LETTER, payload, key=key)


@outbox.handler(LETTER)
def _send_letter(payload: dict[str, Any]) -> None:
    """Tell a person; nothing is sent to a closed account."""
    user = db.session.get(User, payload["user_id"])
    if user is None or not user.is_enabled:
        return
    with speaking(payload["language"]):
        letters.post(
            user.email, str(SUBJECTS[payload["what"]]), "account_factor", name=user.name,
            what=payload["what"], at=datetime.fromisoformat(payload["at"]), left=codes_left(user.id),
            link=letters.address("/lupa-kata-sandi"),
        )  # fmt: skip


# --- pieces -------------------------------------------------------------------------------------------


def _count(user_id: int, address: str) -> None:
    """Count a guess. Whoever guesses too often knows the password: its owner is told. Raises TooMany."""
    try:
        throttle.note_attempt(_subject(user_id), address)
    except TooMany:
        log.warning("second factor guessed at", extra={"fields": {"user": user_id, "address": address}})
        with transaction():
            tell(user_id, "wrong", key=f"{LETTER}:wrong:{user_id}:{clock.today()}")
        raise


def _subject(user_id: int) -> str:
    return f"kode:{user_id}"


def _digits(typed: str) -> str:
    """Six digits, whatever blanks stand between them; '' for anything else."""
    code = "".join(typed.split()).replace("-", "")
    return code if len(code) == 6 and code.isascii() and code.isdigit() else ""


def _plain(typed: str) -> str:
    """A recovery code as it was made: capitals, and no letters that look like digits."""
    letters_only = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters_only.translate(str.maketrans("OIL", "011"))[:64]
