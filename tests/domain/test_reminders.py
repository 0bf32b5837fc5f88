"""Reminders: when they are due, what is sent, and what is not."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain import firing, lifecycle, ownership, participants, reminder_rules, reminders, tasks
from domain.once import Once
from domain.principal import Principal
from models import (
    Anchor,
    Channel,
    Membership,
    Notification,
    NotificationStatus,
    Recipient,
    Reminder,
    ReminderStatus,
    Task,
    User,
)
from tests import make
from workers.reminders import send_reminders

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
FUTURE = datetime(2999, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Survey", team_id=team, due_on=date(2999, 1, 5), scheduled_at=FUTURE)


async def send(key):
    await firing.send([key], by=Principal.system((await Reminder.get(id=key)).workspace_id))


async def overdue(task, by, **values):
    """A reminder that should have been sent a while ago."""
    return await reminders.create(task, anchor=Anchor.INSTANT, remind_at=PAST, by=by, **values)


@pytest.mark.parametrize(
    ("zone", "nine"), [("Europe/Berlin", 8), ("America/New_York", 14), ("Asia/Kolkata", 3.5), ("UTC", 9)]
)
async def test_a_day_counts_from_nine_o_clock_where_the_person_is(zone, nine):
    task = Task(due_on=date(2026, 1, 5))
    due_at = reminder_rules.moment(
        reminder_rules.complete({"anchor": Anchor.DUE, "offset_minutes": 60}), task, ZoneInfo(zone)
    )
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
        ({"anchor": Anchor.DUE, "days": 366}, ("INVALID_INPUT", "days")),
        ({"anchor": Anchor.DUE, "working_days": -1}, ("INVALID_INPUT", "workingDays")),
        ({"anchor": Anchor.DUE, "days": 1, "working_days": 1}, ("INVALID_INPUT", "workingDays")),
        ({"anchor": Anchor.INSTANT, "remind_at": FUTURE, "days": 1}, ("INVALID_INPUT", "days")),
        ({"anchor": Anchor.INSTANT, "remind_at": FUTURE, "local_time": "09:00"}, ("INVALID_INPUT", "localTime")),
        ({"anchor": Anchor.DUE, "offset_minutes": 5, "local_time": "09:00"}, ("INVALID_INPUT", "localTime")),
        ({"anchor": Anchor.DUE, "local_time": "9:00"}, ("INVALID_INPUT", "localTime")),
        ({"anchor": Anchor.DUE, "recipient": Recipient.TEAM, "user_id": uuid4()}, ("INVALID_INPUT", "userId")),
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
        ("reminded", {"people": [None, [str(ada.id)]]}),
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
    told = {(note.status, note.sent_at, note.error) for note in await Notification.all()}
    assert told <= {(NotificationStatus.SKIPPED, None, reason)}


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


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ({"days": 1}, "2026-10-25T08:00+00:00"),
        ({"days": 2}, "2026-10-24T07:00+00:00"),
        ({"days": 1, "after": True}, "2026-10-27T08:00+00:00"),
        ({"working_days": 1}, "2026-10-23T07:00+00:00"),
        ({"working_days": 5, "after": True, "local_time": "18:30"}, "2026-11-02T17:30+00:00"),
        ({"days": 1, "local_time": "02:30"}, "2026-10-25T00:30+00:00"),
        ({"offset_minutes": 90}, "2026-10-26T06:30+00:00"),
        ({"offset_minutes": 90, "after": True}, "2026-10-26T09:30+00:00"),
        ({"days": 211, "local_time": "02:30"}, "2026-03-29T01:30+00:00"),
    ],
)
def test_days_are_counted_by_the_clock_where_the_person_is(when, moment):
    """The clocks of Berlin go back on 25 October, and forward on 29 March."""
    task = Task(due_on=date(2026, 10, 26))
    found = reminder_rules.moment(reminder_rules.complete({"anchor": Anchor.DUE, **when}), task, BERLIN)
    assert found == datetime.fromisoformat(moment)


@pytest.mark.parametrize(("due", "end"), [(date(1, 1, 2), "EARLIEST"), (date(9999, 12, 30), "LATEST")])
def test_a_reminder_never_leaves_the_calendar(due, end):
    wish = {"anchor": Anchor.DUE, "working_days": 365, "after": due.year > 1}
    found = reminder_rules.moment(reminder_rules.complete(wish), Task(due_on=due), BERLIN)
    assert found == getattr(reminder_rules, end)


async def told():
    """Who was told by which channel, and what became of it."""
    rows = await Notification.all().prefetch_related("user").order_by("id")
    return {(row.user.name, row.channel, row.status, row.error) for row in rows}


SENT, SKIPPED = NotificationStatus.SENT, NotificationStatus.SKIPPED


async def test_who_has_to_do_with_the_task_when_it_is_sent_is_told(ada, bob, sue, admin, team):
    task = await make.task(sue, team_id=team, assignee_id=ada.id)
    expected = {
        Recipient.ASSIGNEE: {"Bob Rep"},
        Recipient.CREATOR: {"Sue Lead"},
        Recipient.WATCHERS: {"Ada Rep", "Ann Admin"},
        Recipient.TEAM: {"Ada Rep", "Bob Rep", "Sue Lead"},
    }
    keys = {each: await overdue(task, sue, recipient=each) for each in expected}
    await ownership.assign(task, bob.id, by=sue)
    await participants.watch(task, by=ada)
    await participants.watch(task, by=admin)
    for recipient, key in keys.items():
        await Notification.all().delete()
        await send(key)
        assert await told() == {(name, "IN_APP", SENT, None) for name in expected[recipient]}


TAKINGS = [
    lambda task, team, bob, sue: ownership.assign(task, bob.id, by=sue),
    lambda task, team, bob, sue: ownership.claim(task, by=bob),
    lambda task, team, bob, sue: ownership.claim_next(team, by=bob),
]


@pytest.mark.parametrize("taking", TAKINGS)
async def test_who_got_a_task_is_reminded_by_the_clock_where_they_are(taking, ada, bob, sue, team):
    await User.filter(id=bob.id).update(time_zone="Asia/Kolkata")
    day = datetime.now(UTC).date() + timedelta(days=9)
    holder = sue.id if taking is TAKINGS[0] else None
    task = await make.task(sue, team_id=team, assignee_id=holder, due_on=day, scheduled_at=FUTURE)
    wanted = {"recipient": Recipient.ASSIGNEE, "by": sue}
    morning = await reminders.create(task, anchor=Anchor.DUE, local_time="08:00", **wanted)
    before = await reminders.create(task, anchor=Anchor.SCHEDULED, offset_minutes=5, **wanted)
    planned = await Reminder.get(id=before)
    await taking(task, team, bob, sue)
    assert (await Reminder.get(id=morning)).due_at <= datetime.now(UTC)
    assert (await Reminder.get(id=before)).due_at == planned.due_at
    await send_reminders()
    row = await Reminder.get(id=morning)
    kolkata = datetime.combine(day, time(8), ZoneInfo("Asia/Kolkata"))
    assert (row.status, row.due_at, await told()) == (ReminderStatus.PENDING, kolkata, set())


async def test_of_many_who_are_to_be_told_some_may_be(ada, bob, sue, team):
    task = await make.task(sue, team_id=team)
    key = await overdue(task, sue, recipient=Recipient.TEAM)
    await User.filter(id=bob.id).update(active=False)
    await send(key)
    assert await told() == {
        ("Ada Rep", "IN_APP", SENT, None),
        ("Bob Rep", "IN_APP", SKIPPED, "The person is no longer active."),
        ("Sue Lead", "IN_APP", SENT, None),
    }
    assert (await Reminder.get(id=key)).status is ReminderStatus.SENT


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (Recipient.ASSIGNEE, "Nobody holds the task."),
        (Recipient.WATCHERS, "Nobody watches the task."),
        (Recipient.TEAM, "The task has no team, or one without members."),
    ],
)
async def test_where_nobody_is_to_be_told_the_reminder_says_so(recipient, reason, ada):
    key = await overdue(await make.task(ada), ada, recipient=recipient)
    await send(key)
    row = await Reminder.get(id=key)
    assert (row.status, row.error, await told()) == (ReminderStatus.SKIPPED, reason, set())


async def test_mail_waits_for_the_mail_server_and_a_webhook_for_subscribers(ada, task):
    await send(await overdue(task, ada, channel=Channel.EMAIL))
    await send(await overdue(task, ada, channel=Channel.WEBHOOK))
    mail, hook = await Notification.all().order_by("id")
    assert (mail.status, mail.sent_at, mail.moment) == (NotificationStatus.PENDING, None, PAST)
    assert mail.due_at is not None
    assert (hook.status, hook.due_at, hook.error) == (SKIPPED, None, "No webhook is subscribed.")


async def test_only_who_has_to_do_with_a_task_has_others_reminded(bob, ada, team, refused):
    task = await make.task(ada, team_id=team)
    async with refused("FORBIDDEN") as caught:
        await reminders.create(task, anchor=Anchor.DUE, recipient=Recipient.TEAM, by=bob)
    assert caught.value.path == ("recipient",)


async def test_a_reminder_is_changed_by_whoever_set_it_and_sent_again_if_it_is_to_come(ada, bob, task, refused):
    key = await overdue(task, ada)
    async with refused("FORBIDDEN"):
        await reminders.update(key, {"remind_at": FUTURE}, by=bob)
    await send(key)
    await reminders.update(key, {"remind_at": PAST - timedelta(days=1)}, by=ada)
    assert (await Reminder.get(id=key)).status is ReminderStatus.SENT
    await reminders.update(key, {"remind_at": FUTURE}, by=ada)
    row = await Reminder.get(id=key)
    assert (row.status, row.due_at, row.sent_at, row.version) == (ReminderStatus.PENDING, FUTURE, None, 4)


async def test_a_change_that_makes_two_of_the_same_is_refused(ada, task, refused):
    await reminders.create(task, anchor=Anchor.DUE, days=1, by=ada)
    key = await reminders.create(task, anchor=Anchor.DUE, days=2, by=ada)
    async with refused("DUPLICATE_VALUE"):
        await reminders.update(key, {"days": 1}, by=ada)


async def test_what_a_deleted_reminder_told_stays(ada, bob, task, refused):
    key = await overdue(task, ada)
    await send(key)
    async with refused("FORBIDDEN"):
        await reminders.delete(key, by=bob)
    assert await reminders.delete(key, by=ada) == task
    assert (await Notification.get()).reminder_id is None
    assert (await make.history(task))[-1] == ("reminder_removed", {"reminder": [str(key), None]})


async def test_what_comes_long_after_its_moment_is_late(ada, task):
    fresh, old = await overdue(task, ada), await overdue(task, ada, channel=Channel.IN_APP)
    await Reminder.filter(id=old).update(created_at=PAST, remind_at=PAST + timedelta(minutes=1))
    for key in (fresh, old):
        await send(key)
    assert [row.late for row in await Notification.all().order_by("moment")] == [False, True]


async def test_many_are_sent_at_once_and_of_each_what_becomes_of_it(ada, bob, task):
    done = await make.task(ada)
    keys = [await overdue(task, ada), await overdue(done, ada), await overdue(task, bob)]
    later = await reminders.create(task, anchor=Anchor.SCHEDULED, by=ada)
    await Task.filter(id=done).update(status="CLOSED", finished_at=PAST)
    await asyncio.gather(*(firing.send([*keys, later], by=Principal.system(ada.workspace_id)) for _ in range(2)))
    found = {row.id: (row.status, row.error) for row in await Reminder.all()}
    assert found == {
        keys[0]: (ReminderStatus.SENT, None),
        keys[1]: (ReminderStatus.SKIPPED, "The task is CLOSED."),
        keys[2]: (ReminderStatus.SENT, None),
        later: (ReminderStatus.PENDING, None),
    }
    assert await Notification.all().count() == 2
