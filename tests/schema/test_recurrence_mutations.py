"""Series through HTTP."""

import pytest

from domain.jobs import Job
from tests import make
from tests.schema.refusals import ERRORS, codes

MONDAYS = {
    "title": "Call",
    "rule": "FREQ=WEEKLY;BYDAY=MO",
    "start": "2026-11-23T09:00:00",
    "timeZone": "Europe/Berlin",
}


async def test_a_series_answers_its_blueprint_and_is_due(ada, team, mutate, id_of, sent):
    customer = await make.customer(ada, name="Tea House")
    selection = f"""series {{
        title type priority description rule start timeZone expectedDuration reminderOffset version
        assignee {{ isMe }} team {{ name }} customer {{ name }} creator {{ name }} tasks {{ totalCount }} expandedUntil
    }} {ERRORS}"""
    blueprint = {
        "type": "CALL",
        "priority": "HIGH",
        "description": "Ask",
        "expectedDuration": "PT1H30M",
        "reminderOffset": "P1D",
        "assigneeId": id_of("user", ada.id),
        "teamId": id_of("team", team),
        "customerId": id_of("cust", customer.id),
    }
    assert await mutate(ada, "seriesCreate", selection, **MONDAYS, **blueprint) == {
        "series": MONDAYS
        | {
            "type": "CALL",
            "priority": "HIGH",
            "description": "Ask",
            "expectedDuration": "PT1H30M",
            "reminderOffset": "PT24H",
            "version": 1,
            "assignee": {"isMe": True},
            "team": {"name": "North"},
            "customer": {"name": "Tea House"},
            "creator": {"name": "Ada Rep"},
            "tasks": {"totalCount": 0},
            "expandedUntil": None,
        },
        "userErrors": [],
    }
    assert sent() == [(Job.EXPAND_SERIES, ())]


async def test_what_is_left_out_has_its_default(ada, mutate):
    selection = "series { type priority expectedDuration reminderOffset assignee { id } team { id } customer { id } }"
    assert (await mutate(ada, "seriesCreate", selection, **MONDAYS))["series"] == {
        "type": "OTHER",
        "priority": "MEDIUM",
        "expectedDuration": None,
        "reminderOffset": None,
        "assignee": None,
        "team": None,
        "customer": None,
    }


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rule": "FREQ=SECONDLY"}, "INVALID_RECURRENCE"),
        ({"rule": "FREQ=WEEKLY;BYDAY=XX"}, "INVALID_RECURRENCE"),
        ({"start": "2026-11-23T09:00:00Z"}, "INVALID_INPUT"),
        ({"title": " "}, "REQUIRED"),
        ({"title": "x" * 201}, "TOO_LONG"),
        ({"expectedDuration": "PT30S"}, "INVALID_INPUT"),
        ({"expectedDuration": "P366D"}, "INVALID_INPUT"),
        ({"reminderOffset": "-PT1M"}, "INVALID_INPUT"),
        ({"reminderOffset": "PT0.5S"}, "INVALID_INPUT"),
    ],
)
async def test_a_series_that_cannot_be_is_refused(wrong, code, ada, mutate, sent):
    answer = await mutate(ada, "seriesCreate", f"series {{ id }} {ERRORS}", **MONDAYS | wrong)
    assert (answer["series"], codes(answer)) == (None, [(code, list(wrong))])
    assert sent() == []


async def test_a_rep_gives_no_series_to_another(ada, bob, mutate, id_of):
    answer = await mutate(ada, "seriesCreate", ERRORS, **MONDAYS, assigneeId=id_of("user", bob.id))
    assert codes(answer) == [("FORBIDDEN", ["assigneeId"])]
