"""Task types of a workspace's own."""

import asyncio
from datetime import date

import pytest

from domain import copying, follow_ups, lifecycle, ownership, task_types, tasks, tokens, workflows
from domain.capacity import weigh, workload_update
from models import (
    ChecklistItem,
    CustomTaskType,
    FollowUpTrigger,
    Priority,
    RequiredField,
    Task,
    TaskType,
    WorkflowVersion,
)
from tests import make

LINES = [{"text": "Measure", "required": True}, {"text": "Take pictures", "required": False}]
SURVEY = {
    "name": "Site survey",
    "type": TaskType.MEETING,
    "priority": Priority.HIGH,
    "expected_minutes": 90,
    "weight": 3,
    "required_fields": [RequiredField.PLACE, RequiredField.DUE_ON],
    "checklist": LINES,
}
HERE = {"place": "Here", "due_on": date(2026, 12, 1)}


@pytest.fixture
async def survey(admin):
    return await task_types.create("SITE_SURVEY", **SURVEY, by=admin)


async def test_a_task_begins_with_what_its_type_says(admin, ada, survey, sent):
    key = await make.task(ada, custom_type_id=survey, **HERE)
    task = await make.stored(key)
    found = (task.custom_type_id, task.type, task.priority, task.expected_minutes, task.workflow)
    assert found == (survey, TaskType.MEETING, Priority.HIGH, 90, "REVIEWED")
    lines = await ChecklistItem.filter(task_id=key).order_by("position").values("text", "required", "ticked_at")
    assert lines == [line | {"ticked_at": None} for line in LINES]
    ((verb, changes),) = await make.history(key)
    assert (verb, changes["custom_type_id"], changes["priority"]) == ("created", [None, str(survey)], [None, "HIGH"])
    assert sent() == []


async def test_what_a_task_says_itself_goes_before_its_type(ada, survey):
    said = {"type": TaskType.CALL, "priority": Priority.LOW, "expected_minutes": 5}
    task = await make.stored(await make.task(ada, custom_type_id=survey, flow="DIRECT", **HERE, **said))
    assert (task.type, task.priority, task.expected_minutes) == tuple(said.values())
    assert task.workflow == "DIRECT"


async def test_a_copy_is_of_the_same_type_and_in_its_workflow_for_as_long_as_the_type_is_in_use(admin, ada, survey):
    await task_types.update(survey, {"workflow": "DIRECT"}, by=admin)
    key = await make.task(ada, custom_type_id=survey, flow="STANDARD", **HERE)
    await make.task(ada, parent_id=key)
    found = await make.stored(await copying.copy(key, parts={copying.Part.SUBTASKS}, by=ada))
    assert (found.custom_type_id, found.workflow) == (survey, "DIRECT")
    below = await Task.get(parent_id=found.id)
    assert (below.custom_type_id, below.workflow) == (None, "REVIEWED")
    await task_types.archive(survey, by=admin)
    later = await make.stored(await copying.copy(key, by=ada))
    assert (later.custom_type_id, later.workflow) == (None, "REVIEWED")


async def test_all_that_a_type_requires_is_asked_for_together(ada, survey, refused):
    async with refused("REQUIRED", "REQUIRED") as caught:
        await make.task(ada, custom_type_id=survey)
    assert [error.path for error in caught.value.errors] == [("dueOn",), ("place",)]
    async with refused("TOO_LONG", "REQUIRED") as caught:
        await make.task(ada, title="x" * 201, custom_type_id=survey, place="Here")
    key = await make.task(ada)
    async with refused("REQUIRED", "REQUIRED"):
        await tasks.update(key, {"custom_type_id": survey}, by=ada)
    await tasks.update(key, {"custom_type_id": survey, **HERE}, by=ada)
    assert (await make.stored(key)).custom_type_id == survey


