"""Sweeps: what is due is done once, however often and by however many it is asked for."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

import settings as config
from domain import (
    billing,
    deletions,
    due,
    emails,
    escalations,
    expansion,
    firing,
    queues,
    recurrence,
    reminders,
    timesheets,
    tokens,
)
from domain.errors import RateMissing
from domain.jobs import Job
from domain.principal import Principal
from models import (
    Anchor,
    Billable,
    Channel,
    Conversion,
    Deletion,
    Notification,
    RateScope,
    Reminder,
    Series,
    Strategy,
    Task,
)
from tests import mail, make
from workers import sweep
from workers.billing import convert_time
from workers.deletions import purge_deleted
from workers.emails import send_emails
from workers.queues import tend_queues
from workers.recurrence import expand_series
from workers.reminders import escalate_overdue, send_reminders

PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
VOLATILE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?\+00(:00)?")


@pytest.fixture(autouse=True)
def inbox(monkeypatch):
    """What a mail server took, to which the settings point; each letter once."""
    with mail.served() as (controller, inbox):
        mail.use(monkeypatch, controller.port)
        yield inbox
    names = [message["Message-ID"] for _, message in inbox.messages]
    assert len(names) == len(set(names))
    monkeypatch.undo()
    config.settings.cache_clear()


async def series(people):
    return await recurrence.create(
        title="Check in",
        rule="FREQ=DAILY;COUNT=12",
        start=f"{datetime.now(UTC).date() + timedelta(days=1)}T09:00:00",
        time_zone="Europe/Berlin",
        assignee_id=people.ada.id,
        customer_id=(await make.customer(people.ada, name="Around the Horn")).id,
        reminders=[{"anchor": Anchor.SCHEDULED, "offset_minutes": 30}],
        by=people.ada,
    )


async def reminder(people):
    task = await make.task(people.ada, title="Survey")
    return await reminders.create(task, anchor=Anchor.INSTANT, remind_at=PAST, by=people.ada)


async def conversion(people):
    await billing.rate_create(RateScope.WORKSPACE, hourly=Decimal(60), currency="USD", by=people.admin)
    task = await make.task(people.ada, title="Survey", team_id=people.team)
    for _ in range(2):
        await timesheets.create(task, minutes=30, worked_on=date(2026, 11, 2), by=people.ada)
    return await billing.convert(task, by=people.sue)


async def letter(people):
    task = await make.task(people.ada, title="Survey", assignee_id=people.ada.id)
    await reminders.create(task, anchor=Anchor.INSTANT, remind_at=PAST, channel=Channel.EMAIL, by=people.ada)
    await send_reminders()
    return (await Notification.get(task_id=task)).id


async def queue(people):
    for _ in range(2):
        await make.task(people.ada, title="Survey", team_id=people.team, assignee_id=people.ada.id)
    await Task.filter(team_id=people.team).update(assigned_at=PAST)
    await queues.update(people.team, {"claim_lease_minutes": 60}, by=people.sue)
    return people.team


async def waiting(people):
    for _ in range(3):
        await make.task(people.ada, title="Survey", team_id=people.team)
    await queues.update(people.team, {"strategy": Strategy.ROUND_ROBIN}, by=people.sue)
    return people.team


async def overdue(people):
    for _ in range(2):
        await make.task(people.ada, title="Survey", team_id=people.team, assignee_id=people.ada.id, due_on=PAST.date())
    return await escalations.rule_update({"after_working_hours": 1}, by=people.admin)


async def deleted(people):
    task = await make.task(people.ada, title="Survey", team_id=people.team)
    await make.task(people.ada, title="Survey", parent_id=task)
    key = await deletions.delete(task, by=people.ada)
    await Deletion.filter(id=key).update(purge_at=PAST, due_at=PAST)
    return key


async def expand(key, *, by):
    await expansion.expand([key], by=by)


async def send(key, *, by):
    await firing.send([key], by=by)


CASES = [
    pytest.param(series, expand, expand_series, id="expand"),
    pytest.param(reminder, send, send_reminders, id="send"),
    pytest.param(letter, emails.send, send_emails, id="mail"),
    pytest.param(conversion, billing.bill, convert_time, id="bill"),
    pytest.param(queue, queues.tend, tend_queues, id="take back"),
    pytest.param(waiting, queues.tend, tend_queues, id="give out"),
    pytest.param(overdue, escalations.escalate, escalate_overdue, id="escalate"),
    pytest.param(deleted, deletions.purge, purge_deleted, id="purge"),
]
JOBS = {
    expand_series: Job.EXPAND_SERIES,
    send_reminders: Job.SEND_REMINDERS,
    send_emails: Job.SEND_EMAILS,
    convert_time: Job.CONVERT_TIME,
    tend_queues: Job.TEND_QUEUES,
    escalate_overdue: Job.ESCALATE_OVERDUE,
    purge_deleted: Job.PURGE_DELETED,
}


class People:
    """A workspace and the principals that the scenarios need."""

    def __init__(self, workspace, **principals):
        self.id, self.team = workspace.id, workspace.team
        self.__dict__.update(principals)

    @classmethod
    async def of(cls, name):
        workspace = await make.workspace(name)
        names = ("admin", "ada", "sue")
        return cls(workspace, **{each: await tokens.of_user(getattr(workspace, each)) for each in names})


async def rows(database, people):
    """All rows of a workspace, without what differs from one workspace and one moment to the next."""
    told = [(place, row) for place, row in await make.everything(database) if str(people.id) in row]
    return sorted((place, re.sub(r"acme|other", "", VOLATILE.sub("", row), flags=re.IGNORECASE)) for place, row in told)


@pytest.mark.parametrize(("scenario", "verb", "actor"), CASES)
async def test_a_verb_run_twice_leaves_the_same_database_as_once(scenario, verb, actor, database):
    people = await People.of("Acme")
    key = await scenario(people)
    await verb(key, by=Principal.system(people.id))
    once = await make.everything(database)
    await verb(key, by=Principal.system(people.id))
    assert await make.everything(database) == once


@pytest.mark.parametrize(("scenario", "verb", "actor"), CASES)
async def test_a_verb_run_twice_at_once_leaves_the_same_database_as_once(scenario, verb, actor, database):
    acme, other = await People.of("Acme"), await People.of("Other")
    first, second = await scenario(acme), await scenario(other)
    await verb(first, by=Principal.system(acme.id))
    await asyncio.gather(*(verb(second, by=Principal.system(other.id)) for _ in range(2)))
    assert await rows(database, acme) == await rows(database, other)


@pytest.mark.parametrize(("scenario", "verb", "actor"), CASES)
async def test_sweeps_at_once_leave_the_same_database_as_one(scenario, verb, actor, database):
    acme, other = await People.of("Acme"), await People.of("Other")
    await scenario(acme)
    await actor()
    await scenario(other)
    await asyncio.gather(actor(), actor(), actor())
    assert await rows(database, acme) == await rows(database, other)
    done = await make.everything(database)
    await actor()
    assert await make.everything(database) == done


@pytest.mark.parametrize(("scenario", "verb", "actor"), CASES)
async def test_work_that_ends_after_it_was_given_up_is_no_failed_work(scenario, verb, actor, database):
    people = await People.of("Acme")
    key = await scenario(people)
    table = due.SWEEPS[JOBS[actor]].model._meta.db_table
    given_up = f"update {table} set failed_at = now(), due_at = null, attempts = 5, error = 'stopped'"
    await database.execute(given_up)
    await verb(key, by=Principal.system(people.id))
    assert await database.fetch("select * from failed_work") == []
    rows = await database.fetch(f"select attempts, error, failed_at from {table}")
    assert {tuple(row) for row in rows} <= {(0, None, None)}


async def test_what_is_given_up_does_not_keep_the_next_waiting(ada):
    for minutes, attempts in enumerate((due.MAX_ATTEMPTS, due.MAX_ATTEMPTS, 0)):
        at = PAST + timedelta(minutes=minutes)
        wanted = {"task_id": await make.task(ada), "user_id": ada.id, "anchor": Anchor.INSTANT, "remind_at": at}
        await make.row(Reminder, ada, **wanted, due_at=at, attempts=attempts)
    await send_reminders()
    assert (await Notification.get()).moment == at
    assert await Reminder.filter(failed_at__not_isnull=True).count() == 2


async def test_after_a_full_batch_the_sweep_asks_for_another(ada, sent):
    task = await make.task(ada)
    wanted = {"task_id": task, "user_id": ada.id, "anchor": Anchor.INSTANT}
    for minutes in range(sweep.BATCH + 1):
        at = PAST + timedelta(minutes=minutes)
        await make.row(Reminder, ada, **wanted, remind_at=at, due_at=at, attempts=1)
    await send_reminders()
    assert await Notification.all().count() == sweep.BATCH
    assert sent() == [(Job.SEND_REMINDERS, ())]
    await send_reminders()
    assert await Notification.all().count() == sweep.BATCH + 1
    assert len(sent()) == 1


async def test_what_fails_together_is_done_one_by_one_and_only_what_fails_has_failed(ada, database):
    task = await make.task(ada)
    for minutes in range(5):
        at = PAST + timedelta(minutes=minutes)
        await reminders.create(task, anchor=Anchor.INSTANT, remind_at=at, by=ada)
    broken = f"alter table notifications add constraint broken check (moment <> '{at}') not valid"
    await database.execute(broken)
    try:
        await send_reminders()
    finally:
        await database.execute("alter table notifications drop constraint broken")
    assert await Notification.all().count() == 4
    (failed,) = await Reminder.filter(status="PENDING")
    assert (failed.remind_at, failed.attempts, "broken" in failed.error) == (at, 1, True)


async def test_what_was_taken_with_work_that_killed_its_worker_is_done_alone(ada):
    task = await make.task(ada)
    for minutes in range(3):
        at = PAST + timedelta(minutes=minutes)
        await reminders.create(task, anchor=Anchor.INSTANT, remind_at=at, by=ada)
    assert len(await due.take(Reminder, untried=True)) == 3
    await Reminder.all().update(due_at=PAST)
    assert await due.take(Reminder, untried=True) == []
    await send_reminders()
    assert await Notification.all().count() == 3


async def test_a_refusal_is_failed_work_at_once_and_does_not_stop_the_others(database):
    people = await People.of("Acme")
    broke = await make.task(people.ada, team_id=people.team)
    await timesheets.create(broke, minutes=30, worked_on=date(2026, 11, 2), by=people.ada)
    refused = await billing.convert(broke, by=people.sue)
    task = await make.task(people.ada, team_id=people.team)
    await timesheets.create(task, minutes=30, worked_on=date(2026, 11, 2), by=people.ada)
    await billing.rate_create(RateScope.TASK, target_id=task, hourly=Decimal(60), currency="USD", by=people.admin)
    await billing.convert(task, by=people.sue)
    await convert_time()
    row = await Conversion.get(id=refused)
    assert (row.attempts, row.due_at, row.error) == (1, None, RateMissing(currency="USD").message)
    assert row.failed_at is not None
    assert (await Billable.get()).task_id == task
    (failed,) = await database.fetch("select kind, id, attempts, error from failed_work")
    assert tuple(failed) == ("CONVERSION", refused, 1, row.error)


async def test_failed_work_can_be_retried_when_its_reason_is_gone(database, sent):
    people = await People.of("Acme")
    task = await make.task(people.ada, team_id=people.team)
    await timesheets.create(task, minutes=30, worked_on=date(2026, 11, 2), by=people.ada)
    key = await billing.convert(task, by=people.sue)
    await convert_time()
    await billing.rate_create(RateScope.WORKSPACE, hourly=Decimal(60), currency="USD", by=people.admin)
    await due.retry(key, by=people.admin)
    assert sent()[-1] == (Job.CONVERT_TIME, ())
    await convert_time()
    assert (await Billable.get()).amount == 30
    assert await database.fetch("select * from failed_work") == []


async def test_a_fault_is_kept_and_tried_again_later_until_the_attempts_are_used_up(ada, database):
    key = await reminder(SimpleNamespace(ada=ada))
    await database.execute("alter table notifications add constraint broken check (false) not valid")
    try:
        for attempt in range(1, due.MAX_ATTEMPTS + 1):
            await Reminder.filter(id=key).update(due_at=PAST)
            await send_reminders()
            row = await Reminder.get(id=key)
            assert (row.attempts, row.failed_at is not None) == (attempt, attempt == due.MAX_ATTEMPTS)
            assert "broken" in row.error
    finally:
        await database.execute("alter table notifications drop constraint broken")
    assert row.due_at is None
    assert await Notification.all().count() == 0


async def test_a_lease_grows_with_each_attempt(ada):
    key = await reminder(SimpleNamespace(ada=ada))
    for attempt in range(3):
        await Reminder.filter(id=key).update(due_at=PAST, attempts=attempt)
        before = datetime.now(UTC)
        await due.take(Reminder)
        lease = (await Reminder.get(id=key)).due_at - before
        assert abs(lease - timedelta(seconds=30 * 2**attempt)) < timedelta(seconds=5)


async def test_what_somebody_else_holds_is_left_to_them(ada, database):
    await reminder(SimpleNamespace(ada=ada))
    async with database.transaction():
        await database.execute("select from reminders for update")
        await asyncio.wait_for(send_reminders(), 5)
        assert await Notification.all().count() == 0
    await send_reminders()
    assert await Notification.all().count() == 1


async def test_an_expanded_series_is_due_again_a_day_later(ada):
    people = await People.of("Acme")
    key = await series(people)
    await Series.filter(id=key).update(rule="FREQ=WEEKLY")
    await expand_series()
    row = await Series.get(id=key)
    assert timedelta(hours=23) < row.due_at - row.created_at < timedelta(hours=25)
    assert (row.attempts, row.error, await Task.filter(series_id=key).count()) == (0, None, 13)
