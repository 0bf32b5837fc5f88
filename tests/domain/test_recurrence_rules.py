"""Recurrence rules against the shared vectors, against dateutil, and on the edges of clocks and budgets."""

# ruff: noqa: DTZ001 -- a local start has no zone of its own

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidRecurrence
from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences

VECTORS = Path(__file__).parents[2].parent / "shared/data/rfc5545/vectors.json"
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
FOREVER = datetime(2299, 12, 31, tzinfo=UTC)


def confirmed():
    if not VECTORS.exists():
        return []
    return [vector for vector in json.loads(VECTORS.read_text()) if vector["agreement"] == "confirmed"]


def name(vector):
    return f"{vector['rrule']} from {vector['dtstart']}"


def of(rule, start, zone=BERLIN, **options):
    return RuleSet(rule=parse(rule), start=start, zone=zone, **options)


def local(text, rule, zone=BERLIN, **window):
    found = occurrences(of(rule, datetime.fromisoformat(text), zone), **({"until": FOREVER, "limit": 10} | window))
    return [occurrence.local.isoformat(" ", "minutes") for occurrence in found]


def at(text, rule, zone=BERLIN, **window):
    found = occurrences(of(rule, datetime.fromisoformat(text), zone), **({"until": FOREVER, "limit": 10} | window))
    return [occurrence.at.strftime("%Y-%m-%d %H:%MZ") for occurrence in found]


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside this checkout")
def test_the_shared_vectors_are_all_there():
    assert len(confirmed()) == 202


