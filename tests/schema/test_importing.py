"""Calendars are imported through HTTP: each entry once, all or none, and what is wrong with which."""

import pytest

from models import Series
from tests.schema.refusals import ERRORS, codes
from workers.recurrence import expand_series

RESULTS = f"results {{ index object {{ id title rule start timeZone expectedDuration }} {ERRORS} }} {ERRORS}"
TEA = [
    "UID:tea",
    "SUMMARY:Tea",
    "DTSTART;TZID=Europe/Berlin:20990105T090000",
    "DURATION:PT45M",
    "RRULE:FREQ=DAILY;COUNT=3",
]
CALL = ["UID:call", "SUMMARY:Call\\, Ann", "DTSTART:20990105T090000", "RRULE:FREQ=WEEKLY"]
SECONDLY = ["UID:often", "SUMMARY:Often", "DTSTART:20990105T090000Z", "RRULE:FREQ=SECONDLY"]
ONCE = ["UID:once", "SUMMARY:Once", "DTSTART:20990105T090000Z"]


def calendar(*entries):
    lines = [line for entry in entries for line in ("BEGIN:VEVENT", *entry, "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


async def test_what_recurs_becomes_series(ada, mutate, id_of):
    answer = await mutate(ada, "seriesImport", RESULTS, ics=calendar(TEA, CALL), timeZone="Asia/Tokyo")
    assert answer["userErrors"] == []
    tea, call = [result["object"] for result in answer["results"]]
    assert {name: tea[name] for name in ("title", "start", "timeZone", "expectedDuration")} == {
        "title": "Tea",
        "start": "2099-01-05T09:00:00",
        "timeZone": "Europe/Berlin",
        "expectedDuration": "PT45M",
    }
    assert (call["title"], call["timeZone"], call["rule"]) == ("Call, Ann", "Asia/Tokyo", "FREQ=WEEKLY")
    assert await Series.filter(creator_id=ada.id).count() == 2


async def test_dates_that_are_added_and_left_out_are_taken(ada, mutate):
    more = ["RDATE;TZID=Europe/Berlin:20990201T090000", "EXDATE;TZID=Europe/Berlin:20990106T090000"]
    await mutate(ada, "seriesImport", RESULTS, ics=calendar([*TEA, *more]))
    series = await Series.get()
    assert (series.rdates, series.exdates) == (["2099-02-01T09:00:00"], ["2099-01-06T09:00:00"])
    await expand_series()


async def test_a_repeated_import_makes_nothing_twice(ada, bob, mutate, nothing_changed):
    first = await mutate(ada, "seriesImport", RESULTS, ics=calendar(TEA, CALL))
    async with nothing_changed():
        again = await mutate(ada, "seriesImport", RESULTS, ics=calendar(CALL, TEA))
    assert [each["object"] for each in again["results"]] == [each["object"] for each in reversed(first["results"])]
    await mutate(bob, "seriesImport", RESULTS, ics=calendar(TEA))
    assert await Series.all().count() == 3


async def test_a_repeated_request_is_answered_like_the_first(ada, mutate, nothing_changed):
    wanted = {"ics": calendar(TEA, SECONDLY), "errorPolicy": "REJECT_FAILED", "idempotencyKey": "once"}
    first = await mutate(ada, "seriesImport", RESULTS, **wanted)
    async with nothing_changed():
        assert await mutate(ada, "seriesImport", RESULTS, **wanted) == first
        other = await mutate(ada, "seriesImport", RESULTS, **wanted | {"ics": calendar(CALL)})
    assert codes(other) == [("IDEMPOTENCY_KEY_REUSED", None)]


async def test_all_or_none_unless_asked_otherwise(ada, mutate, nothing_changed):
    ics = calendar(TEA, SECONDLY, ONCE)
    async with nothing_changed():
        answer = await mutate(ada, "seriesImport", RESULTS, ics=ics)
    refused = [("INVALID_RECURRENCE", ["ics", "1", "rule"]), ("INVALID_INPUT", ["ics", "2", "rrule"])]
    assert codes(answer) == refused
    assert [codes(result) for result in answer["results"]] == [[], refused[:1], refused[1:]]
    assert [result["object"] for result in answer["results"]] == [None] * 3
    answer = await mutate(ada, "seriesImport", RESULTS, ics=ics, errorPolicy="REJECT_FAILED")
    assert [result["object"] and result["object"]["title"] for result in answer["results"]] == ["Tea", None, None]
    assert await Series.all().count() == 1


async def test_the_same_uid_twice_is_refused(ada, mutate, nothing_changed):
    async with nothing_changed():
        answer = await mutate(ada, "seriesImport", RESULTS, ics=calendar(TEA, TEA))
    assert codes(answer) == [("DUPLICATE_VALUE", ["ics", "1", "uid"])]


@pytest.mark.parametrize(
    ("ics", "code"),
    [("hello", "INVALID_INPUT"), (calendar(*[TEA] * 101), "LIMIT_EXCEEDED"), ("x" * 250_001, "LIMIT_EXCEEDED")],
)
async def test_what_is_no_calendar_or_too_long_is_refused(ics, code, ada, mutate, nothing_changed):
    async with nothing_changed():
        answer = await mutate(ada, "seriesImport", RESULTS, ics=ics)
    assert (codes(answer), answer["results"]) == ([(code, ["ics"])], [])


async def test_who_gets_the_occurrences_is_looked_at_for_each(ada, other, mutate, id_of, nothing_changed):
    async with nothing_changed():
        answer = await mutate(ada, "seriesImport", RESULTS, ics=calendar(TEA), assigneeId=id_of("user", other.id))
    assert codes(answer) == [("NOT_FOUND", ["ics", "0", "assigneeId"])]
