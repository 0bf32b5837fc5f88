"""`recurrencePreview` through HTTP."""

import pytest

from tests.schema.refusals import ERRORS, codes

PREVIEW = f"""query ($input: RecurrencePreviewInput!, $first: Int! = 3, $after: DateTime) {{
    recurrencePreview(input: $input, first: $first, after: $after) {{
        occurrences {{ local instant original }} description rule
        form {{ every unit on nth monthDays months until count }} {ERRORS}
    }}
}}"""
BERLIN = {"start": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}


@pytest.fixture
def preview(ada, graphql):
    async def preview(*, first=3, after=None, **input):
        answer = await graphql(ada, PREVIEW, input=BERLIN | input, first=first, after=after)
        assert "errors" not in answer, answer
        return answer["data"]["recurrencePreview"]

    return preview


def local(answer):
    assert answer["userErrors"] == []
    return [each["local"] for each in answer["occurrences"]]


async def test_a_form_is_answered_as_a_rule_as_words_and_as_dates(preview):
    form = {"every": 2, "unit": "WEEK", "on": ["MON", "THU"], "until": "2027-05-03"}
    empty = {"nth": [], "monthDays": [], "months": [], "count": None}
    assert await preview(form=form, first=2) == {
        "occurrences": [
            {
                "local": "2026-11-23T09:00:00",
                "instant": "2026-11-23T08:00:00.000000Z",
                "original": "2026-11-23T09:00:00",
            },
            {
                "local": "2026-11-26T09:00:00",
                "instant": "2026-11-26T08:00:00.000000Z",
                "original": "2026-11-26T09:00:00",
            },
        ],
        "description": "Every 2 weeks on Monday and Thursday until 3 May 2027",
        "rule": "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270503;BYDAY=MO,TH",
        "form": form | empty,
        "userErrors": [],
    }


async def test_a_text_is_answered_as_a_form_where_one_can_say_it(preview):
    answer = await preview(rrule="rrule:freq=monthly; byday=-1fr;")
    assert answer["rule"] == "FREQ=MONTHLY;BYDAY=-1FR"
    assert answer["form"]["nth"] == ["LAST"]
    assert local(answer) == ["2026-11-27T09:00:00", "2026-12-25T09:00:00", "2027-01-29T09:00:00"]
    assert (await preview(rrule="FREQ=YEARLY;BYWEEKNO=20"))["form"] is None


async def test_the_last_instant_leads_to_the_next_occurrences(preview):
    answer = await preview(rrule="FREQ=DAILY", first=2)
    more = await preview(rrule="FREQ=DAILY", first=2, after=answer["occurrences"][-1]["instant"])
    assert local(answer) + local(more) == [f"2026-11-{day}T09:00:00" for day in range(23, 27)]


async def test_what_the_clock_skips_moves_and_keeps_its_original(preview):
    answer = await preview(rrule="FREQ=DAILY", start="2027-03-28T02:30:00", first=1)
    assert answer["occurrences"] == [
        {"local": "2027-03-28T03:30:00", "instant": "2027-03-28T01:30:00.000000Z", "original": "2027-03-28T02:30:00"}
    ]


async def test_exceptions_additions_month_ends_and_holidays_count(preview):
    dates = {"exceptions": ["2026-11-24T09:00:00"], "additions": ["2026-11-24T11:00:00"]}
    answer = await preview(rrule="FREQ=DAILY", **dates)
    assert local(answer) == ["2026-11-23T09:00:00", "2026-11-24T11:00:00", "2026-11-25T09:00:00"]
    answer = await preview(form={"unit": "MONTH", "monthDays": [31]}, monthEnd="LAST_DAY")
    assert local(answer) == ["2026-11-30T09:00:00", "2026-12-31T09:00:00", "2027-01-31T09:00:00"]
    fridays = {"rrule": "FREQ=WEEKLY;BYDAY=FR", "start": "2026-12-25T09:00:00", "holidayCountry": "DE"}
    answer = await preview(**fridays, holidays="NEXT_WORKING_DAY", first=2)
    assert local(answer) == ["2026-12-28T09:00:00", "2027-01-04T09:00:00"]


