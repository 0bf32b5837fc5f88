"""Rules as people fill them in, and as they read them."""

# ruff: noqa: DTZ001 -- a local start has no zone of its own

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError, InvalidInput
from domain.recurrence_forms import Form, Nth, Unit, Weekday, form_of, rule_of, rule_text
from domain.recurrence_words import describe
from domain.rrule import parse, written
from domain.rule_set import RuleSet
from models.recurrence import HolidayPolicy, MonthEnd

START = datetime(2026, 11, 23, 9)
BERLIN = ZoneInfo("Europe/Berlin")
MON, THU, FRI = Weekday.MON, Weekday.THU, Weekday.FRI


def of(text, **options):
    return RuleSet(**{"rule": parse(text), "start": START, "zone": BERLIN} | options)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            Form(every=2, unit=Unit.WEEK, on=frozenset({MON, THU}), until=date(2027, 5, 3)),
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270503;BYDAY=MO,TH",
        ),
        (Form(unit=Unit.DAY, count=10), "FREQ=DAILY;COUNT=10"),
        (Form(unit=Unit.MONTH, month_days=frozenset({1, -1})), "FREQ=MONTHLY;BYMONTHDAY=-1,1"),
        (
            Form(unit=Unit.MONTH, on=frozenset({FRI}), nth=frozenset({Nth.FIRST, Nth.LAST})),
            "FREQ=MONTHLY;BYDAY=-1FR,1FR",
        ),
        (
            Form(unit=Unit.YEAR, months=frozenset({3, 10}), on=frozenset({Weekday.SUN}), nth=frozenset({Nth.LAST})),
            "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
        ),
        (Form(unit=Unit.HOUR, every=4), "FREQ=HOURLY;INTERVAL=4"),
    ],
)
def test_a_form_is_a_rule_and_reads_back(form, text):
    assert written(rule_of(form)) == text == rule_text(None, form)
    assert form_of(of(text)) == form


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=1MO,-1FR",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=HOURLY;UNTIL=20261124T170000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
    ],
)
def test_what_no_form_can_say_has_none(text):
    assert form_of(of(text)) is None
    assert written(parse(text)) == written(parse(written(parse(text))))


@pytest.mark.parametrize(
    ("until", "day"),
    [
        ("20270503", date(2027, 5, 3)),
        ("20270503T090000", date(2027, 5, 3)),
        ("20270503T085959", date(2027, 5, 2)),
        ("20270503T070000Z", date(2027, 5, 3)),
        ("20270503T065959Z", date(2027, 5, 2)),
        ("20270503T220000Z", date(2027, 5, 3)),
        ("99991231T235959Z", date(9999, 12, 31)),
        ("00010101", date(1, 1, 1)),
    ],
)
def test_an_instant_is_the_last_day_that_it_allows(until, day):
    form = form_of(of(f"FREQ=DAILY;UNTIL={until}"))
    assert form == Form(unit=Unit.DAY, until=day)


def test_a_week_that_begins_on_sunday_matters_only_where_weeks_are_left_out():
    assert form_of(of("FREQ=WEEKLY;BYDAY=MO;WKST=SU")) == Form(unit=Unit.WEEK, on=frozenset({MON}))


@pytest.mark.parametrize(
    ("form", "paths"),
    [
        (Form(unit=Unit.DAY, every=0, count=10_000), [("form", "every"), ("form", "count")]),
        (Form(unit=Unit.MONTH, month_days=frozenset({32}), nth=frozenset({Nth.LAST})), ["month_days", "nth"]),
        (Form(unit=Unit.MONTH, month_days=frozenset({0})), ["month_days"]),
        (Form(unit=Unit.YEAR, months=frozenset({13})), ["months"]),
        (Form(unit=Unit.WEEK, on=frozenset({MON}), nth=frozenset({Nth.LAST})), ["nth"]),
        (Form(unit=Unit.WEEK, month_days=frozenset({1})), ["month_days"]),
        (Form(unit=Unit.DAY, count=3, until=date(2027, 1, 1)), ["count"]),
    ],
)
def test_all_that_does_not_fit_is_refused_at_once(form, paths):
    with pytest.raises(DomainError) as refusal:
        rule_of(form)
    expected = [path if isinstance(path, tuple) else ("form", path) for path in paths]
    assert [each.path for each in refusal.value.errors] == expected


@pytest.mark.parametrize(("text", "form"), [(None, None), ("FREQ=DAILY", Form(unit=Unit.DAY))])
def test_either_a_text_or_a_form_is_needed(text, form):
    with pytest.raises(InvalidInput, match="a rule or a form is needed, and not both"):
        rule_text(text, form)


