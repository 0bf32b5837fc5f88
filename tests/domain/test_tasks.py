"""Making and editing tasks."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from domain import lifecycle, reminders, tasks
from models import Anchor, Assignment, Handover, Priority, Reminder, Task, TaskStatus, TaskType
from tests import make

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


async def test_a_task_has_what_was_given_a_number_and_the_workspaces_workflow(ada, team, sent):
    key = await tasks.create(
        title="Call",
        type=TaskType.CALL,
        priority=Priority.URGENT,
        due_on=date(2026, 12, 2),
        scheduled_at=NOON,
        expected_minutes=90,
        team_id=team,
        by=ada,
    )
    task = await make.stored(key)
    assert (task.number, task.workflow, task.workflow_version, task.version) == (1, "REVIEWED", 1, 1)
    assert (task.status, task.creator_id, task.assignee_id, task.team_id) == (TaskStatus.PENDING, ada.id, None, team)
    assert (task.title, task.type, task.priority, task.billable) == ("Call", TaskType.CALL, Priority.URGENT, True)
    assert (task.due_on, task.scheduled_at, task.expected_minutes) == (date(2026, 12, 2), NOON, 90)
    ((verb, changes),) = await make.history(key)
    assert verb == "created"
    assert changes == {
        "title": [None, "Call"],
        "type": [None, "CALL"],
        "priority": [None, "URGENT"],
        "due_on": [None, "2026-12-02"],
        "scheduled_at": [None, "2026-12-01T12:00:00+00:00"],
        "expected_minutes": [None, 90],
        "team_id": [None, str(team)],
        "creator_id": [None, str(ada.id)],
        "number": [None, 1],
        "workflow": [None, "REVIEWED"],
        "workflow_version": [None, 1],
    }
    assert sent() == []


async def test_a_task_for_oneself_keeps_who_received_it(ada):
    key = await make.task(ada, assignee_id=ada.id)
    task = await make.stored(key)
    row = await Assignment.get(task_id=key)
    assert (row.how, row.sender_id, row.receiver_id, row.actor_id) == (Handover.CREATED, None, ada.id, ada.id)
    assert (task.assignee_id, task.assigned_at, row.held_seconds) == (ada.id, row.created_at, None)


async def test_a_named_workflow_is_pinned(ada):
    assert (await make.stored(await make.task(ada, flow="STANDARD"))).workflow == "STANDARD"


async def test_an_unknown_workflow_is_refused(ada, refused):
    async with refused("NOT_FOUND"):
        await make.task(ada, flow="NONE")


async def test_numbers_are_counted_in_each_workspace_without_gaps_however_many_ask(ada, bob, other):
    keys = await asyncio.gather(*(make.task(by) for by in (ada, bob) * 10))
    assert sorted([(await make.stored(key)).number for key in keys]) == list(range(1, 21))
    assert (await make.stored(await make.task(other))).number == 1


async def test_a_supervisor_gives_a_new_task_to_people_in_reach_only(sue, ada, admin, refused):
    await make.task(sue, assignee_id=ada.id)
    async with refused("FORBIDDEN") as caught:
        await make.task(sue, assignee_id=admin.id)
    assert caught.value.path == ("assigneeId",)


async def test_a_rep_gives_a_new_task_to_nobody_else(ada, bob, refused):
    async with refused("FORBIDDEN"):
        await make.task(ada, assignee_id=bob.id)


@pytest.mark.parametrize("field", ["assignee_id", "team_id", "parent_id", "visit_id"])
async def test_what_a_task_refers_to_must_be_seen(field, ada, refused):
    async with refused("NOT_FOUND") as caught:
        await make.task(ada, **{field: uuid4()})
    assert caught.value.path == ({"assignee_id": "assigneeId"}.get(field, field.replace("_id", "Id")),)


@pytest.mark.parametrize("minutes", [-1, 525_601])
async def test_an_impossible_duration_is_refused(minutes, ada, refused):
    async with refused("INVALID_INPUT") as caught:
        await make.task(ada, expected_minutes=minutes)
    assert caught.value.path == ("expectedDuration",)


async def test_the_creator_edits_all_and_absent_fields_stay(ada, sent):
    key = await make.task(ada, title="Old", outcome="kept", place="gone")
    await tasks.update(key, {"title": "New", "place": None}, by=ada)
    task = await make.stored(key)
    assert (task.title, task.outcome, task.place, task.version) == ("New", "kept", None, 2)
    assert (await make.history(key))[-1] == ("updated", {"title": ["Old", "New"], "place": ["gone", None]})
    assert sent() == []


async def test_the_assignee_edits_planning_only(sue, ada, refused):
    key = await make.task(sue, assignee_id=ada.id)
    await tasks.update(key, {"priority": Priority.LOW, "due_on": None}, by=ada)
    async with refused("FORBIDDEN") as caught:
        await tasks.update(key, {"title": "Mine", "priority": Priority.HIGH}, by=ada)
    assert caught.value.message == "You may not edit title. Those who may: its creator."


async def test_a_final_task_is_edited_by_nobody(ada, admin, refused):
    key = await make.task(ada)
    await lifecycle.cancel(key, by=ada)
    for by in (ada, admin):
        async with refused("TASK_FINAL"):
            await tasks.update(key, {"place": "late"}, by=by)


async def test_an_edit_of_a_version_that_is_past_is_a_conflict(ada, refused):
    key = await make.task(ada)
    await tasks.update(key, {"place": "first"}, by=ada, version=1)
    async with refused("VERSION_CONFLICT"):
        await tasks.update(key, {"place": "second"}, by=ada, version=1)


async def test_a_title_is_not_cleared(ada, refused):
    key = await make.task(ada)
    async with refused("REQUIRED"):
        await tasks.update(key, {"title": None}, by=ada)


async def test_of_two_edits_at_once_with_one_version_one_wins(ada):
    key = await make.task(ada)
    edits = [tasks.update(key, {"place": f"place {n}"}, by=ada, version=1) for n in range(10)]
    lost = [error for error in await asyncio.gather(*edits, return_exceptions=True) if error]
    assert {error.code for error in lost} == {"VERSION_CONFLICT"}
    assert (len(lost), (await make.stored(key)).version) == (9, 2)


async def branch(by, levels):
    """The ids of a chain of tasks, each below the one before."""
    keys = [await make.task(by)]
    while len(keys) < levels:
        keys.append(await make.task(by, parent_id=keys[-1]))
    return keys


async def test_tasks_stand_eight_levels_deep_and_no_deeper(ada, refused):
    keys = await branch(ada, 8)
    async with refused("TOO_DEEP") as caught:
        await make.task(ada, parent_id=keys[-1])
    assert (caught.value.path, caught.value.facts) == (("parentId",), {"kind": "task", "depth": 9, "limit": 8})


async def test_a_branch_that_is_moved_counts_with_all_its_levels(ada, refused):
    upper, lower = await branch(ada, 5), await branch(ada, 4)
    await tasks.update(lower[0], {"parent_id": upper[3]}, by=ada)
    async with refused("TOO_DEEP"):
        await tasks.update(lower[0], {"parent_id": upper[4]}, by=ada)


async def test_a_task_does_not_come_to_stand_below_itself(ada, refused):
    keys = await branch(ada, 3)
    for below in keys:
        async with refused("CYCLE_DETECTED"):
            await tasks.update(keys[0], {"parent_id": below}, by=ada)


async def test_moves_at_once_that_would_make_a_circle_leave_one_out(ada):
    keys = [await make.task(ada) for _ in range(4)]
    moves = [tasks.update(key, {"parent_id": keys[n - 1]}, by=ada) for n, key in enumerate(keys)]
    errors = [error for error in await asyncio.gather(*moves, return_exceptions=True) if error]
    assert [error.code for error in errors] == ["CYCLE_DETECTED"]
    assert await Task.filter(parent_id=None).count() == 1


async def test_nothing_is_put_below_a_finished_task(ada, refused):
    parent, key = await make.task(ada), await make.task(ada)
    await lifecycle.cancel(parent, by=ada)
    async with refused("TASK_FINAL"):
        await make.task(ada, parent_id=parent)
    async with refused("TASK_FINAL"):
        await tasks.update(key, {"parent_id": parent}, by=ada)


async def test_a_subtask_and_the_end_of_its_parent_never_cross(ada):
    for _ in range(10):
        parent = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
        done, made = await asyncio.gather(
            lifecycle.complete(parent, by=ada), make.task(ada, parent_id=parent), return_exceptions=True
        )
        assert {"OPEN_SUBTASKS", "TASK_FINAL"} & {getattr(done, "code", None), getattr(made, "code", None)}


async def test_moving_the_dates_of_a_task_moves_its_reminders(ada):
    key = await make.task(ada, scheduled_at=NOON)
    reminder = await reminders.create(key, anchor=Anchor.SCHEDULED, offset_minutes=30, by=ada)
    await tasks.update(key, {"scheduled_at": NOON + timedelta(days=1)}, by=ada)
    assert (await Reminder.get(id=reminder)).due_at == NOON + timedelta(days=1, minutes=-30)
    await tasks.update(key, {"scheduled_at": None}, by=ada)
    assert (await Reminder.get(id=reminder)).due_at is None