@pytest.mark.parametrize("vector", confirmed(), ids=name)
def test_every_confirmed_vector_is_met(vector):
    frequency = vector["rrule"].split("FREQ=")[1].split(";")[0]
    out_of_range = "BYMONTH=0" in vector["rrule"] or "bla" in vector["rrule"]
    if frequency in {"SECONDLY", "MINUTELY"} or out_of_range:
        with pytest.raises(InvalidRecurrence):
            parse(vector["rrule"])
        return
    zone = ZoneInfo(vector["tzid"] or "UTC")
    expected = [datetime.fromisoformat(text) for text in vector["expected"]]
    start = datetime.fromisoformat(vector["dtstart"])
    limit = len(expected) + vector["complete"]
    found = occurrences(of(vector["rrule"], start, zone), until=FOREVER, limit=limit)
    assert [
        occurrence.at.astimezone(moment.tzinfo or UTC) for occurrence, moment in zip(found, expected, strict=True)
    ] == [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in expected]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "'' is not a part of a rule"),
        ("FREQ=DAILY;", "'' is not a part of a rule"),
        ("COUNT=3", "FREQ is missing"),
        ("FREQ=SECONDLY", "SECONDLY is too often for tasks; HOURLY is the most frequent"),
        ("FREQ=MINUTELY;INTERVAL=90", "MINUTELY is too often for tasks; HOURLY is the most frequent"),
        ("FREQ=OFTEN", "FREQ 'OFTEN' is not one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY"),
        ("EXRULE:FREQ=DAILY", "EXRULE is obsolete; leave dates out as exceptions of the series"),
        ("FREQ=YEARLY;BYEASTER=0", "'BYEASTER=0' is not a part of a rule"),
        ("FREQ=DAILY;X-LIMIT=3", "'X-LIMIT=3' is not a part of a rule"),
        ("FREQ=DAILY\nFREQ=DAILY", "FREQ 'DAILY\\nFREQ=DAILY' is not one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is said twice"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL exclude each other"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL '0' is not a number from 1 to 9999"),
        ("FREQ=DAILY;COUNT=-1", "COUNT '-1' is not a number from 1 to 9999"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY '32' is not a number from 1 to 31 or -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY '0' is not a number from 1 to 31 or -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=٣", "BYMONTHDAY '٣' is not a number from 1 to 31 or -31 to -1"),
        ("FREQ=YEARLY;BYMONTH=", "BYMONTH '' is not a number from 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH '-1' is not a number from 1 to 12"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY 'XX' is not a weekday such as MO or -1FR"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY '0MO' is not a weekday such as MO or -1FR"),
        ("FREQ=WEEKLY;WKST=1MO", "WKST '1MO' is not a weekday such as MO or -1FR"),
        ("FREQ=DAILY;UNTIL=20270230", "UNTIL '20270230' is no date such as 20271231 or 20271231T090000Z"),
        ("FREQ=DAILY;UNTIL=soon", "UNTIL 'SOON' is no date such as 20271231 or 20271231T090000Z"),
        ("FREQ=WEEKLY;BYDAY=1MO", "a numbered BYDAY goes only with MONTHLY, or with YEARLY without BYWEEKNO"),
        (
            "FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO",
            "a numbered BYDAY goes only with MONTHLY, or with YEARLY without BYWEEKNO",
        ),
        ("FREQ=MONTHLY;BYWEEKNO=2", "BYWEEKNO does not go with FREQ=MONTHLY"),
        ("FREQ=DAILY;BYYEARDAY=2", "BYYEARDAY does not go with FREQ=DAILY"),
        ("FREQ=WEEKLY;BYMONTHDAY=2", "BYMONTHDAY does not go with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS chooses among what another BY part gives; there is none"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_with_its_reason(rule, reason):
    with pytest.raises(InvalidRecurrence) as refusal:
        parse(rule)
    assert refusal.value.code == "INVALID_RECURRENCE"
    assert refusal.value.facts == {"reason": reason}


def test_a_time_that_the_clock_skips_moves_forward_by_the_gap():
    found = occurrences(of("FREQ=DAILY;COUNT=3", datetime(2026, 3, 28, 2, 30)), until=FOREVER, limit=9)
    assert [(one.original.isoformat(), one.local.isoformat(), one.at.isoformat()) for one in found] == [
        ("2026-03-28T02:30:00", "2026-03-28T02:30:00", "2026-03-28T01:30:00+00:00"),
        ("2026-03-29T02:30:00", "2026-03-29T03:30:00", "2026-03-29T01:30:00+00:00"),
        ("2026-03-30T02:30:00", "2026-03-30T02:30:00", "2026-03-30T00:30:00+00:00"),
    ]


def test_a_time_that_comes_twice_is_its_first():
    assert at("2026-10-24 02:30", "FREQ=DAILY;COUNT=3") == [
        "2026-10-24 00:30Z",
        "2026-10-25 00:30Z",
        "2026-10-26 01:30Z",
    ]


def test_hours_moved_out_of_a_gap_come_in_order_and_never_twice():
    assert at("2026-03-29 00:30", "FREQ=HOURLY;COUNT=5") == [
        "2026-03-28 23:30Z",
        "2026-03-29 00:30Z",
        "2026-03-29 01:30Z",
        "2026-03-29 02:30Z",
    ]
    assert local("2026-03-29 02:30", "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,30;COUNT=3") == [
        "2026-03-29 03:15",
        "2026-03-29 03:30",
    ]


def test_a_day_that_a_zone_leaves_out_moves_to_the_next():
    assert at("2011-12-29 09:00", "FREQ=DAILY;COUNT=4", ZoneInfo("Pacific/Apia")) == [
        "2011-12-29 19:00Z",
        "2011-12-30 19:00Z",
        "2011-12-31 19:00Z",
    ]


def test_until_is_an_instant_a_local_time_or_a_whole_day():
    assert len(at("2026-11-01 20:00", "FREQ=DAILY;UNTIL=20261105T005959Z", NEW_YORK)) == 3
    assert len(at("2026-11-01 20:00", "FREQ=DAILY;UNTIL=20261105T010000Z", NEW_YORK)) == 4
    assert len(at("2026-11-01 20:00", "FREQ=DAILY;UNTIL=20261104T195959", NEW_YORK)) == 3
    assert len(at("2026-11-01 20:00", "FREQ=DAILY;UNTIL=20261104T200000", NEW_YORK)) == 4
    assert len(at("2026-11-01 20:00", "FREQ=DAILY;UNTIL=20261104", NEW_YORK)) == 4


def test_the_window_leaves_out_its_beginning_and_takes_in_its_end():
    window = {"after": datetime(2026, 6, 2, 7, tzinfo=UTC), "until": datetime(2026, 6, 4, 7, tzinfo=UTC)}
    assert local("2020-01-01 09:00", "FREQ=DAILY", **window) == ["2026-06-03 09:00", "2026-06-04 09:00"]


def test_count_counts_from_the_start_whatever_the_window():
    window = {"after": datetime(2026, 6, 8, tzinfo=UTC)}
    assert local("2026-06-01 09:00", "FREQ=DAILY;COUNT=10", **window) == [
        "2026-06-08 09:00",
        "2026-06-09 09:00",
        "2026-06-10 09:00",
    ]


def test_the_limit_bounds_what_is_answered():
    assert local("2026-06-01 09:00", "FREQ=WEEKLY", limit=2) == ["2026-06-01 09:00", "2026-06-08 09:00"]
    assert local("2026-06-01 09:00", "FREQ=WEEKLY", limit=0) == []


@pytest.mark.parametrize("interval", [1, 2, 3, 7])
@pytest.mark.parametrize("frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
def test_leaping_over_the_past_keeps_the_interval_in_step(frequency, interval):
    rule = of(f"FREQ={frequency};INTERVAL={interval}", datetime(2015, 1, 28, 2, 30))
    after, until = datetime(2017, 3, 1, 12, tzinfo=UTC), datetime(2018, 3, 1, tzinfo=UTC)
    walked = occurrences(rule, until=until, limit=50_000)
    leapt = occurrences(rule, after=after, until=until, limit=50_000)
    assert leapt == [one for one in walked if one.at > after]
    assert leapt or frequency == "YEARLY"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=5",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=5",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=5;BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)
def test_a_rule_that_never_matches_ends_soon(rule):
    began = perf_counter()
    window = {"after": datetime(2026, 1, 1, tzinfo=UTC), "until": datetime(2028, 12, 31, tzinfo=UTC)}
    assert local("1901-01-01 00:00", rule, **window) == []
    assert perf_counter() - began < 5


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;COUNT=3;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=1,2,3,4,5,6,7,8,9;BYHOUR=0,1,2,3,4,5;BYMINUTE="
        + ",".join(map(str, range(60)))
        + ";BYSECOND="
        + ",".join(map(str, range(60))),
    ],
)
def test_a_rule_that_asks_for_too_much_work_is_refused_soon(rule):
    began = perf_counter()
    with pytest.raises(InvalidRecurrence, match="it would take too long to find its dates"):
        local("1901-01-01 00:00", rule)
    assert perf_counter() - began < 5


