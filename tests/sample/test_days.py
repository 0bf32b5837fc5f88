from datetime import UTC, date, datetime

import pytest

from sample.days import instant, working_day

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (20, 21, 22, 23))


@pytest.mark.parametrize(
    ("today", "offset", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (FRIDAY, -5, date(2026, 11, 13)),
        (MONDAY, -1, FRIDAY),
        (MONDAY, 6, date(2026, 12, 1)),
        (SATURDAY, 0, MONDAY),
        (SUNDAY, 0, MONDAY),
        (SUNDAY, -1, FRIDAY),
        (SATURDAY, 1, date(2026, 11, 24)),
    ],
)
def test_weekends_do_not_count(today, offset, expected):
    assert working_day(today, offset) == expected


def test_an_instant_is_what_the_local_clock_shows():
    assert instant(date(2026, 7, 1), "09:30", "Europe/London") == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert instant(date(2026, 12, 1), "09:30", "Europe/London") == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