FORMS = st.builds(
    Form,
    unit=st.sampled_from(Unit),
    every=st.integers(1, 12),
    on=st.frozensets(st.sampled_from(Weekday), max_size=4),
    nth=st.frozensets(st.sampled_from(Nth), max_size=2),
    month_days=st.frozensets(st.integers(1, 31) | st.integers(-31, -1), max_size=3),
    months=st.frozensets(st.integers(1, 12), max_size=3),
    until=st.none() | st.dates(date(2026, 1, 1), date(2100, 1, 1)),
    count=st.none() | st.integers(1, 9999),
)


@given(FORMS)
def test_every_form_that_fits_survives_the_way_through_its_text(form):
    try:
        rule = rule_of(form)
    except DomainError:
        return
    assert parse(written(rule)) == rule
    rules = of(written(rule))
    assert form_of(rules) == form
    assert describe(rules).startswith("Every ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20270503",
            "Every 2 weeks on Monday and Thursday until 3 May 2027",
        ),
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;COUNT=10", "Every day, 10 times"),
        ("FREQ=DAILY;COUNT=1", "Every day, once"),
        ("FREQ=DAILY;BYMONTH=1,7", "Every day in January and July"),
        ("FREQ=WEEKLY", "Every week on Monday"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,TU,WE,TH", "Every week from Monday to Friday"),
        ("FREQ=MONTHLY", "Every month on the 23rd"),
        ("FREQ=MONTHLY;BYDAY=MO", "Every month on every Monday"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO,-1FR", "Every month on the first and third Monday and the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,11,-1,-2", "Every month on the 1st, 11th, second-last day and last day"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "Every month on the 13th if that is a Friday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "Every month on the last day from Monday to Friday"),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "Every month on the first Saturday or Sunday"),
        ("FREQ=YEARLY", "Every year on 23 November"),
        ("FREQ=YEARLY;BYMONTH=1,6", "Every year on the 23rd of January and June"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "Every year on the last Sunday in March"),
        ("FREQ=YEARLY;BYDAY=20MO", "Every year on the 20th Monday of the year"),
        ("FREQ=YEARLY;BYWEEKNO=20,-1", "Every year on Monday in week 20 and the last week"),
        ("FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,-1", "Every 3 years on day 1 and the last day of the year"),
        ("FREQ=DAILY;BYHOUR=9,17", "Every day at 09:00 and 17:00"),
        ("FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0,30", "Every day at 6 times from 09:00 to 11:30"),
        ("FREQ=DAILY;BYSECOND=30", "Every day at 09:00:30"),
        ("FREQ=HOURLY;INTERVAL=3;UNTIL=20270503T170000", "Every 3 hours until 3 May 2027 at 17:00"),
        ("FREQ=HOURLY;BYMINUTE=0,30", "Every hour at minute 0 and 30"),
        (
            "FREQ=MONTHLY;BYSETPOS=1,-1;BYMONTHDAY=13,17;BYHOUR=6,18",
            "Every month on the 13th and 17th at 06:00 and 18:00, of these the first and last",
        ),
    ],
)
def test_a_rule_reads_as_english(text, words):
    assert describe(of(text)) == words


def test_what_moves_and_what_is_left_out_reads_as_english():
    friday, monday = datetime(2026, 11, 27, 9), datetime(2026, 11, 30, 9)
    assert describe(of("FREQ=DAILY", rdates=frozenset({friday}), exdates=frozenset({friday, monday}))) == (
        "Every day, with 1 further date, without 2 dates"
    )
    last = of("FREQ=MONTHLY;BYMONTHDAY=31", month_end=MonthEnd.LAST_DAY, holidays=HolidayPolicy.SKIP)
    assert describe(last).startswith("Every month on the 31st, or the last day of a shorter month, not on public")
    moved = {"holidays": HolidayPolicy.NEXT_WORKING_DAY, "holiday_country": "DE", "holiday_region": "BY"}
    assert describe(of("FREQ=DAILY", **moved)) == "Every day, on public holidays the next working day (DE-BY)"


def test_a_text_says_until_as_it_was_said():
    for until in (None, date(999, 1, 2), datetime(2027, 1, 2, 3, 4, 5), datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)):
        rule = parse("FREQ=DAILY" + (f";UNTIL={written_until(until)}" if until else ""))
        assert rule.until == until
        assert parse(written(rule)) == rule


def written_until(until):
    text = until.isoformat()[:19].replace("-", "").replace(":", "")
    return f"{text}Z" if getattr(until, "tzinfo", None) else text
