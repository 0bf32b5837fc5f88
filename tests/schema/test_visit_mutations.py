"""Visits through HTTP: planned, begun, ended and called off."""

import pytest

from tests import make
from tests.schema.refusals import ERRORS, codes

WHEN = {"plannedStart": "2026-12-01T09:00:00+01:00", "plannedEnd": "2026-12-01T10:00:00+01:00"}
STATUS = f"visit {{ status version }} syncCursor {ERRORS}"


@pytest.fixture
async def place(ada):
    return await make.location(ada, await make.customer(ada, name="Tea House"), name="Shop")


@pytest.fixture
async def visit(ada, place, id_of):
    return id_of("visit", (await make.visit(ada, place)).id)


async def test_planning_answers_the_visit_with_all_that_it_is_about(ada, team, place, mutate, id_of):
    selection = f"""visit {{
        status plannedStart plannedEnd purpose version
        location {{ name customer {{ name }} }} customer {{ id }} assignee {{ isMe }} creator {{ name }} team {{ name }}
        viewerActions {{ action allowed }} history {{ nodes {{ verb }} }}
    }} {ERRORS}"""
    where = {"locationId": id_of("loc", place.id), "teamId": id_of("team", team), "purpose": "Tea"}
    assert await mutate(ada, "visitCreate", selection, **where, **WHEN) == {
        "visit": {
            "status": "PLANNED",
            "plannedStart": "2026-12-01T08:00:00.000000Z",
            "plannedEnd": "2026-12-01T09:00:00.000000Z",
            "purpose": "Tea",
            "version": 1,
            "location": {"name": "Shop", "customer": {"name": "Tea House"}},
            "customer": {"id": id_of("cust", place.customer_id)},
            "assignee": {"isMe": True},
            "creator": {"name": "Ada Rep"},
            "team": {"name": "North"},
            "viewerActions": [
                {"action": "CHECK_IN", "allowed": True},
                {"action": "CHECK_OUT", "allowed": False},
                {"action": "CANCEL", "allowed": True},
            ],
            "history": {"nodes": [{"verb": "created"}]},
        },
        "userErrors": [],
    }


async def test_a_visit_ends_after_it_begins(ada, place, mutate, id_of):
    when = {"plannedStart": WHEN["plannedEnd"], "plannedEnd": WHEN["plannedStart"]}
    answer = await mutate(ada, "visitCreate", f"visit {{ id }} {ERRORS}", locationId=id_of("loc", place.id), **when)
    assert (answer["visit"], codes(answer)) == (None, [("INVALID_INPUT", ["plannedEnd"])])


async def test_a_rep_plans_no_visit_for_another(ada, bob, place, mutate, id_of):
    whom = {"assigneeId": id_of("user", bob.id)}
    answer = await mutate(ada, "visitCreate", ERRORS, locationId=id_of("loc", place.id), **whom, **WHEN)
    assert codes(answer) == [("FORBIDDEN", ["assigneeId"])]


async def test_a_visit_is_begun_and_ended(ada, visit, mutate):
    begun = await mutate(ada, "visitCheckIn", STATUS, visitId=visit, expectedVersion=1)
    assert (begun["visit"], begun["userErrors"]) == ({"status": "IN_PROGRESS", "version": 2}, [])
    selection = f"visit {{ status outcome history {{ nodes {{ verb actor {{ name }} }} }} }} {ERRORS}"
    assert await mutate(ada, "visitCheckOut", selection, visitId=visit, outcome="Sold", expectedVersion=2) == {
        "visit": {
            "status": "COMPLETED",
            "outcome": "Sold",
            "history": {
                "nodes": [
                    {"verb": "checked_in", "actor": {"name": "Ada Rep"}},
                    {"verb": "checked_out", "actor": {"name": "Ada Rep"}},
                ]
            },
        },
        "userErrors": [],
    }


async def test_calling_off_twice_changes_nothing_the_second_time(ada, visit, mutate):
    first = await mutate(ada, "visitCancel", STATUS, visitId=visit, reason="Ill")
    again = await mutate(ada, "visitCancel", STATUS, visitId=visit)
    assert first["visit"] == again["visit"] == {"status": "CANCELLED", "version": 2}
    assert (first["syncCursor"] is None, again["syncCursor"], again["userErrors"]) == (False, None, [])


async def test_only_who_makes_the_visit_begins_it(bob, visit, mutate):
    answer = await mutate(bob, "visitCheckIn", STATUS, visitId=visit)
    assert answer["visit"] == {"status": "PLANNED", "version": 1}
    assert codes(answer) == [("FORBIDDEN_TRANSITION", None)]


async def test_a_visit_that_has_not_begun_does_not_end(ada, visit, mutate):
    answer = await mutate(ada, "visitCheckOut", STATUS, visitId=visit, outcome="Sold")
    assert answer["visit"] == {"status": "PLANNED", "version": 1}
    assert codes(answer) == [("INVALID_TRANSITION", None)]


async def test_a_visit_that_was_called_off_stays_so(ada, visit, mutate):
    await mutate(ada, "visitCancel", STATUS, visitId=visit)
    answer = await mutate(ada, "visitCheckIn", STATUS, visitId=visit)
    assert answer["visit"] == {"status": "CANCELLED", "version": 2}
    assert codes(answer) == [("VISIT_FINAL", None)]
