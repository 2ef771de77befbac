"""Working days of Indonesia: no weekends, holidays or shared leave. The only file that asks lokal for them.

Its dates are those of the yearly decree of three ministers (SKB 3 Menteri). A year without a decree yet, or
before its first one, has weekends only: then a deadline may fall on a holiday nobody knew of.
"""

from datetime import date, datetime, timedelta
from functools import cache

from storefront.core import clock

LONGEST = 60
"""Nobody is given more working days than this: a loop needs an end."""


@cache
def holidays(year: int) -> frozenset[date]:
    """The national holidays and days of shared leave of a year; none where they are not known."""
    import lokal  # a quarter of a second, which only whoever counts days has to wait

    if year not in lokal.HOLIDAY_YEARS:
        return frozenset()
    return frozenset(date.fromisoformat(day.date) for day in lokal.get_holidays(year).holidays)


def is_working_day(day: date) -> bool:
    """Do offices work on this day?"""
    return day.weekday() < 5 and day not in holidays(day.year)


def after_working_days(day: date, count: int) -> date:
    """The date `count` working days after `day`, which itself does not count. 0 gives the day.

    Raises ValueError for more than LONGEST days.
    """
    if not 0 <= count <= LONGEST:
        raise ValueError(f"{count} working days")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def end_of(day: date) -> datetime:
    """The moment at which a WIB day is over, in UTC: a deadline 'until the 3rd' includes the 3rd."""
    return clock.day_start(day + timedelta(days=1))