async def test_all_that_is_wrong_is_told_at_once(preview):
    answer = await preview(rrule="FREQ=SECONDLY", start="2026-11-23T09:00:00Z", exceptions=["never"])
    assert answer["occurrences"] == []
    assert answer["description"] is None
    assert codes(answer) == [
        ("INVALID_RECURRENCE", ["rrule"]),
        ("INVALID_INPUT", ["start"]),
        ("INVALID_INPUT", ["exceptions", "0"]),
    ]


@pytest.mark.parametrize(
    ("input", "path"),
    [
        ({}, ["rrule"]),
        ({"rrule": "FREQ=DAILY", "form": {"unit": "DAY"}}, ["rrule"]),
        ({"form": {"unit": "DAY", "every": 0}}, ["form", "every"]),
        ({"form": {"unit": "MONTH", "monthDays": [99]}}, ["form", "monthDays"]),
        ({"rrule": "FREQ=DAILY", "holidays": "SKIP"}, ["holidayCountry"]),
        ({"rrule": "FREQ=DAILY", "holidays": "SKIP", "holidayCountry": "DE", "holidayRegion": "??"}, ["holidayRegion"]),
        ({"rrule": "FREQ=DAILY", "exceptions": ["2026-11-23T09:00:00"] * 1001}, ["exceptions"]),
    ],
)
async def test_what_cannot_be_previewed_says_where(preview, input, path):
    assert [each for _, each in codes(await preview(**input))] == [path]


@pytest.mark.parametrize("first", [-1, 0, 367])
async def test_more_than_a_year_of_days_is_refused(first, ada, graphql):
    (error,) = (await graphql(ada, PREVIEW, input=BERLIN | {"rrule": "FREQ=DAILY"}, first=first))["errors"]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"


HOSTILE = [
    {"rrule": "FREQ=DAILY;INTERVAL=1000000000000000000"},
    {"rrule": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"},
    {"rrule": "FREQ=DAILY;UNTIL=99991231T235959Z"},
    {"rrule": "FREQ=DAILY;UNTIL=00010101"},
    {"rrule": "FREQ=HOURLY;COUNT=9999;BYMONTH=2;BYMONTHDAY=30"},
    {"rrule": "FREQ=DAILY", "start": "9999-12-31T23:59:59"},
    {"rrule": "FREQ=DAILY", "start": "0001-01-01T00:00:00"},
    {"rrule": "FREQ=DAILY", "start": "1900-01-01T00:00:00", "timeZone": "Pacific/Kiritimati"},
    {"rrule": "FREQ=DAILY", "start": "2999-12-31T23:59:59", "timeZone": "Pacific/Niue"},
    {"rrule": "FREQ=DAILY", "start": "2026-11-23T09:00:00.999999"},
    {"rrule": "FREQ=DAILY", "start": ""},
    {"rrule": "FREQ=DAILY", "start": "2026-11-23"},
    {"rrule": "FREQ=DAILY", "additions": ["9999-12-31T23:59:59"]},
    {"rrule": "FREQ=DAILY", "exceptions": ["9999-12-31T23:59:59", "0001-01-01T00:00:00"]},
    {"rrule": "FREQ=YEARLY", "holidays": "PREVIOUS_WORKING_DAY", "holidayCountry": "US"},
    {"rrule": "FREQ=DAILY", "holidays": "SKIP", "holidayCountry": "ß"},
    {"rrule": " "},
    {"rrule": "FREQ=DAILY;" + "BYMONTH=1;" * 98},
    {"rrule": "FREQ=YEARLY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60)))},
    {"form": {"unit": "YEAR", "every": 9999, "until": "9999-12-30"}},
    {"form": {"unit": "DAY", "count": 2147483647}},
    {"form": {"unit": "MONTH", "monthDays": list(range(-31, 32))}},
]


@pytest.mark.parametrize("input", HOSTILE, ids=str)
@pytest.mark.parametrize("after", [None, "0001-01-01T00:00:01Z", "9999-12-31T23:59:58Z"])
async def test_odd_rules_are_answered_or_refused(preview, input, after):
    answer = await preview(**input, first=366, after=after)
    assert len(answer["occurrences"]) <= 366
