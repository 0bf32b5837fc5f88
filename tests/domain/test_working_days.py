"""Working days, counted and moved, against a calendar that is walked day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.working_days import between, moved

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
NUMBERS = st.integers(-60, 60)


def walked(day, days):
    step = timedelta(days=1 if days > 0 else -1)
    while days:
        day += step
        days -= step.days if day.weekday() < 5 else 0
    return day


@given(DAYS, NUMBERS)
def test_a_day_moves_over_weekends(day, days):
    assert moved(day, days) == walked(day, days)


@given(DAYS, NUMBERS)
def test_moving_by_what_lies_between_two_days_leads_from_one_to_the_other(day, days):
    there = walked(day, days)
    assert between(day, there) == days
    assert moved(day, between(day, there)) == there


def test_a_weekend_is_no_working_day():
    friday, saturday, sunday, monday = (date(2026, 11, 20) + timedelta(days=n) for n in range(4))
    assert [between(friday, day) for day in (saturday, sunday, monday)] == [0, 0, 1]
    assert [between(monday, day) for day in (sunday, saturday, friday)] == [0, 0, -1]


@pytest.mark.parametrize(("day", "days"), [(date.max, 1), (date.min, -1)])
def test_the_calendar_has_ends(day, days):
    with pytest.raises(OverflowError):
        moved(day, days)