async def test_what_is_required_is_never_taken_away(admin, ada, survey, refused):
    key = await make.task(ada, custom_type_id=survey, purpose="x", **HERE)
    async with refused("REQUIRED") as caught:
        await tasks.update(key, {"place": None, "purpose": None}, by=ada)
    assert caught.value.path == ("place",)
    await tasks.update(key, {"place": "There", "purpose": None}, by=ada)
    await task_types.update(survey, {"required_fields": list(RequiredField)}, by=admin)
    await tasks.update(key, {"title": "What is there may lack it"}, by=ada)
    await tasks.update(key, {"custom_type_id": None, "place": None}, by=ada)
    assert (await make.stored(key)).place is None


async def test_a_follow_up_has_the_team_that_its_type_requires(admin, ada, team, refused):
    kind = await task_types.create("VISIT_REPORT", name="Report", required_fields=[RequiredField.TEAM], by=admin)
    of_team, of_none = await make.task(ada, team_id=team), await make.task(ada)
    key = await make.task(ada, custom_type_id=kind, follows=of_team)
    assert (await make.stored(key)).team_id == team
    async with refused("REQUIRED"):
        await make.task(ada, custom_type_id=kind, follows=of_none)


async def test_a_type_has_a_workflow_in_its_newest_version(admin, ada, survey, refused):
    first = await workflows.publish(make.audit(), by=admin)
    await task_types.update(survey, {"workflow": "Audit"}, by=admin)
    await workflows.publish(make.audit(), by=admin)
    task = await make.stored(await make.task(ada, custom_type_id=survey, **HERE))
    assert (task.workflow, task.workflow_version) == ("Audit", 2)
    async with refused("WORKFLOW_IN_USE") as caught:
        await workflows.retire(first, by=admin)
    assert caught.value.facts["places"] == ("Site survey",)
    async with refused("NOT_FOUND") as caught:
        await task_types.update(survey, {"workflow": "Other"}, by=admin)
    assert caught.value.path == ("workflow",)
    await task_types.archive(survey, by=admin)
    await workflows.retire(first, by=admin)


async def test_of_retiring_a_workflow_and_giving_it_to_a_type_at_once_one_wins(admin, survey):
    for number in range(5):
        flow = await workflows.publish(make.audit(name=f"Audit {number}"), by=admin)
        giving = task_types.update(survey, {"workflow": f"Audit {number}"}, by=admin)
        found = await asyncio.gather(workflows.retire(flow, by=admin), giving, return_exceptions=True)
        assert len([error for error in found if error]) == 1
        retired = (await WorkflowVersion.get(id=flow)).retired_at is not None
        assert retired is ((await CustomTaskType.get(id=survey)).workflow != f"Audit {number}")


async def test_a_task_of_a_type_weighs_what_the_type_says(admin, ada, sue, survey, refused):
    await workload_update(ada.id, {"capacity": 5}, by=sue)
    ada = await tokens.of_user(ada.id)
    await weigh(TaskType.MEETING, 2, by=admin)
    await make.task(ada, custom_type_id=survey, assignee_id=ada.id, **HERE)
    plain, heavy = await make.task(ada, type=TaskType.MEETING), await make.task(ada, custom_type_id=survey, **HERE)
    async with refused("OVER_CAPACITY") as caught:
        await ownership.claim(heavy, by=ada)
    assert (caught.value.facts["load"], caught.value.facts["weight"]) == (3, 3)
    await ownership.claim(plain, by=ada)
    await task_types.update(survey, {"weight": None}, by=admin)
    async with refused("OVER_CAPACITY") as caught:
        await ownership.claim(heavy, by=ada)
    assert (caught.value.facts["load"], caught.value.facts["weight"]) == (4, 2)


async def test_no_new_task_is_of_an_archived_type_and_those_that_are_go_on(admin, ada, survey, refused):
    key, other = await make.task(ada, custom_type_id=survey, assignee_id=ada.id, **HERE), await make.task(ada)
    for _ in range(2):
        await task_types.archive(survey, by=admin)
    assert [verb for verb, _ in await make.history(survey)] == ["created", "archived"]
    async with refused("INVALID_INPUT"):
        await make.task(ada, custom_type_id=survey, **HERE)
    async with refused("INVALID_INPUT"):
        await tasks.update(other, {"custom_type_id": survey, **HERE}, by=ada)
    async with refused("REQUIRED"):
        await tasks.update(key, {"place": None}, by=ada)
    await lifecycle.start(key, by=ada)


