"""Copying tasks through HTTP."""

from domain import checklists
from tests import make
from tests.schema.refusals import ERRORS, codes

SHOWN = f"""copy {{ title status dueOn scheduledAt assignee {{ name }}
    checklist(first: 2) {{ nodes {{ text tickedAt }} }} subtasks(first: 2) {{ nodes {{ title dueOn }} }}
    history(first: 5) {{ nodes {{ verb changes {{ field after afterNode {{ __typename }} }} }} }} }} {ERRORS}"""


async def test_a_task_is_copied_with_what_was_chosen_and_says_from_what(ada, mutate, id_of):
    top = await make.task(ada, title="Old", due_on="2027-03-26", scheduled_at="2027-03-27T09:00:00Z")
    await make.task(ada, title="Part", parent_id=top, due_on="2027-03-25")
    await checklists.create(top, text="Pack", by=ada)
    wanted = {"taskId": id_of("task", top), "include": ["SUBTASKS", "CHECKLIST"], "startOn": "2027-04-01"}
    payload = await mutate(ada, "taskCopy", SHOWN, title="New", **wanted)
    *_, copied = sorted(payload["copy"].pop("history")["nodes"], key=lambda event: event["verb"] == "copied")
    assert copied == {
        "verb": "copied",
        "changes": [{"field": "copiedFrom", "after": "T-1 Old", "afterNode": {"__typename": "Task"}}],
    }
    assert payload == {
        "copy": {
            "title": "New",
            "status": "PENDING",
            "dueOn": "2027-04-02",
            "scheduledAt": "2027-04-03T09:00:00.000000Z",
            "assignee": None,
            "checklist": {"nodes": [{"text": "Pack", "tickedAt": None}]},
            "subtasks": {"nodes": [{"title": "Part", "dueOn": "2027-04-01"}]},
        },
        "userErrors": [],
    }


async def test_reminders_indicators_and_what_waits_for_what_come_along_when_chosen(ada, sue, mutate, id_of):
    top, first, then = [id_of("task", await make.task(ada, title=title)) for title in ("Old", "First", "Then")]
    for part in (first, then):
        await mutate(ada, "taskMove", ERRORS, taskId=part, parentId=top)
    await mutate(ada, "taskBlockerAdd", ERRORS, taskId=then, blockerId=first)
    await mutate(ada, "reminderCreate", ERRORS, taskId=top, anchor="DUE", offset="P1D")
    made = await mutate(sue, "assessmentIndicatorCreate", "assessmentIndicator { id }", name="Safe", kind="BOOLEAN")
    await mutate(ada, "taskIndicatorAdd", ERRORS, taskId=top, assessmentIndicatorId=made["assessmentIndicator"]["id"])
    shown = """copy { reminders { nodes { anchor offset status } } indicators { nodes { indicator { name } yes } }
        subtasks { nodes { title blockers { nodes { title } } } } }"""
    parts = ["SUBTASKS", "BLOCKERS", "REMINDERS", "INDICATORS"]
    assert await mutate(ada, "taskCopy", f"{shown} {ERRORS}", taskId=top, include=parts) == {
        "copy": {
            "reminders": {"nodes": [{"anchor": "DUE", "offset": "PT24H", "status": "PENDING"}]},
            "indicators": {"nodes": [{"indicator": {"name": "Safe"}, "yes": None}]},
            "subtasks": {
                "nodes": [
                    {"title": "First", "blockers": {"nodes": []}},
                    {"title": "Then", "blockers": {"nodes": [{"title": "First"}]}},
                ]
            },
        },
        "userErrors": [],
    }


async def test_a_refused_copy_says_why_and_shows_the_task(ada, mutate, nothing_changed, id_of):
    task = id_of("task", await make.task(ada, title="Old"))
    wanted = {"taskId": task, "include": [], "subtaskIds": [task], "shiftDays": 5000}
    async with nothing_changed():
        payload = await mutate(ada, "taskCopy", f"copy {{ id }} task {{ title }} {ERRORS}", **wanted)
    assert (payload["copy"], payload["task"]) == (None, {"title": "Old"})
    assert codes(payload) == [("INVALID_INPUT", ["shiftDays"]), ("INVALID_INPUT", ["subtaskIds"])]
