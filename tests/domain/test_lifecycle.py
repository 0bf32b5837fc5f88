"""Moving a task from step to step."""

import asyncio
from datetime import UTC, datetime

import pytest

from domain import lifecycle, reminders
from models import Anchor, Event, Reminder, ReminderStatus, TaskStatus
from tests import make


async def test_a_task_is_started_released_by_the_rep_and_closed_by_the_supervisor(ada, sue, team, sent):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    await lifecycle.start(key, by=ada)
    await lifecycle.release(key, by=ada)
    await lifecycle.close(key, by=sue)
    task = await make.stored(key)
    assert (task.status, task.finished_by_id, task.version) == (TaskStatus.CLOSED, sue.id, 4)
    assert task.started_at < task.released_at < task.finished_at
    told = [(verb, changes.get("status")) for verb, changes in await make.history(key)]
    assert told == [
        ("created", None),
        ("started", ["PENDING", "IN_PROGRESS"]),
        ("released", ["IN_PROGRESS", "RELEASED"]),
        ("closed", ["RELEASED", "CLOSED"]),
    ]
    assert sent() == []


async def test_a_standard_task_is_completed_by_its_assignee(ada):
    key = await make.task(ada, flow="STANDARD", assignee_id=ada.id)
    await lifecycle.complete(key, by=ada)
    task = await make.stored(key)
    assert (task.status, task.finished_by_id, task.started_at) == (TaskStatus.COMPLETED, ada.id, None)


async def test_repeating_a_step_that_was_taken_changes_nothing(ada, sue, team, database):
    key = await make.task(ada, team_id=team, assignee_id=ada.id)
    for step, by in ((lifecycle.start, ada), (lifecycle.release, ada), (lifecycle.close, sue)):
        await step(key, by=by)
        before = await make.everything(database)
        await step(key, by=by)
        assert await make.everything(database) == before


async def test_a_step_that_the_workflow_lacks_says_what_is_allowed(ada, refused):
    key = await make.task(ada, assignee_id=ada.id)
    async with refused("ACTION_NOT_IN_WORKFLOW") as caught:
        await lifecycle.complete(key, by=ada)
    assert (
        caught.value.message
        == "The workflow REVIEWED has no step COMPLETE. Allowed to you now: START, RELEASE, CANCEL."
    )


async def test_a_step_that_does_not_start_here_is_refused(ada, sue, team, refused):
    key = await make.task(ada, team_id=team)
    async with refused("INVALID_TRANSITION"):
        await lifecycle.close(key, by=sue)


async def test_a_step_that_is_not_this_persons_is_refused(ada, bob, team, refused):
    key = await make.task(ada, team_id=team)
    async with refused("FORBIDDEN_TRANSITION"):
        await lifecycle.start(key, by=bob)


async def test_a_final_task_takes_no_step_of_anybody_else(ada, sue, admin, team, refused):
    key = await make.task(ada, team_id=team)
    await lifecycle.cancel(key, by=ada)
    for step in (lifecycle.start, lifecycle.release, lifecycle.close, lifecycle.complete, lifecycle.cancel):
        async with refused("TASK_FINAL"):
            await step(key, by=admin)


@pytest.mark.parametrize(("flow", "step"), [("REVIEWED", lifecycle.release), ("STANDARD", lifecycle.complete)])
async def test_a_parent_is_not_done_before_its_children(flow, step, ada, refused):
    parent = await make.task(ada, flow=flow, assignee_id=ada.id)
    open_one, done = [await make.task(ada, parent_id=parent) for _ in range(2)]
    await lifecycle.cancel(done, by=ada)
    async with refused("OPEN_SUBTASKS") as caught:
        await step(parent, by=ada)
    assert caught.value.facts == {"subtasks": ("T-2",)}
    await lifecycle.cancel(open_one, by=ada)
    await step(parent, by=ada)


async def test_the_wrong_person_and_the_open_children_are_told_at_once(ada, bob, team, refused):
    parent = await make.task(ada, team_id=team)
    await make.task(ada, parent_id=parent)
    async with refused("FORBIDDEN_TRANSITION", "OPEN_SUBTASKS"):
        await lifecycle.release(parent, by=bob)