@pytest.mark.parametrize("year", [1, 1899, 3000, 9999])
def test_years_that_no_calendar_of_ours_has_are_refused(year):
    with pytest.raises(InvalidRecurrence, match="outside the years 1900 to 2999"):
        occurrences(of("FREQ=DAILY", datetime(year, 12, 31, 23)), until=FOREVER, limit=1)


def numbers(low, high, *, backwards=False):
    found = st.integers(low, high)
    return st.lists(found | st.integers(-high, -low) if backwards else found, min_size=1, max_size=4, unique=True)


DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
NUMBERED = st.builds(lambda nth, day: f"{nth}{day}", st.sampled_from([1, 2, 5, -1, -2, -5]), DAYS)
PARTS = {
    "INTERVAL": st.integers(1, 5).map(lambda number: [number]),
    "WKST": DAYS.map(lambda day: [day]),
    "BYMONTH": numbers(1, 12),
    # dateutil does not see that the 52nd week from the end may begin in the year before.
    "BYWEEKNO": st.lists(st.integers(1, 53) | st.integers(-51, -1), min_size=1, max_size=4, unique=True),
    "BYYEARDAY": numbers(1, 366, backwards=True),
    "BYMONTHDAY": numbers(1, 31, backwards=True),
    # Of plain and numbered days together dateutil takes only those that are both.
    "BYDAY": st.lists(DAYS, min_size=1, max_size=3, unique=True)
    | st.lists(NUMBERED, min_size=1, max_size=3, unique=True),
    "BYHOUR": numbers(0, 23),
    "BYMINUTE": numbers(0, 59),
    "BYSETPOS": numbers(1, 5, backwards=True),
}


@settings(max_examples=200, deadline=None, phases=[Phase.generate])
@given(
    frequency=st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]),
    parts=st.fixed_dictionaries({}, optional=PARTS),
    start=st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_it_agrees_with_dateutil_wherever_readers_of_the_rfc_agree(frequency, parts, start):
    if frequency == "YEARLY" and "BYDAY" not in parts and "BYYEARDAY" not in parts:
        assume("BYWEEKNO" not in parts and ("BYMONTHDAY" not in parts or "BYMONTH" in parts))
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        start -= timedelta(days=start.weekday())  # dateutil numbers the first week's days from the start only
        assume("WKST" not in parts)
    text = ";".join([f"FREQ={frequency}", *(f"{part}={','.join(map(str, of))}" for part, of in parts.items())])
    try:
        rules = of(text, start, ZoneInfo("UTC"))
    except InvalidRecurrence:
        assume(False)
    until = start + timedelta(days=900)
    found = occurrences(rules, until=until.replace(tzinfo=UTC), limit=20)
    # Beyond the window dateutil would search for long, or says that there is nothing: ask only for what we found.
    theirs = list(islice(rrulestr(text, dtstart=start), len(found))) if found else []
    assert [one.local for one in found] == theirs
