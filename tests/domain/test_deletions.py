"""Deleting tasks, restoring them, and removing them for good."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain import (
    billing,
    checklists,
    deletions,
    expansion,
    lifecycle,
    ownership,
    policy,
    recurrence,
    reminders,
    task_facts,
    tasks,
    timesheets,
    uploads,
    workload,
)
from domain.errors import DomainError
from domain.jobs import Job
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from models import (
    Anchor,
    Attachment,
    ChecklistItem,
    Deletion,
    Event,
    Note,
    RateScope,
    Reminder,
    Role,
    Series,
    Task,
    TaskStatus,
    TimeEntry,
    User,
)
from tests import make
from tests.populate import populate

DAY = date(2026, 11, 2)
LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@pytest.fixture
async def tree(ada, team):
    """A task with a subtask, which has one too; all are Ada's."""
    keys = [await make.task(ada, title="Top", team_id=team, assignee_id=ada.id, flow="STANDARD")]
    for title in ("Middle", "Leaf"):
        keys.append(await make.task(ada, title=title, team_id=team, parent_id=keys[-1]))
    return keys


@pytest.fixture
def system(ada):
    return Principal.system(ada.workspace_id)


async def seen(by):
    """The titles of the tasks that are there for whoever acts."""
    async with Work(by) as work:
        where, values = policy.bind(by, "tasks", t="t", first=1)
        return [
            row["title"] for row in await work.fetch(f"select title from tasks t where {where} order by id", *values)
        ]


async def state(keys):
    """What tasks are, but for how often they were changed."""
    rows = await Task.filter(id__in=keys).order_by("id").values()
    return [{name: value for name, value in row.items() if name not in {"version", "updated_at"}} for row in rows]


async def overdue(key):
    """Let the days of a deletion be over."""
    await Deletion.filter(id=key).update(purge_at=LONG_AGO, due_at=LONG_AGO)
    return key


async def test_a_task_goes_with_all_below_it_and_comes_back_as_it_was(ada, sue, admin, system, tree):
    before = await state(tree)
    key = await deletions.delete(tree[0], reason="A mistake", by=ada)
    for by in (ada, sue, admin, system):
        assert await seen(by) == []
    deletion = await Deletion.get(id=key)
    assert (deletion.task_id, deletion.creator_id, deletion.reason) == (tree[0], ada.id, "A mistake")
    assert deletion.purge_at == deletion.due_at
    assert timedelta(days=30) - (deletion.purge_at - deletion.created_at) < timedelta(minutes=1)
    assert await deletions.restore(key, by=ada) == tree[0]
    assert await state(tree) == before
    assert (await seen(ada), await Deletion.all()) == (["Top", "Middle", "Leaf"], [])
    for each in tree:
        assert (await make.history(each))[-2:] == [
            ("deleted", {"deletion_id": [None, str(key)]}),
            ("restored", {"deletion_id": [str(key), None]}),
        ]
    assert await Event.filter(verb="deleted", reason="A mistake", actor_id=ada.id).count() == 3


async def test_what_hangs_on_a_deleted_task_is_not_seen_but_the_time_that_was_worked_is(ada, admin, tree, database):
    await checklists.create(tree[0], text="Pack", by=ada)
    await make.row(Note, ada, task_id=tree[0], creator_id=ada.id, text="x", html="x", kind="INTERNAL")
    entry = await timesheets.create(tree[0], minutes=5, worked_on=DAY, by=ada)
    await deletions.delete(tree[0], by=ada)
    for by in (ada, admin):
        for table in ("checklist_items", "notes", "assignments", "status_periods"):
            where, values = policy.bind(by, table, t="t", first=1)
            assert await database.fetch(f"select from {table} t where {where}", *values) == [], table
        where, values = policy.bind(by, "time_entries", t="t", first=1)
        assert [row["id"] for row in await database.fetch(f"select id from time_entries t where {where}", *values)] == [
            entry
        ]


