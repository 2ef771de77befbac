"""The one clock of the shop: UTC inside, Asia/Jakarta for people and month ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _travelled.get() or datetime.now(UTC)


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Make `now()` answer `to` (aware) inside the block: demo history and tests."""
    if to.tzinfo is None:
        raise ValueError("travel() needs an aware datetime")
    token = _travelled.set(to.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)


def local(moment: datetime) -> datetime:
    """The moment as a clock in Banten shows it (WIB)."""
    return moment.astimezone(JAKARTA)


def today() -> date:
    """Today's date in WIB."""
    return local(now()).date()


def period(moment: datetime) -> str:
    """The WIB month a moment belongs to, as 'YYYY-MM': the month of every report."""
    return local(moment).strftime("%Y-%m")


def day_start(day: date) -> datetime:
    """The UTC moment at which a WIB day begins."""
    return datetime.combine(day, time.min, JAKARTA).astimezone(UTC)


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """UTC bounds [start, end) of the WIB days `first` to `last`, both included."""
    return day_start(first), day_start(last + timedelta(days=1))


def add_working_days(day: date, count: int) -> date:
    """The date `count` working days (Monday to Friday) after `day`."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day
