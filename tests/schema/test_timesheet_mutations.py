"""Time entries through HTTP: timers, and time that is written down."""

import pytest

from domain import lifecycle, timesheets
from models import TimeEntry
from tests import make
from tests.schema.refusals import ERRORS, codes

RUNNING = f"timeEntry {{ id running }} {ERRORS}"


@pytest.fixture
async def task(ada, id_of):
    return id_of("task", await make.task(ada, title="Call"))


async def test_a_timer_is_started_and_stopped(ada, task, mutate):
    selection = f"""
        timeEntry {{ id running minutes billable billed note endedAt user {{ isMe }} creator {{ name }} version }}
        task {{ title timeEntries {{ nodes {{ running }} }} }} {ERRORS}
    """
    started = await mutate(ada, "timeEntryStart", selection, taskId=task, note="Ring", billable=False)
    entry = started["timeEntry"].pop("id")
    assert started == {
        "timeEntry": {
            "running": True,
            "minutes": 0,
            "billable": False,
            "billed": False,
            "note": "Ring",
            "endedAt": None,
            "user": {"isMe": True},
            "creator": {"name": "Ada Rep"},
            "version": 1,
        },
        "task": {"title": "Call", "timeEntries": {"nodes": [{"running": True}]}},
        "userErrors": [],
    }
    selection = f"timeEntry {{ running minutes version }} {ERRORS}"
    stopped = await mutate(ada, "timeEntryStop", selection, timeEntryId=entry, expectedVersion=1)
    assert stopped == {"timeEntry": {"running": False, "minutes": 0, "version": 2}, "userErrors": []}
    assert await mutate(ada, "timeEntryStop", selection, timeEntryId=entry) == stopped


async def test_a_timer_that_runs_is_started_once(ada, task, mutate):
    first, again = [await mutate(ada, "timeEntryStart", RUNNING, taskId=task) for _ in range(2)]
    assert first == again
    assert await TimeEntry.all().count() == 1


async def test_a_person_has_one_timer(ada, task, mutate, id_of):
    await mutate(ada, "timeEntryStart", RUNNING, taskId=task)
    other = id_of("task", await make.task(ada))
    answer = await mutate(ada, "timeEntryStart", RUNNING, taskId=other)
    assert (answer["timeEntry"], codes(answer)) == (None, [("TIMER_RUNNING", None)])
    assert answer["userErrors"][0]["message"] == "A timer is already running, on T-1 Call. Stop it first."


async def test_no_timer_runs_on_a_finished_task(ada, mutate, id_of):
    key = await make.task(ada)
    await lifecycle.cancel(key, by=ada)
    answer = await mutate(ada, "timeEntryStart", f"task {{ status }} {RUNNING}", taskId=id_of("task", key))
    assert codes(answer) == [("TASK_FINAL", None)]
    assert (answer["timeEntry"], answer["task"]) == (None, {"status": "CANCELLED"})


async def test_a_rep_stops_no_timer_of_another(ada, bob, sue, mutate, id_of):
    entry = id_of("time", await timesheets.start(await make.task(ada), by=ada))
    answer = await mutate(bob, "timeEntryStop", f"timeEntry {{ running }} {ERRORS}", timeEntryId=entry)
    assert (answer["timeEntry"], codes(answer)) == ({"running": True}, [("FORBIDDEN", None)])
    answer = await mutate(sue, "timeEntryStop", f"timeEntry {{ running }} {ERRORS}", timeEntryId=entry)
    assert answer == {"timeEntry": {"running": False}, "userErrors": []}


async def test_minutes_on_a_day_are_written_down(ada, task, mutate):
    selection = f"timeEntry {{ minutes workedOn startedAt billable running task {{ title }} }} {ERRORS}"
    assert await mutate(ada, "timeEntryCreate", selection, taskId=task, minutes=45, workedOn="2020-11-20") == {
        "timeEntry": {
            "minutes": 45,
            "workedOn": "2020-11-20",
            "startedAt": None,
            "billable": True,
            "running": False,
            "task": {"title": "Call"},
        },
        "userErrors": [],
    }


async def test_a_supervisor_writes_down_an_interval_of_a_rep(ada, sue, mutate, id_of):
    task = id_of("task", await make.task(sue))
    span = {"startedAt": "2020-11-20T09:00:00Z", "endedAt": "2020-11-20T10:30:00Z"}
    selection = f"timeEntry {{ minutes endedAt user {{ name }} creator {{ name }} }} {ERRORS}"
    assert await mutate(sue, "timeEntryCreate", selection, taskId=task, userId=id_of("user", ada.id), **span) == {
        "timeEntry": {
            "minutes": 90,
            "endedAt": "2020-11-20T10:30:00.000000Z",
            "user": {"name": "Ada Rep"},
            "creator": {"name": "Sue Lead"},
        },
        "userErrors": [],
    }


@pytest.mark.parametrize(
    ("span", "path"),
    [
        ({}, "startedAt"),
        ({"minutes": 5}, "startedAt"),
        ({"minutes": 5, "workedOn": "2020-11-20", "startedAt": "2020-11-20T09:00:00Z"}, "startedAt"),
        ({"minutes": 0, "workedOn": "2020-11-20"}, "minutes"),
        ({"minutes": 1441, "workedOn": "2020-11-20"}, "minutes"),
        ({"startedAt": "2020-11-20T09:00:00Z", "endedAt": "2020-11-20T09:00:00Z"}, "endedAt"),
        ({"startedAt": "2020-11-20T09:00:00Z", "endedAt": "2999-11-20T09:00:00Z"}, "endedAt"),
    ],
)
async def test_time_that_cannot_be_is_refused(span, path, ada, task, mutate):
    answer = await mutate(ada, "timeEntryCreate", f"task {{ title }} {RUNNING}", taskId=task, **span)
    assert codes(answer) == [("INVALID_INPUT", [path])]
    assert (answer["timeEntry"], answer["task"]) == (None, {"title": "Call"})


async def test_a_rep_writes_down_no_time_of_another(ada, bob, task, mutate, id_of):
    span = {"minutes": 5, "workedOn": "2020-11-20", "userId": id_of("user", bob.id)}
    assert codes(await mutate(ada, "timeEntryCreate", ERRORS, taskId=task, **span)) == [("FORBIDDEN", ["userId"])]
