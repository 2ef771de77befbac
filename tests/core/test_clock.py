"""UTC inside, WIB for people: days, months and working days end where Banten says so."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core import clock

LAST_SECOND = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)  # 23.59.59 WIB
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_a_month_ends_at_midnight_in_banten():
    assert clock.period(LAST_SECOND) == "2026-11"
    assert clock.period(LAST_SECOND + timedelta(seconds=1)) == "2026-12"


def test_a_year_ends_at_midnight_in_banten():
    assert clock.period(datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)) == "2026-12"
    assert clock.period(datetime(2026, 12, 31, 17, tzinfo=UTC)) == "2027-01"


def test_a_day_begins_at_midnight_in_banten():
    with clock.travel(LAST_SECOND):
        assert clock.today() == date(2026, 11, 30)
    with clock.travel(LAST_SECOND + timedelta(seconds=1)):
        assert clock.today() == date(2026, 12, 1)
    assert clock.day_start(date(2026, 12, 1)) == datetime(2026, 11, 30, 17, tzinfo=UTC)


@given(moments)
def test_every_moment_lies_in_its_own_day_and_in_no_other(moment):
    day = clock.local(moment).date()
    start, end = clock.day_bounds(day, day)

    assert start <= moment < end
    assert end - start == timedelta(days=1)  # WIB knows no summer time
    assert clock.day_bounds(day, day + timedelta(days=6)) == (start, start + timedelta(days=7))


def test_travel_answers_now_and_ends_even_after_an_error():
    there = datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=9)))
    with clock.travel(there):
        assert clock.now() == there
        assert clock.now().tzinfo is UTC
        with pytest.raises(ZeroDivisionError), clock.travel(LAST_SECOND):
            _ = 1 / (clock.now() - LAST_SECOND).seconds
        assert clock.now() == there

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_travel_needs_a_time_zone():
    with pytest.raises(ValueError, match="aware"), clock.travel(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday, then Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 22), 1, date(2026, 11, 23)),  # Sunday
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_working_days_jump_over_the_weekend(start, count, end):
    assert clock.add_working_days(start, count) == end


@given(days, st.integers(1, 60), st.integers(1, 60))
def test_working_days_add_up_and_end_on_one(day, first, second):
    end = clock.add_working_days(day, first + second)

    assert end.weekday() < 5
    assert end == clock.add_working_days(clock.add_working_days(day, first), second)