async def test_cancelling_tells_why_and_leaves_the_children_open(ada):
    parent = await make.task(ada)
    child = await make.task(ada, parent_id=parent)
    await lifecycle.cancel(parent, reason="no budget", by=ada)
    assert (await Event.get(subject_id=parent, verb="cancelled")).reason == "no budget"
    assert (await make.stored(child)).status is TaskStatus.PENDING


async def test_cancelling_with_subtasks_cancels_all_that_is_open_below(ada):
    parent = await make.task(ada)
    child = await make.task(ada, parent_id=parent)
    keys = [parent, child, await make.task(ada, parent_id=child)]
    await lifecycle.cancel(parent, subtasks=True, by=ada)
    assert [(await make.stored(key)).status for key in keys] == [TaskStatus.CANCELLED] * 3
    assert [(await make.history(key))[-1][0] for key in keys] == ["cancelled"] * 3


async def test_what_is_open_below_a_finished_subtask_is_cancelled_too(ada):
    parent = await make.task(ada)
    child = await make.task(ada, parent_id=parent)
    leaf = await make.task(ada, parent_id=child)
    await lifecycle.cancel(child, by=ada)
    await lifecycle.cancel(parent, subtasks=True, by=ada)
    assert [(await make.stored(key)).status for key in (parent, leaf)] == [TaskStatus.CANCELLED] * 2


async def test_a_subtask_that_ends_meanwhile_does_not_stop_its_parents_cancelling(ada, database):
    parent = await make.task(ada)
    child = await make.task(ada, parent_id=parent)
    async with database.transaction():
        done = "update tasks set status = 'COMPLETED', finished_at = now() where id = $1"
        await database.execute(done, child)
        cancelling = asyncio.create_task(lifecycle.cancel(parent, subtasks=True, by=ada))
        await asyncio.wait([cancelling], timeout=0.3)
    await cancelling
    assert (await make.stored(parent)).status is TaskStatus.CANCELLED
    assert (await make.stored(child)).status is TaskStatus.COMPLETED


async def test_when_one_below_may_not_be_cancelled_none_is(ada, bob, team, refused):
    parent = await make.task(ada, team_id=team)
    await make.task(bob, team_id=team, parent_id=parent)
    async with refused("FORBIDDEN_TRANSITION"):
        await lifecycle.cancel(parent, subtasks=True, by=ada)


async def test_of_two_ends_at_once_one_wins(ada, sue, team):
    key = await make.task(ada, team_id=team)
    await lifecycle.release(key, by=ada)
    ends = [lifecycle.close(key, by=sue) for _ in range(5)] + [lifecycle.cancel(key, by=sue) for _ in range(5)]
    lost = [error for error in await asyncio.gather(*ends, return_exceptions=True) if error]
    assert [error.code for error in lost] == ["TASK_FINAL"] * 5
    assert (await make.stored(key)).version == 3


async def test_a_branch_cancelled_from_both_ends_at_once_never_deadlocks(ada):
    for _ in range(5):
        parent = await make.task(ada)
        child = await make.task(ada, parent_id=parent)
        leaf = await make.task(ada, parent_id=child)
        await asyncio.gather(*(lifecycle.cancel(key, subtasks=True, by=ada) for key in (leaf, parent, child, leaf)))
        assert {(await make.stored(key)).status for key in (parent, child, leaf)} == {TaskStatus.CANCELLED}


async def test_a_finished_task_reminds_nobody(ada):
    key = await make.task(ada)
    reminder = await reminders.create(key, anchor=Anchor.INSTANT, remind_at=datetime(2099, 1, 1, tzinfo=UTC), by=ada)
    await lifecycle.cancel(key, by=ada)
    row = await Reminder.get(id=reminder)
    assert (row.status, row.due_at, row.error) == (ReminderStatus.SKIPPED, None, "The task is CANCELLED.")
