"""How people are told: by which channels, not in quiet hours, and of what came too late in a digest."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain import (
    digests,
    firing,
    lifecycle,
    notification_rules,
    notification_settings,
    notifications,
    participants,
    showing,
)
from domain import reminders as wished
from domain.notification_rules import Wishes
from domain.principal import Principal
from models import (
    Anchor,
    Channel,
    ChannelUse,
    Membership,
    Notification,
    NotificationKind,
    NotificationSettings,
    NotificationStatus,
    Reminder,
    ReminderStatus,
    Task,
    User,
)
from tests import make

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
FUTURE = datetime(2999, 1, 5, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Survey", team_id=team)


def system(by):
    return Principal.system(by.workspace_id)


async def reminded(task, by, **more):
    """Send a reminder that is due."""
    key = await wished.create(task, anchor=Anchor.INSTANT, remind_at=PAST, by=by, **more)
    await firing.send([key], by=system(by))
    return await Reminder.get(id=key)


async def choose(by, kind, channel, use):
    await notification_settings.update({"channels": [{"kind": kind, "channel": channel, "use": use}]}, by=by)


async def rows():
    return {(row.channel, row.status, row.error) for row in await Notification.all()}


def always_quiet():
    """Hours that are quiet now, wherever one is: all but the one that ends a minute before now."""
    now = datetime.now(UTC)
    return {"quiet_from": f"{now - timedelta(hours=1):%H:%M}", "quiet_until": f"{now - timedelta(hours=2):%H:%M}"}


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-01-05T20:59", None),
        ("2026-01-05T21:00", "2026-01-06T06:00"),
        ("2026-01-06T05:59", "2026-01-06T06:00"),
        ("2026-01-06T06:00", None),
        ("2026-03-28T22:00", "2026-03-29T05:00"),
        ("2026-10-24T22:00", "2026-10-25T06:00"),
    ],
)
def test_quiet_hours_are_those_of_the_clock_where_the_person_is(now, end):
    """The clocks of Berlin go forward on 29 March, and back on 25 October."""
    wishes = Wishes(BERLIN, {}, "22:00", "07:00")
    found = wishes.waits(datetime.fromisoformat(f"{now}+00:00"))
    assert found == (end and datetime.fromisoformat(f"{end}+00:00"))


def test_quiet_hours_within_a_day():
    wishes = Wishes(BERLIN, {}, "12:00", "13:00")
    assert wishes.waits(datetime(2026, 1, 5, 11, 30, tzinfo=UTC)) == datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert wishes.waits(datetime(2026, 1, 5, 12, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("now", "before", "after"),
    [
        ("2026-01-05T07:00", "2026-01-05T07:00", "2026-01-06T07:00"),
        ("2026-01-05T06:59", "2026-01-04T07:00", "2026-01-05T07:00"),
        ("2026-03-28T12:00", "2026-03-28T07:00", "2026-03-29T06:00"),
    ],
)
def test_a_digest_is_due_at_a_local_time(now, before, after):
    now, before, after = (datetime.fromisoformat(f"{each}+00:00") for each in (now, before, after))
    assert notification_rules.last_digest("08:00", now, BERLIN) == before
    assert notification_rules.next_digest("08:00", now, BERLIN) == after


@pytest.mark.parametrize(
    ("use", "asked", "expected"),
    [
        (None, None, {("IN_APP", "SENT", None)}),
        (None, Channel.EMAIL, {("EMAIL", "PENDING", None)}),
        (ChannelUse.ALWAYS, None, {("IN_APP", "SENT", None), ("EMAIL", "PENDING", None)}),
        (ChannelUse.NEVER, None, {("IN_APP", "SENT", None)}),
        (ChannelUse.NEVER, Channel.EMAIL, {("EMAIL", "SKIPPED", notification_rules.UNWANTED)}),
    ],
)
async def test_people_are_told_by_the_channels_that_they_wish_for(use, asked, expected, ada, task):
    if use:
        await choose(ada, NotificationKind.REMINDER, Channel.EMAIL, use)
    await reminded(task, ada, channel=asked)
    assert await rows() == expected


async def test_who_wishes_for_no_channel_is_not_told_and_the_rows_say_why(ada, task):
    await choose(ada, NotificationKind.REMINDER, Channel.IN_APP, ChannelUse.NEVER)
    reminder = await reminded(task, ada)
    assert (reminder.status, reminder.error) == (ReminderStatus.SKIPPED, notification_rules.UNWANTED)
    assert await rows() == {("IN_APP", "SKIPPED", notification_rules.UNWANTED)}


async def test_wishes_are_for_each_kind(ada, bob, team):
    task = await make.task(bob, team_id=team)
    await participants.watch(task, by=ada)
    await choose(ada, NotificationKind.UPDATE, Channel.EMAIL, ChannelUse.ALWAYS)
    await lifecycle.cancel(task, by=bob)
    assert await rows() == {("IN_APP", "SENT", None), ("EMAIL", "PENDING", None)}
    await Notification.all().delete()
    await reminded(await make.task(ada), ada)
    assert await rows() == {("IN_APP", "SENT", None)}


async def test_what_comes_in_quiet_hours_waits_for_their_end(ada, task):
    await notification_settings.update(always_quiet(), by=ada)
    reminder = await reminded(task, ada)
    line = await Notification.get()
    assert (reminder.status, line.status, line.sent_at) == (ReminderStatus.SENT, NotificationStatus.PENDING, None)
    assert line.due_at > datetime.now(UTC)
    await asyncio.gather(*(showing.show([line.id], by=system(ada)) for _ in range(2)))
    line = await Notification.get()
    assert (line.status, line.due_at, line.sent_at is None) == (NotificationStatus.SENT, None, False)


async def _finish(task, by):
    await lifecycle.cancel(task, by=by)


async def _deactivate(task, by):
    await User.filter(id=by.id).update(active=False)


async def _leave(task, by):
    await Task.filter(id=task).update(creator_id=(await User.get(workspace_id=by.workspace_id, role="ADMIN")).id)
    await Membership.filter(user_id=by.id).delete()


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_finish, "The task is CANCELLED."),
        (_deactivate, "The person is no longer active."),
        (_leave, "The person may no longer see the task."),
    ],
)
async def test_what_changed_while_it_waited_is_a_reason_not_to_show_it(happens, reason, ada, task):
    await notification_settings.update(always_quiet(), by=ada)
    await reminded(task, ada)
    await happens(task, ada)
    line = await Notification.get()
    await showing.show([line.id], by=system(ada))
    line = await Notification.get()
    assert (line.status, line.error, line.due_at, line.sent_at) == (NotificationStatus.SKIPPED, reason, None, None)


async def test_a_snoozed_line_comes_back_unread_and_no_date_moves(ada, task, refused):
    reminder = await reminded(task, ada)
    line = await Notification.get()
    await notifications.read(line.id, by=ada)
    before = await make.stored(task)
    await notifications.snooze(line.id, FUTURE, by=ada)
    line = await Notification.get()
    assert (line.status, line.due_at, line.read_at) == (NotificationStatus.PENDING, FUTURE, None)
    await showing.show([line.id], by=system(ada))
    line = await Notification.get()
    assert (line.status, line.read_at, line.moment) == (NotificationStatus.SENT, None, PAST)
    assert (await make.stored(task)).version == before.version
    assert (await Reminder.get(id=reminder.id)).status is ReminderStatus.SENT
    async with refused("INVALID_INPUT"):
        await notifications.snooze(line.id, PAST, by=ada)


# Digests


async def digested(by):
    """Make the digest of a person."""
    row = await NotificationSettings.get(user_id=by.id)
    await asyncio.gather(*(digests.make(row.id, by=system(by)) for _ in range(2)))
    return await Notification.filter(kind=NotificationKind.DIGEST).order_by("channel")


async def named(line, database):
    return {
        row["task_id"] for row in await database.fetch("select * from digest_lines where notification_id = $1", line.id)
    }


async def test_a_digest_tells_what_is_overdue_and_due_today_of_what_a_person_holds(ada, bob, sue, team, database):
    today = datetime.now(UTC).date()
    mine = {"assignee_id": ada.id, "team_id": team}
    overdue, now = [await make.task(sue, **mine, due_on=each) for each in (date(2026, 1, 5), today)]
    await make.task(sue, **mine, due_on=date(2999, 1, 5))
    await make.task(sue, team_id=team, assignee_id=bob.id, due_on=today)
    await lifecycle.cancel(await make.task(sue, **mine, due_on=today), by=sue)
    await notification_settings.update({"digest_at": "00:00"}, by=ada)
    mail, line = await digested(ada)
    assert (line.message, line.status, line.channel) == ("2 tasks: 1 overdue, 1 due today.", "SENT", "IN_APP")
    assert (mail.message, mail.status, mail.channel) == (line.message, "PENDING", "EMAIL")
    assert line.moment == datetime.combine(today, datetime.min.time(), UTC)
    assert await named(line, database) == await named(mail, database) == {overdue, now}
    assert (await NotificationSettings.get()).due_at == line.moment + timedelta(days=1)


async def test_no_digest_is_empty(ada):
    await notification_settings.update({"digest_at": "00:00"}, by=ada)
    assert await digested(ada) == []
    assert (await NotificationSettings.get()).due_at > datetime.now(UTC)


async def test_what_could_not_be_told_for_a_day_is_told_once_in_a_digest(ada, task, database):
    keys = [
        await wished.create(task, anchor=Anchor.INSTANT, remind_at=PAST + timedelta(minutes=n), by=ada)
        for n in range(3)
    ]
    await Reminder.all().update(created_at=PAST)
    await firing.send(keys, by=system(ada))
    assert await rows() == {("IN_APP", "FOLDED", None)}
    assert {row.status for row in await Reminder.all()} == {ReminderStatus.SENT}
    (line,) = await Notification.filter(id__in=[each.id for each in await digested(ada)], channel="IN_APP")
    assert line.message == "1 task: 1 with a reminder that came late."
    assert await named(line, database) == {task}
    assert (await NotificationSettings.get()).due_at is None
    assert await Notification.filter(status=NotificationStatus.FOLDED, sent_at=None).count() == 0
    assert len(await digested(ada)) == 2
