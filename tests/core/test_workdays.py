"""Working days: weekends, national holidays and shared leave do not count; unknown years know weekends."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.workdays import LONGEST, after_working_days, end_of, is_working_day


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 2, "2026-11-25"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
        ("2026-12-23", 2, "2026-12-29"),  # over shared leave, Christmas and a weekend
        ("2026-03-17", 2, "2026-03-26"),  # over Nyepi and Idulfitri
        ("2026-12-30", 2, "2027-01-04"),  # over New Year, into the next decree
        ("2031-12-24", 2, "2031-12-26"),  # no decree yet
    ],
)
def test_the_day_after_so_many_working_days(day: str, count: int, expected: str) -> None:
    assert after_working_days(date.fromisoformat(day), count).isoformat() == expected


@given(st.dates(date(2026, 1, 1), date(2027, 10, 1)), st.integers(1, 20))
def test_a_deadline_is_a_working_day_with_as_many_before_it(day: date, count: int) -> None:
    end = after_working_days(day, count)
    passed = [date.fromordinal(n) for n in range(day.toordinal() + 1, end.toordinal() + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, passed)) == count


@pytest.mark.parametrize("count", [-1, LONGEST + 1])
def test_a_count_without_sense_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        after_working_days(date(2026, 11, 23), count)


def test_a_day_ends_at_midnight_in_banten() -> None:
    assert end_of(date(2026, 11, 23)) == datetime(2026, 11, 23, 17, tzinfo=UTC)