async def test_a_deletion_is_seen_by_who_made_it_and_by_those_who_lead(ada, bob, sue, admin, tree, database):
    key = await deletions.delete(tree[0], by=sue)
    south = await make.person(admin, role=Role.SUPERVISOR)
    for by, sees in ((ada, False), (bob, False), (sue, True), (south, False), (admin, True)):
        where, values = policy.bind(by, "deletions", t="t", first=1)
        assert bool(await database.fetch(f"select from deletions t where {where}", *values)) is sees, by.name
    with pytest.raises(DomainError, match="no such deletion"):
        await deletions.restore(key, by=ada)


async def test_a_creator_deletes_what_is_not_final_and_who_leads_anything(ada, bob, sue, tree, refused):
    async with refused("FORBIDDEN"):
        await deletions.delete(tree[0], by=bob)
    await lifecycle.cancel(tree[2], by=ada)
    async with refused("FORBIDDEN"):
        await deletions.delete(tree[2], by=ada)
    await deletions.delete(tree[2], by=sue)
    await deletions.delete(tree[0], by=ada)
    assert await seen(sue) == []


async def test_what_was_changed_meanwhile_is_not_deleted(ada, tree, refused):
    async with refused("VERSION_CONFLICT"):
        await deletions.delete(tree[0], version=7, by=ada)


# What keeps a task


async def test_a_running_timer_keeps_a_task_and_all_above_it(ada, tree, refused):
    entry = await timesheets.start(tree[2], by=ada)
    async with refused("TIMER_RUNNING") as caught:
        await deletions.delete(tree[0], by=ada)
    assert caught.value.message == "A timer is already running, on T-3. Stop it first."
    await timesheets.stop(entry, by=ada)
    await deletions.delete(tree[0], by=ada)


async def test_time_that_is_or_will_be_billed_keeps_a_task(ada, sue, admin, system, tree, refused):
    await timesheets.create(tree[1], minutes=30, worked_on=DAY, by=ada)
    conversion = await billing.convert(tree[1], by=sue)
    async with refused("BILLING_REQUESTED"):
        await deletions.delete(tree[0], by=ada)
    await billing.rate_create(RateScope.WORKSPACE, hourly=Decimal(60), currency="USD", by=admin)
    await billing.bill(conversion, by=system)
    await timesheets.start(tree[2], by=ada)
    async with refused("TIME_BILLED", "TIMER_RUNNING") as caught:
        await deletions.delete(tree[0], by=ada)
    assert caught.value.errors[0].facts == {"tasks": ("T-2",)}
    await deletions.delete(await make.task(ada), by=ada)


async def test_all_reasons_are_told_together(ada, bob, tree, refused):
    await timesheets.start(tree[0], by=ada)
    async with refused("FORBIDDEN", "TIMER_RUNNING"):
        await deletions.delete(tree[0], by=bob)


# What counts tasks


async def test_a_deleted_subtask_is_not_open(ada, tree):
    await deletions.delete(tree[1], by=ada)
    assert await task_rows(ada, tree[0]) == ()
    await lifecycle.complete(tree[0], by=ada)
    assert (await make.stored(tree[0])).status is TaskStatus.COMPLETED


async def task_rows(by, key):
    async with Work(by) as work:
        return (await task_facts.gather(work, await work.see(Task, key))).open_subtasks


async def test_a_deleted_task_is_not_cancelled_with_those_above_it(ada, tree):
    await deletions.delete(tree[1], by=ada)
    await lifecycle.cancel(tree[0], subtasks=True, by=ada)
    assert (await Task.get(id=tree[2])).status is TaskStatus.PENDING


async def test_a_parent_that_finishes_with_its_subtasks_does_not_wait_for_a_deleted_one(ada):
    top = await make.task(ada, flow="STANDARD", finish_with_subtasks=True)
    first, second = [await make.task(ada, flow="STANDARD", parent_id=top, assignee_id=ada.id) for _ in range(2)]
    await deletions.delete(first, by=ada)
    assert (await make.stored(top)).status is TaskStatus.PENDING
    await lifecycle.complete(second, by=ada)
    assert (await make.stored(top)).status is TaskStatus.COMPLETED


