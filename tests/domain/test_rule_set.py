"""Rule sets: further dates, exceptions, month ends and holidays around a rule."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.errors import InvalidInput, InvalidRecurrence
from domain.rrule import parse
from domain.rule_set import RuleSet, occurrences
from models.recurrence import HolidayPolicy, MonthEnd

BERLIN = ZoneInfo("Europe/Berlin")
FOREVER = datetime(2299, 12, 31, tzinfo=UTC)


def when(*texts):
    return frozenset(map(datetime.fromisoformat, texts))


def of(rule, start, **options):
    return RuleSet(rule=parse(rule), start=datetime.fromisoformat(start), zone=BERLIN, **options)


def local(rules, **window):
    found = occurrences(rules, **({"until": FOREVER, "limit": 8} | window))
    return [each.local.isoformat(" ", "minutes") for each in found]


def moves(rules, **window):
    found = occurrences(rules, **({"until": FOREVER, "limit": 8} | window))
    return [(f"{each.original:%a %d %b}", f"{each.local:%a %d %b}") for each in found]


def test_further_dates_come_in_their_place_and_once():
    rules = of(
        "FREQ=DAILY;COUNT=2",
        "2026-06-01 09:00",
        rdates=when("2026-06-01 12:00", "2026-06-02 09:00", "2026-07-01 09:00", "2026-05-01 09:00"),
    )
    assert local(rules) == [
        "2026-05-01 09:00",
        "2026-06-01 09:00",
        "2026-06-01 12:00",
        "2026-06-02 09:00",
        "2026-07-01 09:00",
    ]


def test_what_is_left_out_counts_all_the_same():
    rules = of("FREQ=DAILY;COUNT=3", "2026-06-01 09:00", exdates=when("2026-06-02 09:00", "2026-06-03 10:00"))
    assert local(rules) == ["2026-06-01 09:00", "2026-06-03 09:00"]


def test_a_further_date_can_be_left_out_too():
    date = when("2026-06-05 09:00")
    assert local(of("FREQ=DAILY;COUNT=1", "2026-06-01 09:00", rdates=date, exdates=date)) == ["2026-06-01 09:00"]


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (MonthEnd.SKIP, ["01-31", "03-31", "05-31", "07-31"]),
        (MonthEnd.LAST_DAY, ["01-31", "02-28", "03-31", "04-30"]),
        (MonthEnd.NEXT, ["01-31", "03-01", "03-31", "05-01"]),
    ],
)
def test_the_31st_never_drifts(policy, days):
    rules = of("FREQ=MONTHLY", "2026-01-31 09:00", month_end=policy)
    assert local(rules, limit=4) == [f"2026-{day} 09:00" for day in days]


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (MonthEnd.SKIP, ["2024-02-29", "2028-02-29", "2032-02-29"]),
        (MonthEnd.LAST_DAY, ["2024-02-29", "2025-02-28", "2026-02-28"]),
        (MonthEnd.NEXT, ["2024-02-29", "2025-03-01", "2026-03-01"]),
    ],
)
def test_a_birthday_on_29_february(policy, days):
    assert local(of("FREQ=YEARLY", "2024-02-29 09:00", month_end=policy), limit=3) == [f"{day} 09:00" for day in days]


@pytest.mark.parametrize("policy", [MonthEnd.LAST_DAY, MonthEnd.NEXT])
def test_days_that_meet_at_a_month_end_are_one(policy):
    rules = of("FREQ=MONTHLY;BYMONTHDAY=1,28,29,30,31;COUNT=8", "2026-02-02 09:00", month_end=policy)
    days = ["2026-02-28", "2026-03-01", "2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31", "2026-04-01"]
    assert local(rules) == [f"{day} 09:00" for day in [*days, "2026-04-28"]]


def test_a_day_after_a_month_end_takes_its_place_among_the_next_months():
    rules = of("FREQ=MONTHLY;BYMONTHDAY=1,31;BYHOUR=9,15;COUNT=7", "2026-04-01 09:00", month_end=MonthEnd.NEXT)
    days = ["04-01 09", "04-01 15", "05-01 09", "05-01 15", "05-31 09", "05-31 15", "06-01 09"]
    assert local(rules) == [f"2026-{day}:00" for day in days]


CHRISTMAS = ("FREQ=DAILY;COUNT=6", "2026-12-23 09:00")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (HolidayPolicy.KEEP, ["23 09", "24 09", "25 09", "26 09", "27 09", "28 09"]),
        (HolidayPolicy.SKIP, ["23 09", "24 09", "27 09", "28 09"]),
        (HolidayPolicy.NEXT_WORKING_DAY, ["23 09", "24 09", "27 09", "28 09"]),
        (HolidayPolicy.PREVIOUS_WORKING_DAY, ["23 09", "24 09", "27 09", "28 09"]),
    ],
)
def test_what_moves_to_where_another_is_makes_no_second_one(policy, expected):
    found = occurrences(of(*CHRISTMAS, holidays=policy, holiday_country="DE"), until=FOREVER, limit=9)
    assert [f"{each.local:%d %H}" for each in found] == expected


def test_holidays_move_an_occurrence_over_weekends_and_further_holidays():
    fridays = ("FREQ=WEEKLY;COUNT=3", "2026-12-18 09:00")
    later = of(*fridays, holidays=HolidayPolicy.NEXT_WORKING_DAY, holiday_country="DE")
    assert moves(later) == [
        ("Fri 18 Dec", "Fri 18 Dec"),
        ("Fri 25 Dec", "Mon 28 Dec"),
        ("Fri 01 Jan", "Mon 04 Jan"),
    ]
    earlier = of(*fridays, holidays=HolidayPolicy.PREVIOUS_WORKING_DAY, holiday_country="DE")
    assert moves(earlier) == [
        ("Fri 18 Dec", "Fri 18 Dec"),
        ("Fri 25 Dec", "Thu 24 Dec"),
        ("Fri 01 Jan", "Thu 31 Dec"),
    ]


def test_regions_have_holidays_of_their_own():
    epiphany = ("FREQ=DAILY;COUNT=2", "2026-01-06 09:00")
    bavaria = {"holidays": HolidayPolicy.SKIP, "holiday_country": "DE", "holiday_region": "BY"}
    assert local(of(*epiphany, **bavaria)) == ["2026-01-07 09:00"]
    assert local(of(*epiphany, **bavaria | {"holiday_region": "BE"})) == ["2026-01-06 09:00", "2026-01-07 09:00"]


def test_leaving_one_out_lets_none_that_moved_there_return():
    rules = of(
        *CHRISTMAS,
        holidays=HolidayPolicy.NEXT_WORKING_DAY,
        holiday_country="DE",
        exdates=when("2026-12-28 09:00"),
    )
    assert local(rules) == ["2026-12-23 09:00", "2026-12-24 09:00", "2026-12-27 09:00"]


@pytest.mark.parametrize("policy", HolidayPolicy)
def test_a_window_shows_what_the_whole_shows(policy):
    rules = of("FREQ=DAILY;BYHOUR=8,20", "2026-11-01 08:00", holidays=policy, holiday_country="CN")
    until = datetime(2027, 3, 1, tzinfo=UTC)
    whole = occurrences(rules, until=until, limit=999)
    assert whole == sorted(whole, key=lambda each: each.at)
    for each in whole:
        assert occurrences(rules, after=each.at, until=until, limit=2) == whole[whole.index(each) + 1 :][:2]


@pytest.mark.parametrize(
    ("country", "region", "path"),
    [
        (None, None, "holidayCountry"),
        ("XX", None, "holidayCountry"),
        ("HolidayBase", None, "holidayCountry"),
        ("de", None, "holidayCountry"),
        ("DE", "XX", "holidayRegion"),
    ],
)
def test_a_place_whose_holidays_nobody_knows_is_refused(country, region, path):
    rules = of(*CHRISTMAS, holidays=HolidayPolicy.SKIP, holiday_country=country, holiday_region=region)
    with pytest.raises(InvalidInput) as refusal:
        occurrences(rules, until=FOREVER, limit=1)
    assert refusal.value.path == (path,)


def test_in_years_without_known_holidays_nothing_moves():
    rules = of("FREQ=YEARLY", "2150-12-25 09:00", holidays=HolidayPolicy.SKIP, holiday_country="CN")
    assert local(rules, limit=1) == ["2150-12-25 09:00"]


def test_further_dates_lie_in_years_of_our_calendar():
    with pytest.raises(InvalidRecurrence, match="outside the years"):
        occurrences(of(*CHRISTMAS, rdates=when("9999-12-31 23:59")), until=FOREVER, limit=1)
