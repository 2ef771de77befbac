"""Is it really them? The password once more, with guesses counted."""

from storefront.accounts.models import User
from storefront.accounts.services import passwords, throttle
from storefront.core.db import db, found
from storefront.core.errors import Invalid
from storefront.core.language import _


def check_own_password(user_id: int, password: str, *, address: str, field: str = "password") -> None:
    """Let somebody on who knows their own password: whoever finds a browser open must not guess it.

    Raises Invalid on `field`, and TooMany.
    """
    stored = found(User, user_id).password_hash
    check_password(
        stored, password, subject=f"sandi:{user_id}", address=address,
        refusal={field: _("Kata sandi sekarang salah.")},
    )  # fmt: skip


def check_password(
    stored: str | None, password: str, *, subject: str, address: str, refusal: dict[str, str]
) -> None:
    """Compare a password with a stored hash, outside any transaction; guesses at `subject` are counted.

    Raises Invalid(refusal), and TooMany.
    """
    throttle.note_attempt(subject, address)
    db.session.rollback()  # no connection is kept waiting for argon2
    if not passwords.matches(stored, password):
        raise Invalid(refusal)
    throttle.forget_attempts(subject, address)
