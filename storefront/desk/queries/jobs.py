"""Letters and other jobs that were tried eight times in vain: by kind and age, without anybody's data."""

from datetime import datetime, timedelta

from storefront.core import clock, outbox
from storefront.core.outbox import GaveUp

DAYS = 14
"""So long a failure is shown and tried anew: a letter older than that says what is no longer so."""

OF_THEIR_OWN = ("refund.send",)
"""Kinds that nobody tries anew by hand: a vendor asked too late might send the money twice, so
`payments/services/resending.py` sees to them."""


def given_up() -> list[GaveUp]:
    """What gave up of late, by kind, most first."""
    return outbox.gave_up(since(DAYS), but=OF_THEIR_OWN)


def since(days: int) -> datetime:
    """The moment so many days ago (UTC)."""
    return clock.now() - timedelta(days=days)
