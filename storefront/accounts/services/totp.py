"""Codes of an authenticator (RFC 6238: six digits, SHA-1, 30 seconds). The only file that knows pyotp."""

from datetime import datetime
from hmac import compare_digest

import pyotp

SECONDS = 30
DRIFT = 1
"""Steps that a telephone's clock may be early or late (RFC 6238 section 6)."""


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 asks for."""
    return pyotp.random_base32()


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth:// address that authenticators read from a QR code or open as a link."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def code_at(secret: str, step: int) -> str:
    """The six digits of one step."""
    return pyotp.TOTP(secret, interval=SECONDS).generate_otp(step)


def step_at(moment: datetime) -> int:
    """The number of the 30-second step that a moment lies in."""
    return int(moment.timestamp()) // SECONDS


def step_of(secret: str, code: str, moment: datetime, *, after: int = 0) -> int | None:
    """The step that a code belongs to, the present one or a neighbour; None for any other code.

    Steps up to `after` are used up: a code that somebody read over a shoulder opens nothing.
    """
    now = step_at(moment)
    good = None
    for step in range(max(now - DRIFT, after + 1), now + DRIFT + 1):
        if compare_digest(code_at(secret, step).encode(), code.encode()):
            good = step
    return good
