"""How often somebody may guess: counted in the database, so that it holds over all processes.

An attempt is stored before it is judged and taken back when it was right. Of many attempts sent at
the same moment, each sees all that were stored before it, so no more than the limit get through.
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import ColumnElement, delete, select

from storefront.accounts.models import SignInAttempt
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import TooMany
from storefront.core.language import _n
from storefront.core.transactions import transaction

WINDOW = timedelta(minutes=15)
PER_SUBJECT_AND_ADDRESS = 5
PER_SUBJECT = 20
PER_ADDRESS = 30


def note_attempt(subject: str, address: str, *, known_address: bool = False) -> None:
    """Count one guess at `subject` (an account, an order number; at most 80 characters).

    Raises TooMany when there were 5 in 15 minutes from this address, 20 at this subject, or 30 from
    this address at anything. `known_address` waives the limit per subject: a stranger who guesses
    from many addresses must not lock the owner out of where the owner is signed in already.
    """
    address = network_of(address)
    _refuse_beyond(subject, address, known_address=known_address, own=0)
    attempt = SignInAttempt(subject=subject, address=address, at=clock.now())
    with transaction():
        db.session.add(attempt)
        db.session.flush()
        attempt_id = attempt.id
    try:
        _refuse_beyond(subject, address, known_address=known_address, own=1)
    except TooMany:
        with transaction():  # a refused guess was not made, and must not prolong the wait
            db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))
        raise


def forget_attempts(subject: str, address: str) -> None:
    """The right answer was given: earlier slips at this subject from this address are forgiven."""
    with transaction():
        db.session.execute(
            delete(SignInAttempt).where(
                SignInAttempt.subject == subject, SignInAttempt.address == network_of(address)
            )
        )


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that an IPv6 customer has to itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def _refuse_beyond(subject: str, address: str, *, known_address: bool, own: int) -> None:
    """Raise TooMany if a limit is reached, not counting the `own` newest attempts."""
    at_subject = SignInAttempt.subject == subject
    from_address = SignInAttempt.address == address
    limits: list[tuple[int, tuple[ColumnElement[bool], ...]]] = [
        (PER_SUBJECT_AND_ADDRESS, (at_subject, from_address)),
        (PER_ADDRESS, (from_address,)),
    ]
    if not known_address:
        limits.append((PER_SUBJECT, (at_subject,)))
    moment = clock.now()
    for limit, conditions in limits:
        # The attempt that must leave the window before another is allowed.
        oldest = db.session.scalar(
            select(SignInAttempt.at)
            .where(*conditions, SignInAttempt.at > moment - WINDOW)
            .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
            .offset(limit - 1 + own)
            .limit(1)
        )
        if oldest is not None:
            seconds = int((oldest + WINDOW - moment).total_seconds()) + 1
            raise TooMany(_words(seconds), retry_after=seconds)


def _words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return _n("Terlalu banyak percobaan. Silakan coba lagi %(n)s menit lagi.", minutes)