async def test_a_deleted_task_weighs_nothing_and_waits_for_nobody(ada, bob, sue, team, tree, refused):
    waiting = await make.task(ada, team_id=team)
    for key in (tree[0], waiting):
        await deletions.delete(key, by=ada)
    found = await workload.of_team(team, DAY, DAY, by=sue)
    assert {(each.load, each.open) for each in found} == {(0, 0)}
    async with refused("NOTHING_TO_CLAIM"):
        await ownership.claim_next(team, by=bob)
    async with refused("NOT_FOUND"):
        await ownership.claim(waiting, by=bob)


async def test_a_reminder_of_a_deleted_task_waits_until_it_is_restored(ada):
    key = await make.task(ada, scheduled_at=SOON)
    reminder = await reminders.create(key, anchor=Anchor.SCHEDULED, by=ada)
    deletion = await deletions.delete(key, by=ada)
    assert (await Reminder.get(id=reminder)).due_at is None
    await deletions.restore(deletion, by=ada)
    found = await Reminder.get(id=reminder)
    assert (found.due_at, found.status) == (SOON, "PENDING")


async def test_a_deleted_occurrence_is_not_made_again(ada, system):
    start = (datetime.now(UTC) + timedelta(days=80)).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    about = {"rule": "FREQ=DAILY;COUNT=2", "start": start.isoformat(), "time_zone": "UTC"}
    series = await recurrence.create(title="Call", by=ada, **about)
    await expansion.expand([series], by=system)
    first = await Task.filter(series_id=series).order_by("occurrence").first()
    key = await deletions.delete(first.id, by=ada)
    await Series.filter(id=series).update(expanded_until=None)
    await expansion.expand([series], by=system)
    assert await Task.filter(series_id=series).count() == 2
    assert (await Deletion.get(id=key)).purge_at == start.replace(tzinfo=UTC) + timedelta(days=2)


# Restoring


async def test_a_part_of_a_deleted_task_is_restored_after_it(ada, tree, refused):
    leaf = await deletions.delete(tree[2], by=ada)
    top = await deletions.delete(tree[0], by=ada)
    async with refused("PARENT_DELETED") as caught:
        await deletions.restore(leaf, by=ada)
    assert "T-2 Middle" in caught.value.message
    await deletions.restore(top, by=ada)
    assert await seen(ada) == ["Top", "Middle"]
    await deletions.restore(leaf, by=ada)
    assert (await make.stored(tree[2])).parent_id == tree[1]


async def test_what_is_open_does_not_come_back_below_what_is_final(ada, tree):
    key = await deletions.delete(tree[1], by=ada)
    await lifecycle.complete(tree[0], by=ada)
    await deletions.restore(key, by=ada)
    assert (await make.stored(tree[1])).parent_id is None
    assert (await make.stored(tree[2])).parent_id == tree[1]


# For good


async def test_nothing_is_removed_before_its_days_are_over(ada, system, tree, refused):
    key = await deletions.delete(tree[0], by=ada)
    before = await state(tree)
    await deletions.purge(key, by=system)
    assert await state(tree) == before


async def referring(database, key):
    """Each column that points at a task, and how many of its rows point at this one."""
    found = await database.fetch(
        "select c.conrelid::regclass::text as place, a.attname as name from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]"
        " where c.contype = 'f' and c.confrelid = 'tasks'::regclass"
    )
    return {
        f"{row['place']}.{row['name']}": await database.fetchval(
            f"select count(*) from {row['place']} where {row['name']} = $1", key
        )
        for row in found
    }


