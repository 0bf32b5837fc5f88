"""Series and the tasks that come of them."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain import expansion, lifecycle, ownership, recurrence, task_types
from domain.jobs import Job
from domain.once import Once
from domain.principal import Principal
from models import (
    Anchor,
    Assignment,
    Channel,
    ChecklistItem,
    Customer,
    LinkKind,
    Location,
    Notification,
    Priority,
    Recipient,
    Reminder,
    Series,
    SeriesKind,
    Task,
    TaskLink,
    TaskType,
    User,
    Visit,
)
from settings import settings
from tests import make
from workers.reminders import send_reminders

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
    await expansion.expand([key], by=Principal.system((await Series.get(id=key)).workspace_id))


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
    key = await series(
        ada, assignee_id=ada.id, customer_id=customer.id, reminders=[{"anchor": Anchor.SCHEDULED, "offset_minutes": 30}]
    )
    await expand(key)
    for task in await Task.filter(series_id=key):
        assert task.assignee_id == ada.id
        held = await Assignment.get(task_id=task.id)
        link = await TaskLink.get(task_id=task.id)
        reminder = await Reminder.get(task_id=task.id)
        assert (held.receiver_id, held.actor_id, held.how) == (ada.id, None, "CREATED")
        assert (link.kind, link.customer_id, link.is_primary) == (LinkKind.ORGANIZATION, customer.id, True)
        assert (reminder.recipient, reminder.user_id) == (Recipient.ASSIGNEE, None)
        assert (reminder.anchor, reminder.offset_minutes) == (Anchor.SCHEDULED, 30)
        assert reminder.due_at == task.scheduled_at - timedelta(minutes=30)


async def test_who_holds_one_is_reminded_of_it_or_while_nobody_does_whoever_made_the_series(ada, bob, sue, team):
    key = await series(sue, team_id=team, reminders=[{"anchor": Anchor.SCHEDULED, "offset_minutes": 0}])
    await expand(key)
    first, second, _ = await Task.filter(series_id=key).order_by("number")
    await ownership.claim(first.id, by=bob)
    await Task.filter(series_id=key).update(scheduled_at=datetime(2026, 1, 5, tzinfo=UTC))
    await Reminder.filter(task_id__in=[first.id, second.id]).update(due_at=datetime(2026, 1, 5, tzinfo=UTC))
    await send_reminders()
    assert {(note.task_id, note.user_id) for note in await Notification.all()} == {
        (first.id, bob.id),
        (second.id, sue.id),
    }


async def test_one_begins_with_the_reminders_of_its_type_unless_the_series_says_which(ada, admin):
    await User.filter(id=ada.id).update(time_zone="America/New_York")
    wishes = [
        {"anchor": Anchor.DUE, "days": 1, "local_time": "07:00", "recipient": Recipient.ASSIGNEE},
        {"anchor": Anchor.SCHEDULED, "offset_minutes": 5, "recipient": Recipient.CREATOR, "channel": Channel.EMAIL},
    ]
    kind = await task_types.create("SURVEY", name="Survey", reminders=wishes, by=admin)
    hour = {"anchor": Anchor.SCHEDULED, "offset_minutes": 60}
    usual, own = [
        await series(ada, custom_type_id=kind, assignee_id=ada.id, start=start(9), reminders=said)
        for said in (None, [hour, hour])
    ]
    await expand(usual)
    await expand(own)
    for task in await Task.filter(series_id=usual):
        first, second = await Reminder.filter(task_id=task.id).order_by("anchor")
        seven = datetime.combine(task.due_on - timedelta(days=1), time(7), ZoneInfo("America/New_York"))
        assert (first.recipient, first.due_at, first.channel) == (Recipient.ASSIGNEE, seven, None)
        assert (second.recipient, second.channel) == (Recipient.CREATOR, Channel.EMAIL)
        assert second.due_at == task.scheduled_at - timedelta(minutes=5)
    for task in await Task.filter(series_id=own):
        reminder = await Reminder.get(task_id=task.id)
        assert (reminder.recipient, reminder.offset_minutes) == (Recipient.ASSIGNEE, 60)


async def test_of_what_is_past_when_it_is_made_nobody_is_reminded(ada):
    key = await series(ada, start=start(0, hour=0), reminders=[{"anchor": Anchor.SCHEDULED, "offset_minutes": 0}])
    await expand(key)
    made = await Reminder.all().order_by("task__scheduled_at")
    assert [each.due_at is None for each in made] == [True, False, False]


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


async def test_no_more_than_so_many_are_made_ahead(ada):
    key = await series(ada, rule="FREQ=HOURLY;COUNT=700")
    await expand(key)
    row, last = await Series.get(id=key), await Task.all().order_by("-scheduled_at").first()
    assert await Task.all().count() == settings().occurrences_ahead == 500
    assert (row.expanded_until, row.due_at) == (last.scheduled_at, last.scheduled_at - timedelta(hours=250))
    await expand(key)
    assert await Task.all().count() == 500


async def test_what_was_missed_is_made_up_for_a_part_at_a_time(ada):
    key = await series(ada, rule="FREQ=HOURLY;COUNT=700", start=start(-40))
    long_ago = datetime.now(UTC) - timedelta(days=60)
    await Series.filter(id=key).update(expanded_until=long_ago)
    await expand(key)
    row = await Series.get(id=key)
    assert await Task.all().count() == 500
    assert row.due_at < datetime.now(UTC)
    await expand(key)
    assert await Task.all().count() == 700
    assert [task.number for task in await Task.all().order_by("scheduled_at")] == list(range(1, 701))


async def test_a_rule_that_is_at_its_end_is_looked_at_no_more(ada):
    key = await series(ada)
    await expand(key)
    assert (await Series.get(id=key)).due_at is None


async def test_the_next_one_is_reckoned_from_when_the_last_one_was_finished(ada, sent):
    key = await series(
        ada, rule="FREQ=DAILY;INTERVAL=10;COUNT=2", start=start(0), assignee_id=ada.id, anchor="COMPLETION"
    )
    await expand(key)
    task = await Task.get()
    assert task.occurrence == start(0)
    await expand(key)
    assert await Task.all().count() == 1
    await lifecycle.cancel(task.id, by=ada)
    assert sent()[-1] == (Job.EXPAND_SERIES, ())
    await expand(key)
    assert (await Task.filter(series_id=key).order_by("-occurrence").first()).occurrence == start(10)
    await lifecycle.cancel((await Task.get(occurrence=start(10))).id, by=ada)
    await expand(key)
    assert (await Task.filter(series_id=key).count(), (await Series.get(id=key)).due_at) == (2, None)


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
        ({"assignee_id": uuid4()}, "NOT_FOUND", "assigneeId"),
        ({"team_id": uuid4()}, "NOT_FOUND", "teamId"),
        ({"customer_id": uuid4()}, "NOT_FOUND", "customerId"),
        ({"custom_type_id": uuid4()}, "NOT_FOUND", "customTypeId"),
        ({"workflow": "NONE"}, "NOT_FOUND", "workflow"),
        ({"kind": SeriesKind.VISIT, "expected_minutes": 5}, "REQUIRED", "locationId"),
        ({"checklist": [{"text": "x", "required": True}] * 101}, "LIMIT_EXCEEDED", "checklist"),
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


async def test_an_occurrence_has_all_that_the_blueprint_says(ada, team):
    about = await make.customer(ada)
    place = await make.location(ada, about)
    key = await series(
        ada,
        subtasks=[
            {"title": name, "type": TaskType.CALL, "priority": Priority.LOW, "description": None, "expected_minutes": 5}
            for name in ("First", "Second")
        ],
        checklist=[{"text": "Pack", "required": True}, {"text": "Drive", "required": False}],
        links=[(Location, place.id), (Customer, about.id)],
        reminders=[{"anchor": anchor, "offset_minutes": 60} for anchor in (Anchor.DUE, Anchor.SCHEDULED)],
        team_id=team,
        purpose="To know",
        place="Harbour",
        workflow="DIRECT",
    )
    await expand(key)
    for task in await Task.filter(series_id=key):
        assert (task.purpose, task.place, task.workflow) == ("To know", "Harbour", "DIRECT")
        below = await Task.filter(parent_id=task.id).order_by("number")
        assert [(each.title, each.team_id, each.expected_minutes) for each in below] == [
            ("First", team, 5),
            ("Second", team, 5),
        ]
        lines = await ChecklistItem.filter(task_id=task.id).order_by("position")
        assert [(each.text, each.required) for each in lines] == [("Pack", True), ("Drive", False)]
        links = await TaskLink.filter(task_id=task.id).order_by("-is_primary")
        assert [(each.kind, each.is_primary) for each in links] == [
            (LinkKind.LOCATION, True),
            (LinkKind.ORGANIZATION, False),
        ]
        told = await Reminder.filter(task_id=task.id)
        assert {each.anchor for each in told} == {Anchor.DUE, Anchor.SCHEDULED}
    assert await Task.all().count() == 9


async def test_a_custom_type_gives_what_the_series_does_not_say_until_it_is_archived(ada, admin):
    content = {"checklist": [{"text": "Look", "required": True}], "workflow": "DIRECT", "priority": Priority.HIGH}
    kind = await task_types.create("SURVEY", name="Survey", **content, by=admin)
    first, second = [await series(ada, custom_type_id=kind) for _ in range(2)]
    await expand(first)
    await task_types.archive(kind, by=admin)
    await expand(second)
    for key, type_id, flow in ((first, kind, "DIRECT"), (second, None, "REVIEWED")):
        for task in await Task.filter(series_id=key):
            assert (task.custom_type_id, task.workflow, task.priority) == (type_id, flow, Priority.HIGH)
    assert await ChecklistItem.all().count() == 3


async def test_visits_come_again_with_their_tasks(ada, team):
    about = await make.customer(ada)
    place = await make.location(ada, about)
    below = {"type": TaskType.CALL, "priority": Priority.LOW, "description": None, "expected_minutes": None}
    visits = {"kind": SeriesKind.VISIT, "location_id": place.id, "expected_minutes": 90, "team_id": team}
    key = await series(ada, **visits, subtasks=[{"title": "Count the stock", **below}])
    await expand(key)
    await expand(key)
    found = await Visit.filter(series_id=key).order_by("planned_start")
    assert [visit.occurrence for visit in found] == [start(1), start(2), start(3)]
    for visit in found:
        assert (visit.customer_id, visit.location_id, visit.assignee_id) == (about.id, place.id, ada.id)
        assert visit.planned_end - visit.planned_start == timedelta(minutes=90)
        assert [verb for verb, _ in await make.history(visit.id)] == ["created"]
        task = await Task.get(visit_id=visit.id)
        assert (task.title, task.due_on) == ("Count the stock", datetime.fromisoformat(visit.occurrence).date())


async def test_two_expansions_at_once_make_each_task_once(ada):
    key = await series(ada, rule="FREQ=DAILY;COUNT=20", reminders=[{"anchor": Anchor.SCHEDULED, "offset_minutes": 5}])
    await asyncio.gather(expand(key), expand(key))
    assert sorted([task.number for task in await Task.all()]) == list(range(1, 21))
    assert await Reminder.all().count() == 20
