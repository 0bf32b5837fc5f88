"""Recurrence rules against the shared vectors, against dateutil, and on the edges of clocks and budgets."""

# ruff: noqa: DTZ001 -- a local start has no zone of its own

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from domain.errors import InvalidRecurrence
from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences
from tests.effort import SEED, tries

pytestmark = pytest.mark.long

VECTORS = Path(__file__).parents[2].parent / "shared/data/rfc5545/vectors.json"
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
RULES = tries(few=2_000, all=50_000)
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
        ("FREQ=DAILY;;COUNT=3", "'' is not a part of a rule"),
        ("COUNT=3", "FREQ is missing"),
        ("FREQ=SECONDLY", "SECONDLY is too often for tasks; HOURLY is the most frequent"),
        ("FREQ=MINUTELY;INTERVAL=90", "MINUTELY is too often for tasks; HOURLY is the most frequent"),
        ("FREQ=OFTEN", "FREQ 'OFTEN' is not one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY"),
        ("EXRULE:FREQ=DAILY", "EXRULE is obsolete; leave dates out as exceptions of the series"),
        ("FREQ=YEARLY;BYEASTER=0", "'BYEASTER=0' is not a part of a rule"),
        ("FREQ=DAILY;X-LIMIT=3", "'X-LIMIT=3' is not a part of a rule"),
        ("FREQ=DAILY\nFREQ=DAILY", "it is more than one rule; start, time zone and dates are given beside it"),
        ("DTSTART:20261123T090000", "it is more than one rule; start, time zone and dates are given beside it"),
        ("RRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", "EXRULE is obsolete; leave dates out as exceptions of the series"),
        ("FREQ=DAILY;BYMONTH=" + "1," * 500 + "1", "it has more than 1000 characters"),
        ("FREQ=DAILY;BYSECOND=61", "BYSECOND '61' is not a number from 0 to 60"),
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


@pytest.mark.parametrize(
    "text",
    [
        "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;BYSECOND=59",
        " rrule: freq=weekly ; byday = mo , fr; bysecond=60 ; ",
        "FREQ=WEEKLY;BYDAY=MO,F\r\n R;BYSECOND=59\n",
        "FREQ=WEEKLY;BYDAY=FR,MO,MO;BYSECOND=59,60;",
    ],
)
def test_a_rule_is_read_liberally(text):
    assert parse(text) == parse("FREQ=WEEKLY;BYDAY=MO,FR;BYSECOND=59")


def test_a_time_that_the_clock_skips_moves_forward_by_the_gap():
    found = occurrences(of("FREQ=DAILY;COUNT=3", datetime(2026, 3, 28, 2, 30)), until=FOREVER, limit=9)
    assert [(one.original.isoformat(), one.local.isoformat(), one.at.isoformat()) for one in found] == [
        ("2026-03-28T02:30:00", "2026-03-28T02:30:00", "2026-03-28T01:30:00+00:00"),
        ("2026-03-29T02:30:00", "2026-03-29T03:30:00", "2026-03-29T01:30:00+00:00"),
        ("2026-03-30T02:30:00", "2026-03-30T02:30:00", "2026-03-30T00:30:00+00:00"),
    ]


def test_a_year_of_weeks_begins_with_its_first_week():
    rule = "FREQ=YEARLY;INTERVAL=6;BYWEEKNO=53;BYDAY=TU,SA"
    assert local("2010-01-02", rule, limit=3) == ["2010-01-02 00:00", "2015-12-29 00:00", "2016-01-02 00:00"]


def test_of_very_many_times_of_a_day_a_place_is_found_without_making_them():
    sixty = ",".join(map(str, range(60)))
    rule = f"FREQ=DAILY;BYHOUR=7,8,9;BYMINUTE={sixty};BYSECOND={sixty};BYSETPOS=-1,2"
    assert local("2026-06-01 00:00", rule, limit=3) == ["2026-06-01 07:00", "2026-06-01 09:59", "2026-06-02 07:00"]


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
    after = datetime(2015, 6, 1, 12, tzinfo=UTC)
    until = datetime(2016 if frequency == "HOURLY" else 2020, 1, 1, tzinfo=UTC)
    walked = occurrences(rule, until=until, limit=9_000)
    leapt = occurrences(rule, after=after, until=until, limit=9_000)
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


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTHS = (1, 2, 5, -1, -2, -5)
BACKWARDS = {"BYYEARDAY": 366, "BYMONTHDAY": 31, "BYSETPOS": 5}
FORWARDS = {"BYMONTH": range(1, 13), "BYHOUR": range(24), "BYMINUTE": range(60)}


def made(rng):
    """The frequency, parts and start of a random rule."""
    parts = {"INTERVAL": [rng.randint(1, 5)], "WKST": [rng.choice(DAYS)]}
    parts |= {name: rng.sample(span, rng.randint(1, 4)) for name, span in FORWARDS.items()}
    parts |= {name: [rng.choice((1, -1)) * rng.randint(1, top) for _ in range(3)] for name, top in BACKWARDS.items()}
    # dateutil miscounts the weeks that a year shares with the one before or after: the first and last from either end.
    parts["BYWEEKNO"] = [rng.choice([*range(1, 52), *range(-51, 0)]) for _ in range(rng.randint(1, 4))]
    # Of plain and numbered days together dateutil takes only those that are both.
    plain, days = rng.random() < 0.6, rng.sample(DAYS, rng.randint(1, 3))
    parts["BYDAY"] = days if plain else [f"{rng.choice(NTHS)}{day}" for day in days]
    chosen = {name: parts[name] for name in sorted(parts) if rng.random() < 0.3}
    start = datetime(2000, 1, 1) + timedelta(minutes=rng.randrange(15_000_000))
    return rng.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]), chosen, start


def is_disputed(frequency, parts):
    """Whether dateutil reads a rule otherwise than docs/recurrence-rules.md says."""
    if frequency == "YEARLY" and not {"BYDAY", "BYYEARDAY"} & parts.keys():
        return "BYWEEKNO" in parts or ("BYMONTHDAY" in parts and "BYMONTH" not in parts)
    # dateutil counts a week to the calendar year of each of its days, and the first week's days from the start only.
    return ("BYWEEKNO" in parts and bool({"INTERVAL", "BYSETPOS"} & parts.keys())) or (
        frequency == "WEEKLY" and {"BYSETPOS", "WKST"} <= parts.keys()
    )


def test_random_rules_agree_with_dateutil_wherever_it_follows_the_rfc():
    agreed, seed = 0, SEED * 1_000_000
    while agreed < RULES:
        seed += 1
        frequency, parts, start = made(random.Random(seed))
        if is_disputed(frequency, parts):
            continue
        if frequency == "WEEKLY" and "BYSETPOS" in parts:
            start -= timedelta(days=start.weekday())
        text = ";".join([f"FREQ={frequency}", *(f"{part}={','.join(map(str, of))}" for part, of in parts.items())])
        until = start.replace(tzinfo=UTC) + timedelta(days=300 if frequency == "HOURLY" else 900)
        try:
            found = occurrences(of(text, start, ZoneInfo("UTC")), until=until, limit=20)
        except InvalidRecurrence:
            continue
        # Beyond the window dateutil would search for long, or says that there is nothing: ask only for what we found.
        theirs = list(islice(rrulestr(text, dtstart=start), len(found))) if found else []
        assert [one.local for one in found] == theirs, f"seed {seed}: {text} from {start}"
        agreed += 1
