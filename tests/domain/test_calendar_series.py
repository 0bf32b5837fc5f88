"""A series on a calendar is the same series to an independent library, and to ourselves when it is imported."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject

from domain.calendar_reading import read
from domain.calendar_series import recurrence
from domain.calendar_text import Entry, write
from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences
from models import CalendarEntry
from models.recurrence import HolidayPolicy, MonthEnd

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LONG_AGO = datetime(1950, 1, 1, tzinfo=UTC)
RULES = [
    "FREQ=DAILY;COUNT=40",
    "FREQ=DAILY;INTERVAL=3;UNTIL=20270401",
    "FREQ=DAILY;UNTIL=20270301T080000Z",
    "FREQ=DAILY;UNTIL=20270301T093000",
    "rrule:freq=daily; interval=2; until=20270301;",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=9",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=5,-1",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=YEARLY;BYYEARDAY=100,200",
    "FREQ=DAILY;BYHOUR=9,14;BYMINUTE=0,30;COUNT=100",
    "FREQ=HOURLY;INTERVAL=5;COUNT=200",
]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]


def local(text):
    return datetime.fromisoformat(text)


def made(text, zone="Europe/Berlin", start="2026-11-23T09:30:00", **more):
    return RuleSet(rule=parse(text), start=local(start), zone=ZoneInfo(zone), **more)


def told(rule_set, *, since=LONG_AGO, **half):
    """The calendar that says it."""
    at, again = recurrence(rule_set, since=since, now=NOW, **half)
    about = {"uid": "tea", "title": "Tea", "created_at": NOW, "updated_at": NOW, "version": 1}
    entry = Entry(kind=CalendarEntry.EVENT, at=at, zone=rule_set.zone, recurrence=again, **about)
    return write("Mine", [entry]).decode()


def instants(rule_set, *, after=None):
    return [each.at for each in occurrences(rule_set, after=after, until=NOW + timedelta(days=380), limit=400)]


def by_another(calendar, number):
    """What an independent library makes of it."""
    (found,) = vobject.readComponents(calendar)
    zone = found.vevent.dtstart.value.tzinfo
    dates = []
    for each in found.vevent.getrruleset():
        if len(dates) == number:
            break
        dates.append(each.replace(tzinfo=zone).astimezone(UTC))
    return dates


def by_ourselves(calendar):
    """What our own import makes of it."""
    (draft,) = read(calendar, local=ZoneInfo("Asia/Tokyo"))
    assert draft.errors == []
    rule = parse(draft.rule) if draft.rule else parse("FREQ=DAILY;COUNT=1")
    dates = {"rdates": frozenset(draft.added), "exdates": frozenset(draft.left_out)}
    return RuleSet(rule=rule, start=draft.start, zone=ZoneInfo(draft.time_zone), **dates)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("text", RULES)
def test_a_rule_means_the_same_to_others_and_to_ourselves(text, zone):
    rule_set = made(text, zone)
    calendar, expected = told(rule_set), instants(rule_set)
    assert by_another(calendar, len(expected)) == expected
    assert instants(by_ourselves(calendar)) == expected


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("FREQ=DAILY;UNTIL=20270401", "20270401T215959Z"),
        ("FREQ=DAILY;UNTIL=20270301T093000", "20270301T083000Z"),
        ("freq=daily; until=20270301T080000Z", "20270301T080000Z"),
    ],
)
def test_beside_a_start_with_a_zone_a_rule_ends_at_an_instant(text, end):
    calendar = told(made(text))
    assert "DTSTART;TZID=Europe/Berlin:20261123T093000" in calendar
    assert f"RRULE:FREQ=DAILY;UNTIL={end}\r\n" in calendar


def test_dates_that_are_added_and_left_out_stay_so():
    added, gone = local("2026-12-01T15:00:00"), local("2026-11-24T09:30:00")
    rule_set = made("FREQ=DAILY;COUNT=5", rdates=frozenset({added}), exdates=frozenset({gone}))
    calendar, expected = told(rule_set), instants(rule_set)
    assert len(expected) == 5
    assert by_another(calendar, 5) == expected
    assert instants(by_ourselves(calendar)) == expected


@pytest.mark.parametrize(
    "more",
    [
        {"month_end": MonthEnd.LAST_DAY},
        {"holidays": HolidayPolicy.NEXT_WORKING_DAY, "holiday_country": "DE"},
        {"holidays": HolidayPolicy.SKIP, "holiday_country": "DE"},
    ],
)
def test_what_no_rule_can_say_is_told_by_its_dates(more):
    rule_set = made("FREQ=MONTHLY;BYMONTHDAY=31", start="2026-10-31T09:30:00", **more)
    calendar, expected = told(rule_set, since=NOW), instants(rule_set, after=NOW)
    assert "RRULE" not in calendar.partition("BEGIN:VEVENT")[2]
    assert by_another(calendar, len(expected)) == expected
    assert len(expected) > 5


def test_what_lies_behind_is_left_out_unless_it_is_counted():
    old = made("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", start="2020-01-06T09:30:00")
    calendar = told(old, since=NOW)
    expected = instants(old, after=NOW)
    assert by_another(calendar, len(expected)) == expected
    counted = made("FREQ=DAILY;COUNT=2600", start="2020-01-06T09:30:00")
    calendar = told(counted, since=NOW)
    assert "DTSTART;TZID=Europe/Berlin:20200106T093000" in calendar


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=DAILY;UNTIL=20270601", "FREQ=DAILY;COUNT=90"])
@pytest.mark.parametrize(
    ("first", "before"),
    [("2026-12-24T09:30", None), (None, "2026-12-24T09:30"), ("2026-12-01T09:30", "2027-01-02T09:30")],
)
def test_a_half_of_a_split_series_has_its_own_dates_only(text, first, before):
    rule_set, half = made(text), {"first": first and local(first), "before": before and local(before)}
    expected = [
        each.at
        for each in occurrences(rule_set, until=NOW + timedelta(days=380), limit=400)
        if (first is None or each.original >= half["first"]) and (before is None or each.original < half["before"])
    ]
    calendar = told(rule_set, **half)
    assert by_another(calendar, 400)[: len(expected)] == expected
    assert (len(by_another(calendar, 400)) == len(expected)) == (before is not None or text != "FREQ=DAILY")


def test_what_does_not_come_again_is_nothing():
    over = made("FREQ=DAILY;UNTIL=20200101", start="2019-12-01T09:30:00")
    assert recurrence(over, since=NOW, now=NOW) is None
