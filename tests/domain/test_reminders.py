"""Reminders: when they are due, what is sent, and what is not."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain import lifecycle, ownership, reminders, tasks
from domain.once import Once
from domain.principal import Principal
from models import Anchor, Membership, Notification, Reminder, ReminderStatus, Task, User
from tests import make

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
FUTURE = datetime(2999, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Survey", team_id=team, due_on=date(2999, 1, 5), scheduled_at=FUTURE)


async def send(key):
    await reminders.send(key, by=Principal.system((await Reminder.get(id=key)).workspace_id))


async def overdue(task, by, **values):
    """A reminder that should have been sent a while ago."""
    return await reminders.create(task, anchor=Anchor.INSTANT, remind_at=PAST, by=by, **values)


@pytest.mark.parametrize(
    ("zone", "nine"), [("Europe/Berlin", 8), ("America/New_York", 14), ("Asia/Kolkata", 3.5), ("UTC", 9)]
)
async def test_a_day_counts_from_nine_o_clock_where_the_person_is(zone, nine):
    task = Task(due_on=date(2026, 1, 5))
    due_at = reminders.moment(Anchor.DUE, 60, None, task=task, zone=ZoneInfo(zone))
    assert due_at == datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=nine - 1)


async def test_a_reminder_is_due_before_what_it_goes_by(ada, task, sent):
    await User.filter(id=ada.id).update(time_zone="Europe/Berlin")
    due = await Reminder.get(id=await reminders.create(task, anchor=Anchor.DUE, offset_minutes=1440, by=ada))
    planned = await Reminder.get(id=await reminders.create(task, anchor=Anchor.SCHEDULED, offset_minutes=15, by=ada))
    instant = await Reminder.get(id=await overdue(task, ada))
    assert (due.due_at, planned.due_at) == (FUTURE - timedelta(days=1), FUTURE - timedelta(minutes=15))
    assert (instant.due_at, instant.remind_at, instant.offset_minutes) == (PAST, PAST, 0)
    assert (due.user_id, due.creator_id, due.status) == (ada.id, ada.id, ReminderStatus.PENDING)
    assert sent() == []


async def test_a_reminder_waits_for_the_date_that_it_goes_by(ada):
    task = await make.task(ada)
    key = await reminders.create(task, anchor=Anchor.SCHEDULED, offset_minutes=5, by=ada)
    assert (await Reminder.get(id=key)).due_at is None
    await tasks.update(task, {"scheduled_at": FUTURE}, by=ada)
    assert (await Reminder.get(id=key)).due_at == FUTURE - timedelta(minutes=5)


async def test_a_reminder_moves_with_its_task_and_one_at_an_instant_stays(ada, task):
    moving = await reminders.create(task, anchor=Anchor.DUE, by=ada)
    staying = await reminders.create(task, anchor=Anchor.INSTANT, remind_at=FUTURE, by=ada)
    await tasks.update(task, {"due_on": date(2999, 2, 5)}, by=ada)
    assert (await Reminder.get(id=moving)).due_at == datetime(2999, 2, 5, 9, tzinfo=UTC)
    assert (await Reminder.get(id=staying)).due_at == FUTURE
    await tasks.update(task, {"due_on": None}, by=ada)
    assert (await Reminder.get(id=moving)).due_at is None


async def test_who_was_reminded_is_reminded_again_when_the_date_moves_on(ada, task):
    await tasks.update(task, {"scheduled_at": PAST}, by=ada)
    key = await reminders.create(task, anchor=Anchor.SCHEDULED, by=ada)
    await send(key)
    await tasks.update(task, {"scheduled_at": PAST - timedelta(days=1)}, by=ada)
    assert (await Reminder.get(id=key)).status is ReminderStatus.SENT
    await tasks.update(task, {"scheduled_at": FUTURE}, by=ada)
    row = await Reminder.get(id=key)
    assert (row.status, row.due_at, row.sent_at) == (ReminderStatus.PENDING, FUTURE, None)
    assert await Notification.all().count() == 1


async def test_what_was_sent_about_a_task_stays_sent_when_it_is_finished(ada, task):
    key = await overdue(task, ada)
    await send(key)
    await lifecycle.cancel(task, by=ada)
    assert (await Reminder.get(id=key)).status is ReminderStatus.SENT


async def test_a_finished_task_reminds_nobody_any_more(ada, task):
    key = await reminders.create(task, anchor=Anchor.DUE, by=ada)
    await lifecycle.cancel(task, by=ada)
    row = await Reminder.get(id=key)
    assert (row.status, row.due_at, row.error) == (ReminderStatus.SKIPPED, None, "The task is CANCELLED.")


async def test_what_is_there_is_not_doubled_even_by_two_at_once(ada, task):
    both = (reminders.create(task, anchor=Anchor.DUE, offset_minutes=5, by=ada) for _ in range(2))
    assert len(set(await asyncio.gather(*both))) == 1
    assert await Reminder.all().count() == 1


@pytest.mark.parametrize(
    ("when", "refusal"),
    [
        ({"anchor": Anchor.DUE, "offset_minutes": -1}, ("INVALID_INPUT", "offset")),
        ({"anchor": Anchor.DUE, "offset_minutes": 525_601}, ("INVALID_INPUT", "offset")),
        ({"anchor": Anchor.INSTANT}, ("REQUIRED", "remindAt")),
        ({"anchor": Anchor.DUE, "remind_at": FUTURE}, ("INVALID_INPUT", "remindAt")),
        ({"anchor": Anchor.DUE, "user_id": uuid4()}, ("NOT_FOUND", "userId")),
    ],
)
async def test_what_a_reminder_cannot_be_is_refused(when, refusal, ada, task, refused):
    code, path = refusal
    async with refused(code) as caught:
        await reminders.create(task, **when, by=ada)
    assert caught.value.path == (path,)


async def test_a_supervisor_reminds_people_in_reach_and_a_rep_only_themselves(sue, ada, bob, task, refused):
    key = await reminders.create(task, anchor=Anchor.DUE, user_id=ada.id, by=sue)
    assert (await Reminder.get(id=key)).user_id == ada.id
    async with refused("FORBIDDEN"):
        await reminders.create(task, anchor=Anchor.DUE, user_id=bob.id, by=ada)


async def test_a_finished_or_invisible_task_takes_no_reminder(ada, other, task, refused):
    async with refused("NOT_FOUND"):
        await reminders.create(task, anchor=Anchor.DUE, by=other)
    await lifecycle.cancel(task, by=ada)
    async with refused("TASK_FINAL"):
        await reminders.create(task, anchor=Anchor.DUE, by=ada)


async def test_a_repeated_request_makes_one_reminder(ada, task):
    once = Once("key", "fingerprint")
    first, second = [await reminders.create(task, anchor=Anchor.DUE, by=ada, once=once) for _ in range(2)]
    assert first == second


async def test_a_due_reminder_becomes_a_line_in_the_persons_inbox(ada, task):
    key = await overdue(task, ada)
    await send(key)
    row, note = await Reminder.get(id=key), await Notification.get()
    assert (row.status, row.due_at, row.error) == (ReminderStatus.SENT, None, None)
    assert (await make.history(task))[1:] == [
        ("reminder_set", {"reminder": [None, str(key)]}),
        ("reminded", {"user": [None, str(ada.id)]}),
    ]
    assert (note.user_id, note.task_id, note.reminder_id, note.moment) == (ada.id, task, key, PAST)
    assert (note.message, note.read_at) == ("You wanted to be reminded of T-1 Survey.", None)


async def test_the_line_says_when(ada, team):
    await User.filter(id=ada.id).update(time_zone="Asia/Kolkata")
    task = await make.task(ada, title="Survey", team_id=team, due_on=date(2026, 1, 5), scheduled_at=PAST)
    for anchor in (Anchor.DUE, Anchor.SCHEDULED):
        await send(await reminders.create(task, anchor=anchor, by=ada))
    messages = [note.message for note in await Notification.all().order_by("created_at")]
    assert messages == ["T-1 Survey is due on 2026-01-05.", "T-1 Survey is scheduled for 2026-01-05 13:30."]


async def test_two_reminders_of_one_moment_are_one_line(ada, task):
    await tasks.update(task, {"scheduled_at": PAST}, by=ada)
    await send(await overdue(task, ada))
    await send(await reminders.create(task, anchor=Anchor.SCHEDULED, by=ada))
    assert await Notification.all().count() == 1
    assert {row.status for row in await Reminder.all()} == {ReminderStatus.SENT}


async def test_what_is_not_due_yet_is_not_sent(ada, task):
    key = await reminders.create(task, anchor=Anchor.SCHEDULED, by=ada)
    await Reminder.filter(id=key).update(due_at=PAST)
    await send(key)
    row = await Reminder.get(id=key)
    assert (row.status, row.due_at) == (ReminderStatus.PENDING, FUTURE)
    assert await Notification.all().count() == 0


async def _deactivate(ada, bob, task):
    await User.filter(id=bob.id).update(active=False)


async def _leave_team(ada, bob, task):
    await Membership.filter(user_id=bob.id).delete()


async def _finish(ada, bob, task):
    await Task.filter(id=task).update(status="CLOSED", finished_at=PAST)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_deactivate, "The person is no longer active."),
        (_leave_team, "The person may no longer see the task."),
        (_finish, "The task is CLOSED."),
    ],
)
async def test_what_changed_meanwhile_is_a_reason_not_to_send(happens, reason, ada, bob, task):
    key = await overdue(task, bob)
    await happens(ada, bob, task)
    await send(key)
    row = await Reminder.get(id=key)
    assert (row.status, row.due_at, row.error) == (ReminderStatus.SKIPPED, None, reason)
    assert await Notification.all().count() == 0


async def test_who_got_the_task_is_still_reminded_of_it(ada, sue, bob, task):
    key = await overdue(task, bob)
    await ownership.assign(task, bob.id, by=sue)
    await Membership.filter(user_id=bob.id).delete()
    await send(key)
    assert (await Reminder.get(id=key)).status is ReminderStatus.SENT


async def test_sending_twice_at_once_sends_once(ada, task):
    key = await overdue(task, ada)
    await asyncio.gather(send(key), send(key))
    assert await Notification.all().count() == 1
