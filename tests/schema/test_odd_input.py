"""What no client should send is taken for what it means, or refused with a hint; it is never a fault of ours."""

import pytest

from models import Customer
from tests import make
from tests.schema.refusals import ERRORS, codes

ORGANIZATION = {"kind": "ORGANIZATION", "name": "Tea House"}
SERIES = {"title": "Call", "start": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
MINUTES = ",".join(map(str, range(60)))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
async def test_a_reminder_before_the_year_1_is_due_at_its_beginning(zone, admin, mutate):
    rep = {"name": "Far", "email": "far@example.com", "role": "REP", "timeZone": zone}
    user = (await mutate(admin, "userCreate", "user { id }", **rep))["user"]["id"]
    dates = {"dueOn": "0001-01-02", "scheduledAt": "0001-01-01T00:00:01Z"}
    task = (await mutate(admin, "taskCreate", "task { id }", title="Long ago", **dates))["task"]["id"]
    for anchor in ("DUE", "SCHEDULED"):
        wanted = {"taskId": task, "userId": user, "anchor": anchor, "offset": "P3D"}
        answer = await mutate(admin, "reminderCreate", f"reminder {{ dueAt }} {ERRORS}", **wanted)
        assert answer == {"reminder": {"dueAt": "0001-01-01T00:00:00.000000Z"}, "userErrors": []}


async def test_blank_text_is_null(admin, mutate):
    selection = f"customer {{ id reference title currency }} {ERRORS}"
    blank = {"reference": "", "title": " ", "currency": ""}
    cleared = {"reference": None, "title": None, "currency": None}
    for _ in range(2):
        answer = await mutate(admin, "customerCreate", selection, **ORGANIZATION, **blank)
        key = answer["customer"].pop("id")
        assert answer == {"customer": cleared, "userErrors": []}
    filled = {"reference": "C-1", "title": "x", "currency": "EUR"}
    await mutate(admin, "customerUpdate", selection, customerId=key, **filled)
    answer = await mutate(admin, "customerUpdate", selection, customerId=key, **blank)
    assert answer == {"customer": {"id": key, **cleared}, "userErrors": []}
    assert await Customer.filter(reference__isnull=False).count() == 0


async def test_blank_text_where_some_is_needed_is_missing(admin, mutate, id_of):
    task = id_of("task", await make.task(admin))
    cases = [
        ("taskUpdate", {"taskId": task, "title": " "}, "title"),
        ("customerCreate", ORGANIZATION | {"name": ""}, "name"),
        ("apiKeyCreate", {"name": " ", "scopes": ["READ"]}, "name"),
    ]
    for name, input, path in cases:
        assert codes(await mutate(admin, name, ERRORS, **input)) == [("REQUIRED", [path])]
    answer = await mutate(admin, "seriesCreate", ERRORS, **SERIES | {"rule": "FREQ=DAILY", "start": ""})
    assert codes(answer) == [("INVALID_INPUT", ["start"])]


@pytest.mark.parametrize(
    "rule",
    [
        f"FREQ=DAILY;BYMINUTE={MINUTES}",
        "FREQ=HOURLY;BYMINUTE=0,30",
        "FREQ=WEEKLY;BYHOUR=8,9,10,11;BYMINUTE=0,15,30,45;BYSECOND=0,30",
    ],
)
async def test_a_rule_that_comes_more_often_than_hourly_is_refused_however_it_is_said(rule, ada, mutate, sent):
    answer = await mutate(ada, "seriesCreate", ERRORS, **SERIES, rule=rule)
    reason = "it occurs more than 24 times a day"
    message = f"This recurrence rule cannot be used: {reason}. Correct the rule and try again."
    assert answer == {"userErrors": [{"code": "INVALID_RECURRENCE", "path": ["rule"], "message": message}]}
    assert sent() == []


async def test_a_rule_with_several_times_of_a_day_is_taken(ada, mutate):
    for rule in ("FREQ=HOURLY", "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0,30", "FREQ=HOURLY;BYHOUR=9,10;BYMINUTE=0,30"):
        assert await mutate(ada, "seriesCreate", ERRORS, **SERIES, rule=rule) == {"userErrors": []}


@pytest.mark.parametrize("zone", ["localtime", "Factory"])
async def test_a_zone_that_only_this_machine_knows_is_refused(zone, admin, graphql):
    """A database elsewhere would not know it, and every question of that person would fail."""
    input = {"name": "Z", "email": "z@example.com", "role": "REP", "timeZone": zone}
    query = "mutation ($input: UserCreateInput!) { userCreate(input: $input) { userErrors { code } } }"
    (error,) = (await graphql(admin, query, input=input))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].endswith('This is not a TimeZone: write it like "Europe/Berlin".')


async def test_all_that_is_wrong_with_the_values_is_said_at_once(admin, mutate, nothing_changed):
    cases = [
        (
            "customerCreate",
            ORGANIZATION | {"name": "", "phone": "x" * 41, "paymentTermsDays": -1, "currency": "zzz"},
            {"name", "phone", "paymentTermsDays", "currency"},
        ),
        (
            "taskCreate",
            {"title": "", "description": "x" * 20_001, "expectedDuration": "P366D"},
            {"title", "description", "expectedDuration"},
        ),
    ]
    for name, input, paths in cases:
        async with nothing_changed():
            answer = await mutate(admin, name, ERRORS, **input)
        assert sorted(path for _, path in codes(answer)) == sorted([path] for path in paths)


async def test_work_of_more_than_a_day_is_a_mistyped_year(admin, mutate, id_of):
    span = {"startedAt": "0026-11-02T09:00:00Z", "endedAt": "2025-11-02T10:00:00Z"}
    answer = await mutate(admin, "timeEntryCreate", ERRORS, taskId=id_of("task", await make.task(admin)), **span)
    assert codes(answer) == [("INVALID_INPUT", ["endedAt"])]


@pytest.mark.parametrize("end", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
async def test_the_ends_of_time_are_refused(end, ada, graphql, id_of):
    """The database's driver takes them for infinities, so that they would be stored and not be found again."""
    input = {"taskId": id_of("task", await make.task(ada)), "anchor": "INSTANT", "remindAt": end}
    query = "mutation ($input: ReminderCreateInput!) { reminderCreate(input: $input) { userErrors { code } } }"
    (error,) = (await graphql(ada, query, input=input))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].endswith("it is the very first or last instant; take another one.")