async def test_a_purge_removes_a_task_and_all_that_hangs_on_it_and_the_log_tells(ada, bob, system, database, sent):
    task, follower = [await Task.get(id=await make.task(ada)) for _ in range(2)]
    await populate(ada, "gone", {Task: [task], User: [await User.get(id=by.id) for by in (ada, bob)]})
    rows = await referring(database, task.id)
    assert {name for name, count in rows.items() if not count} <= {"dependencies.successor_id"}
    for table in ("billed_entries", "billables", "deletions"):  # which would have kept it
        await database.execute(f"delete from {table}")
    await Task.filter(parent_id=task.id).update(parent_id=None)
    about = {"creator_id": ada.id, "purge_at": LONG_AGO, "due_at": LONG_AGO}
    key = (await make.row(Deletion, ada, task_id=task.id, **about)).id
    await Task.filter(id=task.id).update(deletion_id=key)
    await Task.filter(id=follower.id).update(follow_up_of_id=task.id)
    await deletions.purge(key, by=system)
    assert sent() == [(Job.TEND_ATTACHMENTS, ())]
    assert {each.status for each in await Attachment.filter(task_id=task.id)} == {"DELETED"}
    assert (await Deletion.get(id=key)).due_at > datetime.now(UTC)
    await Attachment.filter(task_id=task.id).delete()
    await deletions.purge(key, by=system)
    assert set((await referring(database, task.id)).values()) == {0}
    assert (await Task.get_or_none(id=task.id), await Deletion.all()) == (None, [])
    assert (await make.history(task.id))[-1] == ("purged", {})
    assert (await make.history(follower.id))[-1] == ("origin_purged", {"follow_up_of_id": [str(task.id), None]})
    await deletions.purge(key, by=system)


async def test_the_bytes_of_files_go_before_the_task(ada, system, tree):
    await uploads.begin(Task, tree[0], name="tea.png", size=1, sha256="0" * 64, by=ada)
    key = await overdue(await deletions.delete(tree[0], by=ada))
    await deletions.purge(key, by=system)
    (left,) = await Attachment.all()
    assert left.due_at <= datetime.now(UTC)
    assert await Task.filter(id__in=tree).count() == 3


async def test_what_was_deleted_below_before_stands_alone_once_that_is_gone(ada, system, tree):
    leaf = await deletions.delete(tree[2], by=ada)
    await deletions.purge(await overdue(await deletions.delete(tree[0], by=ada)), by=system)
    await deletions.restore(leaf, by=ada)
    assert await seen(ada) == ["Leaf"]


# At once, and again


async def outcomes(*doing):
    """What becomes of each: done, or the code of the refusal."""
    found = await asyncio.gather(*doing, return_exceptions=True)
    return sorted(each.code if isinstance(each, DomainError) else "done" for each in found)


async def test_of_many_who_delete_or_restore_at_once_one_does(ada, sue, tree):
    found = await outcomes(*(deletions.delete(tree[0], by=by) for by in (ada, sue, ada, sue)))
    assert found == ["NOT_FOUND"] * 3 + ["done"]
    (key,) = await Deletion.all().values_list("id", flat=True)
    found = await outcomes(*(deletions.restore(key, by=sue) for _ in range(3)))
    assert found == ["NOT_FOUND"] * 2 + ["done"]
    assert await seen(ada) == ["Top", "Middle", "Leaf"]


async def test_a_request_that_is_repeated_is_answered_like_the_first(ada, tree):
    keys = [await deletions.delete(tree[0], once=Once("delete", "x"), by=ada) for _ in range(2)]
    assert keys[0] == keys[1]
    assert [await deletions.restore(keys[0], once=Once("restore", "x"), by=ada) for _ in range(2)] == [tree[0]] * 2


async def test_a_task_that_is_purged_while_somebody_restores_it_is_there_or_gone(ada, system, tree):
    for _ in range(3):
        key = await overdue(await deletions.delete(tree[0], by=ada))
        await outcomes(deletions.restore(key, by=ada), deletions.purge(key, by=system), deletions.purge(key, by=system))
        assert await Deletion.all() == []
        left = await Task.filter(id__in=tree).values_list("deletion_id", flat=True)
        assert left in ([None] * 3, [])
        if not left:
            break


@pytest.mark.parametrize("attempt", range(4))
async def test_nobody_starts_to_work_on_what_goes_meanwhile(attempt, ada, bob, tree):
    doing = [timesheets.start(tree[2], by=bob), tasks.create(title="New", parent_id=tree[2], by=bob)]
    done = await outcomes(deletions.delete(tree[0], by=ada), *doing)
    gone = (await Task.get(id=tree[2])).deletion_id is not None
    assert not (gone and await TimeEntry.all())
    assert await Task.filter(title="New", deletion_id=None).count() == 0 or not gone
    assert done.count("done") >= 1
    assert await ChecklistItem.all() == []
