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
        title type priority description rule start timeZone expectedDuration reminders {{ anchor offset }} version
        assignee {{ isMe }} team {{ name }} customer {{ name }} creator {{ name }} tasks {{ totalCount }} expandedUntil
    }} {ERRORS}"""
    blueprint = {
        "type": "CALL",
        "priority": "HIGH",
        "description": "Ask",
        "expectedDuration": "PT1H30M",
        "reminders": [{"offset": "P1D"}],
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
            "reminders": [{"anchor": "SCHEDULED", "offset": "PT24H"}],
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


async def test_a_rule_may_be_said_as_a_form_and_reads_back_as_text_form_and_words(ada, mutate):
    selection = f"series {{ rule form {{ every unit on until count }} ruleDescription }} {ERRORS}"
    form = {"every": 2, "unit": "WEEK", "on": ["MON", "THU"], "until": "2027-05-03"}
    assert await mutate(ada, "seriesCreate", selection, **MONDAYS | {"rule": None, "form": form}) == {
        "series": {
            "rule": "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270503;BYDAY=MO,TH",
            "form": form | {"count": None},
            "ruleDescription": "Every 2 weeks on Monday and Thursday until 3 May 2027",
        },
        "userErrors": [],
    }
    by_text = await mutate(ada, "seriesCreate", selection, **MONDAYS | {"rule": "FREQ=YEARLY;BYWEEKNO=20"})
    assert by_text["series"]["form"] is None
    both = await mutate(ada, "seriesCreate", ERRORS, **MONDAYS, form=form)
    neither = await mutate(ada, "seriesCreate", ERRORS, **MONDAYS | {"rule": None})
    assert codes(both) == codes(neither) == [("INVALID_INPUT", ["rule"])]


async def test_what_is_left_out_has_its_default(ada, mutate):
    people = "assignee { id } team { id } customer { id }"
    selection = f"series {{ type priority expectedDuration reminders {{ offset }} {people} }}"
    assert (await mutate(ada, "seriesCreate", selection, **MONDAYS))["series"] == {
        "type": "OTHER",
        "priority": "MEDIUM",
        "expectedDuration": None,
        "reminders": [],
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
    ],
)
async def test_a_series_that_cannot_be_is_refused(wrong, code, ada, mutate, sent):
    answer = await mutate(ada, "seriesCreate", f"series {{ id }} {ERRORS}", **MONDAYS | wrong)
    assert (answer["series"], codes(answer)) == (None, [(code, list(wrong))])
    assert sent() == []


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"reminders": [{"offset": "-PT1M"}]}, "INVALID_INPUT", ["reminders", "0", "offset"]),
        ({"reminders": [{"offset": "PT0.5S"}]}, "INVALID_INPUT", ["reminders", "0", "offset"]),
        ({"reminders": [{"offset": "PT5M", "anchor": "INSTANT"}]}, "INVALID_INPUT", ["reminders", "0", "anchor"]),
        ({"subtasks": [{"title": ""}]}, "REQUIRED", ["subtasks", "0", "title"]),
        ({"subtasks": [{"title": "x"}] * 51}, "LIMIT_EXCEEDED", ["subtasks"]),
        ({"checklist": [{"text": "x" * 501}]}, "TOO_LONG", ["checklist", "0", "text"]),
        ({"linkIds": ["ticket_" + "0" * 32]}, "NOT_FOUND", ["linkIds", "0"]),
        ({"kind": "VISIT", "expectedDuration": "PT1H"}, "REQUIRED", ["locationId"]),
    ],
)
async def test_what_is_wrong_inside_is_told_where_it_is(wrong, code, path, ada, mutate, sent):
    answer = await mutate(ada, "seriesCreate", f"series {{ id }} {ERRORS}", **MONDAYS | wrong)
    assert (answer["series"], codes(answer)) == (None, [(code, path)])
    assert sent() == []


async def test_a_series_answers_what_belongs_to_its_occurrences(ada, mutate, id_of):
    customer = await make.customer(ada, name="Tea House")
    location = await make.location(ada, customer, name="Harbour")
    selection = f"""series {{
        subtasks {{ title type priority description expectedDuration }} checklist {{ text required }}
        links {{ kind target {{ ... on Location {{ name }} }} }} reminders {{ anchor offset }}
    }} {ERRORS}"""
    subtask = {"title": "Pack", "type": "CALL", "priority": "URGENT", "description": None, "expectedDuration": "PT10M"}
    same = {
        "subtasks": [subtask],
        "checklist": [{"text": "Look", "required": True}],
        "reminders": [{"anchor": "DUE", "offset": "PT24H"}, {"anchor": "SCHEDULED", "offset": "PT5M"}],
    }
    about = [id_of("loc", location.id)]
    answer = await mutate(ada, "seriesCreate", selection, **MONDAYS, **same, linkIds=about)
    links = [{"kind": "LOCATION", "target": {"name": "Harbour"}}]
    assert answer == {"series": same | {"links": links}, "userErrors": []}


async def test_a_rep_gives_no_series_to_another(ada, bob, mutate, id_of):
    answer = await mutate(ada, "seriesCreate", ERRORS, **MONDAYS, assigneeId=id_of("user", bob.id))
    assert codes(answer) == [("FORBIDDEN", ["assigneeId"])]


OCCURRENCES = """query ($series: ID!, $from: DateTime!, $to: DateTime!) {
    seriesOccurrences(seriesId: $series, from: $from, to: $to) { original local at skipped moved task { title } }
}"""


async def test_a_series_is_changed_skipped_split_and_its_occurrences_are_told(ada, mutate, graphql):
    wanted = MONDAYS | {"start": "2099-01-05T09:00:00", "timeZone": "UTC"}
    key = (await mutate(ada, "seriesCreate", "series { id }", **wanted))["series"]["id"]
    answer = await mutate(ada, "seriesUpdate", f"series {{ title }} {ERRORS}", seriesId=key, title="Visit")
    assert answer == {"series": {"title": "Visit"}, "userErrors": []}
    skipped = {"seriesId": key, "occurrence": "2099-01-12T09:00:00"}
    answer = await mutate(ada, "seriesSkip", f"series {{ exdates }} {ERRORS}", **skipped)
    assert answer == {"series": {"exdates": ["2099-01-12T09:00:00"]}, "userErrors": []}
    one = {"seriesId": key, "scope": "THIS", "occurrence": "2099-01-05T09:00:00", "start": "2099-01-05T15:00:00"}
    assert await mutate(ada, "seriesUpdate", ERRORS, **one) == {"userErrors": []}
    following = {"seriesId": key, "scope": "THIS_AND_FOLLOWING", "occurrence": "2099-01-19T09:00:00", "title": "Tea"}
    selection = f"series {{ title fromOccurrence predecessor {{ title beforeOccurrence }} }} {ERRORS}"
    assert (await mutate(ada, "seriesUpdate", selection, **following))["series"] == {
        "title": "Tea",
        "fromOccurrence": "2099-01-19T09:00:00",
        "predecessor": {"title": "Visit", "beforeOccurrence": "2099-01-19T09:00:00"},
    }
    span = {"series": key, "from": "2099-01-01T00:00:00Z", "to": "2099-02-01T00:00:00Z"}
    assert (await graphql(ada, OCCURRENCES, **span))["data"]["seriesOccurrences"] == [
        {
            "original": "2099-01-05T09:00:00",
            "local": "2099-01-05T15:00:00",
            "at": "2099-01-05T15:00:00.000000Z",
            "skipped": False,
            "moved": True,
            "task": {"title": "Visit"},
        },
        {
            "original": "2099-01-12T09:00:00",
            "local": "2099-01-12T09:00:00",
            "at": "2099-01-12T09:00:00.000000Z",
            "skipped": True,
            "moved": False,
            "task": None,
        },
    ]


async def test_a_series_rests_goes_on_ends_and_goes(ada, mutate):
    key = (await mutate(ada, "seriesCreate", "series { id }", **MONDAYS))["series"]["id"]
    selection = f"series {{ state viewerActions {{ action allowed }} }} {ERRORS}"
    for name, state in (("seriesPause", "PAUSED"), ("seriesResume", "ACTIVE"), ("seriesEnd", "ENDED")):
        answer = await mutate(ada, name, selection, seriesId=key)
        assert (answer["series"]["state"], answer["userErrors"]) == (state, [])
    allowed = [each["action"] for each in answer["series"]["viewerActions"] if each["allowed"]]
    assert allowed == ["END", "DELETE"]
    assert codes(await mutate(ada, "seriesResume", ERRORS, seriesId=key)) == [("SERIES_ENDED", None)]
    assert await mutate(ada, "seriesDelete", f"series {{ id }} {ERRORS}", seriesId=key) == {
        "series": None,
        "userErrors": [],
    }
