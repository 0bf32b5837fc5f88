"""Working hours, counted against a clock that is watched minute by minute."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.public_holidays import is_holiday
from domain.working_hours import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingHours(time(9), time(17), BERLIN, "DE", "BE")
QUARTER = timedelta(minutes=15)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo")
HOURS = st.tuples(st.integers(0, 14), st.integers(4, 9)).map(lambda each: (time(each[0]), time(sum(each))))
OFFICES = st.builds(
    lambda hours, zone, where: WorkingHours(*hours, ZoneInfo(zone), *where),
    *(HOURS, st.sampled_from(ZONES), st.sampled_from([(), ("DE",), ("DE", "BY"), ("US",)])),
)
INSTANTS = st.integers(0, 4 * 24 * 365 * 3).map(lambda quarters: datetime(2025, 1, 1, tzinfo=UTC) + quarters * QUARTER)
SPANS = st.integers(1, 4 * 60).map(lambda quarters: quarters * QUARTER)


def works(office, at):
    """Whether somebody works in the quarter of an hour that begins at an instant."""
    local = at.astimezone(office.zone)
    day = local.date()
    holiday = office.country and is_holiday(day, office.country, office.region)
    return day.weekday() < 5 and not holiday and office.opens <= local.time() < office.closes


def watched(office, at, span):
    """When so much working time has passed, by looking at every quarter of an hour."""
    while span:
        span -= QUARTER if works(office, at) else timedelta(0)
        at += QUARTER
    return at


@settings(max_examples=60, deadline=None)
@given(OFFICES, INSTANTS, SPANS)
def test_working_time_passes_in_working_hours_only(office, at, span):
    assert office.later(at, span) == watched(office, at, span)


@settings(deadline=None)
@given(OFFICES, INSTANTS, INSTANTS, SPANS)
def test_what_has_passed_by_now_began_before_an_instant_that_is_told_beforehand(office, at, now, span):
    assert (office.later(at, span) <= now) == (at <= office.earlier(now, span))


@settings(deadline=None)
@given(OFFICES, INSTANTS, SPANS)
def test_back_and_forth_is_the_last_beginning_and_the_first_end(office, at, span):
    back = office.earlier(at, span)
    assert office.later(back, span) <= at < office.later(back + timedelta(seconds=1), span)


@settings(deadline=None)
@given(OFFICES, INSTANTS, SPANS, SPANS)
def test_time_in_two_parts_is_the_time_in_one(office, at, first, second):
    assert office.later(office.later(at, first), second) == office.later(at, first + second)


@pytest.mark.parametrize(
    ("at", "hours", "end"),
    [
        pytest.param("2026-11-20T15:00", 3, "2026-11-23T10:00", id="over a weekend"),
        pytest.param("2026-11-21T12:00", 8, "2026-11-23T17:00", id="from a Saturday to the end of Monday"),
        pytest.param("2026-12-24T16:00", 2, "2026-12-28T10:00", id="over Christmas"),
        pytest.param("2026-03-27T16:00", 2, "2026-03-30T10:00", id="over the beginning of summer time"),
        pytest.param("2026-10-23T16:00", 2, "2026-10-26T10:00", id="over its end"),
        pytest.param("2026-11-23T08:59", 8, "2026-11-23T17:00", id="from before work"),
        pytest.param("2026-11-23T17:00", 1, "2026-11-24T10:00", id="from after work"),
    ],
)
def test_a_clock_on_the_wall_in_berlin(at, hours, end):
    at, end = (datetime.fromisoformat(each).replace(tzinfo=BERLIN) for each in (at, end))
    assert OFFICE.later(at, timedelta(hours=hours)) == end


def test_a_working_night_in_which_the_clock_changes_has_the_hours_that_pass():
    """Egypt puts its clocks forward at midnight between Thursday and Friday."""
    night = WorkingHours(time(0), time(4), ZoneInfo("Africa/Cairo"))
    friday = datetime(2026, 4, 24, tzinfo=night.zone)
    assert night.later(friday, timedelta(hours=3)) == friday.replace(hour=4)
    assert night.later(friday, timedelta(hours=4)) == datetime(2026, 4, 27, 1, tzinfo=night.zone)
