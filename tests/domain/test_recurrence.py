"""Series and the tasks that come of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain import recurrence
from domain.jobs import Job
from domain.once import Once
from domain.principal import Principal
from models import Anchor, Assignment, LinkKind, Priority, Reminder, Series, Task, TaskLink, TaskType, User
from settings import settings
from tests import make

BERLIN = "Europe/Berlin"
HORIZON = timedelta(days=settings().horizon_days)


def start(days=1, hour=9):
    """A local time so many days from today in Berlin."""
    day = datetime.now(ZoneInfo(BERLIN)).date() + timedelta(days=days)
    return f"{day}T{hour:02}:00:00"


async def series(by, **values):
    daily = {"title": "Call back", "rule": "FREQ=DAILY;COUNT=3", "start": start(), "time_zone": BERLIN}
    return await recurrence.create(**daily | values, by=by)


async def expand(key):
    await recurrence.expand(key, by=Principal.system((await Series.get(id=key)).workspace_id))


async def test_a_series_is_due_at_once_and_the_workers_are_told(ada, sent):
    key = await series(ada, start="2026-11-30T09:00")
    row = await Series.get(id=key)
    assert (row.rule, row.start, row.time_zone) == ("FREQ=DAILY;COUNT=3", "2026-11-30T09:00:00", BERLIN)
    assert (row.creator_id, row.assignee_id, row.due_at, row.expanded_until) == (ada.id, None, row.created_at, None)
    assert [verb for verb, _ in await make.history(key)] == ["created"]
    assert sent() == [(Job.EXPAND_SERIES, ())]


async def test_its_occurrences_become_tasks_like_the_blueprint(ada, team):
    blueprint = {"type": TaskType.CALL, "priority": Priority.HIGH, "description": "Politely", "expected_minutes": 15}
    key = await series(ada, team_id=team, **blueprint)
    await expand(key)
    tasks = await Task.filter(series_id=key).order_by("number")
    assert [task.number for task in tasks] == [1, 2, 3]
    assert [task.occurrence for task in tasks] == [start(1), start(2), start(3)]
    for task in tasks:
        local = datetime.fromisoformat(task.occurrence)
        assert (task.due_on, task.scheduled_at) == (local.date(), local.replace(tzinfo=ZoneInfo(BERLIN)))
        assert {name: getattr(task, name) for name in blueprint} == blueprint
        assert (task.title, task.creator_id, task.assignee_id, task.team_id) == ("Call back", ada.id, None, team)
        assert (task.workflow, task.workflow_version) == ("REVIEWED", 1)
        assert [verb for verb, _ in await make.history(task.id)] == ["created"]


async def test_its_tasks_are_held_linked_and_reminded_of(ada):
    customer = await make.customer(ada)
    key = await series(ada, assignee_id=ada.id, customer_id=customer.id, reminder_minutes=30)
    await expand(key)
    for task in await Task.filter(series_id=key):
        assert task.assignee_id == ada.id
        held = await Assignment.get(task_id=task.id)
        link = await TaskLink.get(task_id=task.id)
        reminder = await Reminder.get(task_id=task.id)
        assert (held.receiver_id, held.actor_id, held.how) == (ada.id, None, "CREATED")
        assert (link.kind, link.customer_id, link.is_primary) == (LinkKind.ORGANIZATION, customer.id, True)
        assert (reminder.user_id, reminder.anchor, reminder.offset_minutes) == (ada.id, Anchor.SCHEDULED, 30)
        assert reminder.due_at == task.scheduled_at - timedelta(minutes=30)


async def test_while_nobody_holds_them_whoever_made_the_series_is_reminded(ada):
    key = await series(ada, reminder_minutes=0)
    await expand(key)
    assert {reminder.user_id for reminder in await Reminder.all()} == {ada.id}


async def test_tasks_of_who_is_no_longer_active_wait_to_be_claimed(sue, ada):
    key = await series(sue, assignee_id=ada.id)
    await User.filter(id=ada.id).update(active=False)
    await expand(key)
    assert {task.assignee_id for task in await Task.filter(series_id=key)} == {None}
    assert await Assignment.all().count() == 0


async def test_an_endless_series_has_its_tasks_up_to_the_horizon_and_looks_again_a_day_later(ada):
    key = await series(ada, rule="FREQ=WEEKLY")
    await expand(key)
    row = await Series.get(id=key)
    assert await Task.filter(series_id=key).count() == 13
    assert row.expanded_until - row.created_at - HORIZON < timedelta(seconds=30)
    assert row.due_at == row.expanded_until - HORIZON + timedelta(days=1)
    assert (row.attempts, row.error, row.version) == (0, None, 1)
    assert len(await make.history(key)) == 1


async def test_as_time_passes_the_missing_tasks_are_added(ada):
    key = await series(ada, rule="FREQ=DAILY")
    await expand(key)
    count = await Task.all().count()
    week_ago = (await Series.get(id=key)).expanded_until - timedelta(days=7)
    await Task.filter(scheduled_at__gt=week_ago).delete()
    assert await Task.all().count() == count - 7
    await Series.filter(id=key).update(expanded_until=week_ago)
    await expand(key)
    assert await Task.all().count() == count
    assert len({task.occurrence for task in await Task.all()}) == count


async def test_nothing_is_made_for_days_before_the_series_was_created(ada):
    key = await series(ada, rule="FREQ=DAILY;COUNT=10", start=start(-5))
    await expand(key)
    assert min([task.occurrence for task in await Task.all()]) == start(0)
    assert await Task.all().count() == 5


async def test_what_does_not_fit_into_one_run_comes_in_the_next(ada):
    key = await series(ada, rule="FREQ=HOURLY;COUNT=700")
    await expand(key)
    row = await Series.get(id=key)
    assert await Task.all().count() == 500
    assert row.due_at < row.created_at
    await expand(key)
    assert await Task.all().count() == 700
    assert [task.number for task in await Task.all().order_by("scheduled_at")] == list(range(1, 701))


async def test_an_ended_series_makes_nothing(ada, database):
    key = await series(ada)
    await Series.filter(id=key).update(ended_at=datetime.now(UTC), due_at=None)
    before = await make.everything(database)
    await expand(key)
    assert await make.everything(database) == before


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        ({"rule": "FREQ=SECONDLY"}, "INVALID_RECURRENCE", "rule"),
        ({"rule": "every now and then"}, "INVALID_RECURRENCE", "rule"),
        ({"start": "tomorrow"}, "INVALID_INPUT", "start"),
        ({"start": "2026-11-30T09:00:00+01:00"}, "INVALID_INPUT", "start"),
        ({"time_zone": "Sea/Atlantis"}, "INVALID_INPUT", "timeZone"),
        ({"title": ""}, "REQUIRED", "title"),
        ({"expected_minutes": 525_601}, "INVALID_INPUT", "expectedDuration"),
        ({"reminder_minutes": -1}, "INVALID_INPUT", "reminderOffset"),
        ({"assignee_id": uuid4()}, "NOT_FOUND", "assigneeId"),
        ({"team_id": uuid4()}, "NOT_FOUND", "teamId"),
        ({"customer_id": uuid4()}, "NOT_FOUND", "customerId"),
    ],
)
async def test_what_a_series_cannot_have_is_refused_where_it_is(values, code, path, ada, refused):
    async with refused(code) as caught:
        await series(ada, **values)
    assert caught.value.path == (path,)


async def test_a_rep_plans_work_for_nobody_else(ada, bob, refused):
    async with refused("FORBIDDEN"):
        await series(ada, assignee_id=bob.id)


async def test_another_workspaces_customer_is_not_there(ada, other, refused):
    customer = await make.customer(other)
    async with refused("NOT_FOUND"):
        await series(ada, customer_id=customer.id)


async def test_a_repeated_request_makes_one_series(ada):
    first, second = [await series(ada, once=Once("key", "fingerprint")) for _ in range(2)]
    assert first == second
    assert await Series.all().count() == 1


async def test_two_expansions_at_once_make_each_task_once(ada):
    key = await series(ada, rule="FREQ=DAILY;COUNT=20", reminder_minutes=5)
    await asyncio.gather(expand(key), expand(key))
    assert sorted([task.number for task in await Task.all()]) == list(range(1, 21))
    assert await Reminder.all().count() == 20