async def test_rules_for_what_follows_know_a_tasks_built_in_type(admin, ada, sue, survey):
    item = {"title": "Report", "type": TaskType.EMAIL, "priority": Priority.LOW, "description": None}
    about = {"name": "After a meeting", "trigger": FollowUpTrigger.TASK, "task_type": TaskType.MEETING}
    await follow_ups.rule_create(about, [item | {"after_days": 1, "holder": "TEAM"}], by=sue)
    await task_types.update(survey, {"checklist": []}, by=admin)
    key = await make.task(ada, custom_type_id=survey, flow="STANDARD", assignee_id=ada.id, **HERE)
    await lifecycle.complete(key, by=ada)
    assert [each.title for each in await Task.filter(follow_up_of_id=key)] == ["Report"]


# What may be said of a type


async def test_a_type_is_changed_and_history_tells_how(admin, survey):
    await task_types.update(survey, {"name": "Survey", "checklist": LINES[:1], "required_fields": []}, by=admin)
    row = await CustomTaskType.get(id=survey)
    assert (row.name, row.checklist, row.required_fields, row.version) == ("Survey", LINES[:1], [], 2)
    assert (await make.history(survey))[1] == (
        "updated",
        {
            "name": ["Site survey", "Survey"],
            "checklist": [LINES, LINES[:1]],
            "required_fields": [["DUE_ON", "PLACE"], []],
        },
    )


@pytest.mark.parametrize(
    ("key", "content", "expected"),
    [
        ("CALL", {"name": "Call"}, [("key", "DUPLICATE_VALUE")]),
        ("site survey", {"name": "x"}, [("key", "INVALID_INPUT")]),
        ("A__B", {"name": "x" * 81}, [("key", "INVALID_INPUT"), ("name", "TOO_LONG")]),
        ("X" * 41, {"name": " "}, [("key", "TOO_LONG"), ("name", "REQUIRED")]),
        (
            "SITE",
            {"name": "x", "weight": 1001, "expected_minutes": 525_601},
            [("weight", "INVALID_INPUT"), ("expectedDuration", "INVALID_INPUT")],
        ),
        ("SITE", {"name": "x", "checklist": LINES * 51}, [("checklist", "LIMIT_EXCEEDED")]),
        (
            "SITE",
            {"name": "x", "checklist": [*LINES, {"text": "", "required": True}]},
            [("checklist.2.text", "REQUIRED")],
        ),
    ],
)
async def test_what_is_wrong_with_a_type_is_said_at_once(key, content, expected, admin, refused):
    async with refused(*(code for _, code in expected)) as caught:
        await task_types.create(key, **content, by=admin)
    assert [".".join(error.path) for error in caught.value.errors] == [path for path, _ in expected]


async def test_a_key_is_taken_once(admin, other, survey, refused):
    await task_types.archive(survey, by=admin)
    async with refused("DUPLICATE_VALUE") as caught:
        await task_types.create("SITE_SURVEY", name="Again", by=admin)
    assert caught.value.path == ("key",)
    theirs = await task_types.create("SITE_SURVEY", name="Theirs", by=other)
    async with refused("NOT_FOUND") as caught:
        await make.task(admin, custom_type_id=theirs)
    assert caught.value.path == ("customTypeId",)


async def test_only_admins_set_types_up(sue, survey, refused):
    async with refused("FORBIDDEN"):
        await task_types.create("X", name="x", by=sue)
    async with refused("FORBIDDEN"):
        await task_types.update(survey, {"name": "x"}, by=sue)
    async with refused("FORBIDDEN"):
        await task_types.archive(survey, by=sue)


async def test_a_version_is_expected(admin, survey, refused):
    async with refused("VERSION_CONFLICT"):
        await task_types.update(survey, {"name": "x"}, version=7, by=admin)
    async with refused("VERSION_CONFLICT"):
        await task_types.archive(survey, version=7, by=admin)
