"""Reminders through HTTP."""

import pytest

from domain import lifecycle
from models import Reminder
from tests import make
from tests.schema.refusals import ERRORS, codes


@pytest.fixture
async def task(ada, id_of):
    return id_of("task", await make.task(ada, title="Call", scheduled_at="2026-12-01T09:00:00Z"))


async def test_a_reminder_answers_when_it_is_due(ada, task, mutate):
    selection = f"""
        reminder {{ anchor offset remindAt dueAt channel status user {{ isMe }} task {{ title }} }}
        task {{ reminders {{ totalCount }} }} {ERRORS}
    """
    wanted = {"anchor": "SCHEDULED", "offset": "PT1H30M"}
    assert await mutate(ada, "reminderCreate", selection, taskId=task, **wanted) == {
        "reminder": {
            "anchor": "SCHEDULED",
            "offset": "PT1H30M",
            "remindAt": None,
            "dueAt": "2026-12-01T07:30:00.000000Z",
            "channel": None,
            "status": "PENDING",
            "user": {"isMe": True},
            "task": {"title": "Call"},
        },
        "task": {"reminders": {"totalCount": 1}},
        "userErrors": [],
    }


async def test_a_supervisor_has_a_rep_reminded_at_an_instant(sue, bob, mutate, id_of):
    task = id_of("task", await make.task(sue))
    wanted = {"anchor": "INSTANT", "remindAt": "2026-12-01T07:00:00Z", "userId": id_of("user", bob.id)}
    selection = "reminder { dueAt offset user { name } task { reminders { totalCount } } }"
    assert (await mutate(sue, "reminderCreate", selection, taskId=task, **wanted))["reminder"] == {
        "dueAt": "2026-12-01T07:00:00.000000Z",
        "offset": "PT0S",
        "user": {"name": "Bob Rep"},
        "task": {"reminders": {"totalCount": 1}},
    }


async def test_the_same_reminder_is_made_once(ada, task, mutate):
    first, again = [
        await mutate(ada, "reminderCreate", f"reminder {{ id }} {ERRORS}", taskId=task, anchor="DUE") for _ in range(2)
    ]
    assert first == again
    assert await Reminder.all().count() == 1


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"anchor": "INSTANT"}, ("REQUIRED", ["remindAt"])),
        ({"anchor": "DUE", "remindAt": "2026-12-01T07:00:00Z"}, ("INVALID_INPUT", ["remindAt"])),
        ({"anchor": "DUE", "offset": "PT90S"}, ("INVALID_INPUT", ["offset"])),
        ({"anchor": "DUE", "offset": "-PT1H"}, ("INVALID_INPUT", ["offset"])),
        ({"anchor": "DUE", "offset": "P366D"}, ("INVALID_INPUT", ["offset"])),
    ],
)
async def test_a_reminder_that_cannot_be_is_refused(wanted, refusal, ada, task, mutate):
    answer = await mutate(ada, "reminderCreate", f"reminder {{ id }} {ERRORS}", taskId=task, **wanted)
    assert (answer["reminder"], codes(answer)) == (None, [refusal])
    assert await Reminder.all().count() == 0


async def test_of_a_finished_task_nobody_is_reminded(ada, mutate, id_of):
    key = await make.task(ada)
    await lifecycle.cancel(key, by=ada)
    answer = await mutate(ada, "reminderCreate", f"task {{ status }} {ERRORS}", taskId=id_of("task", key), anchor="DUE")
    assert (answer["task"], codes(answer)) == ({"status": "CANCELLED"}, [("TASK_FINAL", None)])


async def test_a_rep_has_no_other_reminded(ada, bob, task, mutate, id_of):
    wanted = {"anchor": "DUE", "userId": id_of("user", bob.id)}
    assert codes(await mutate(ada, "reminderCreate", ERRORS, taskId=task, **wanted)) == [("FORBIDDEN", ["userId"])]


async def test_days_are_counted_by_the_clock_and_working_days_skip_the_weekend(ada, task, mutate):
    selection = f"reminder {{ days workingDays after localTime dueAt }} {ERRORS}"
    wanted = {"taskId": task, "anchor": "SCHEDULED"}
    before = await mutate(ada, "reminderCreate", selection, **wanted, workingDays=2, localTime="07:30")
    after = await mutate(ada, "reminderCreate", selection, **wanted, days=1, after=True)
    assert [answer["reminder"] for answer in (before, after)] == [
        {"days": 0, "workingDays": 2, "after": False, "localTime": "07:30", "dueAt": "2026-11-27T07:30:00.000000Z"},
        {"days": 1, "workingDays": 0, "after": True, "localTime": None, "dueAt": "2026-12-02T09:00:00.000000Z"},
    ]


async def test_a_reminder_is_changed_and_taken_away(ada, task, mutate):
    made = await mutate(ada, "reminderCreate", "reminder { id version }", taskId=task, anchor="SCHEDULED", days=1)
    key = made["reminder"]["id"]
    patch = {"reminderId": key, "days": 0, "offset": "PT1H", "channel": "EMAIL", "expectedVersion": 1}
    selection = f"reminder {{ dueAt days offset channel version }} {ERRORS}"
    assert await mutate(ada, "reminderUpdate", selection, **patch) == {
        "reminder": {
            "dueAt": "2026-12-01T08:00:00.000000Z",
            "days": 0,
            "offset": "PT1H",
            "channel": "EMAIL",
            "version": 2,
        },
        "userErrors": [],
    }
    assert codes(await mutate(ada, "reminderUpdate", ERRORS, **patch)) == [("VERSION_CONFLICT", None)]
    selection = f"reminder {{ id }} task {{ reminders {{ totalCount }} }} {ERRORS}"
    assert await mutate(ada, "reminderDelete", selection, reminderId=key) == {
        "reminder": None,
        "task": {"reminders": {"totalCount": 0}},
        "userErrors": [],
    }


async def test_a_type_begins_its_tasks_with_reminders(admin, ada, mutate):
    wish = {"anchor": "SCHEDULED", "workingDays": 1, "localTime": "16:00", "channel": "EMAIL"}
    selection = f"taskType {{ id reminders {{ recipient anchor offset days workingDays localTime channel }} }} {ERRORS}"
    kind = await mutate(admin, "taskTypeCreate", selection, key="SURVEY", name="Survey", reminders=[wish])
    told = {"recipient": "ASSIGNEE", "offset": "PT0S", "days": 0}
    assert (kind["taskType"]["reminders"], kind["userErrors"]) == ([wish | told], [])
    wanted = {"title": "Survey", "customTypeId": kind["taskType"]["id"], "scheduledAt": "2999-01-07T09:00:00Z"}
    made = await mutate(ada, "taskCreate", "task { reminders { nodes { recipient dueAt channel } } }", **wanted)
    due = {"recipient": "ASSIGNEE", "dueAt": "2999-01-04T16:00:00.000000Z", "channel": "EMAIL"}
    assert made["task"]["reminders"]["nodes"] == [due]
