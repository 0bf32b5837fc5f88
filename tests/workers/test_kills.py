"""Workers and clocks that are killed at any moment, many times: nothing is missing, and nothing is there twice."""

import asyncio
import random
import sys
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest

from models import Notification, NotificationStatus, Reminder, ReminderStatus, Series
from tests import mail, make
from tests.effort import SEED, tries
from tests.workers.conftest import until

pytestmark = pytest.mark.long

KILLS = tries(few=3, all=50)
"""Of expansion, and as many of sending."""
POSTS = tries(few=1, all=5)
"""Of sending letters."""
PAST = datetime(2026, 1, 5, 8, tzinfo=UTC)
MANY = 20
"""Series, or reminders, that are made for each kill, and the occurrences of each."""
MAKE = """
insert into series (id, workspace_id, title, rule, start, time_zone, reminders, subtasks, creator_id, due_at)
select gen_random_uuid(), $1, 'Call', 'FREQ=DAILY;COUNT=' || $3::int, $4, 'Europe/Berlin',
    '[{"anchor": "SCHEDULED", "offset_minutes": 30}]',
    '[{"title": "Pack", "type": "CALL", "priority": 2, "description": null, "expected_minutes": null}]', $2, now()
from generate_series(1, $3::int)
"""
# What is locked is being done.
AGAIN = """
update series set due_at = now() where id in (
    select id from series where expanded_until is null and failed_at is null for no key update skip locked
)
"""
DUE = """
insert into reminders (id, workspace_id, task_id, user_id, anchor, remind_at, due_at)
select gen_random_uuid(), $1, $2, $3, 'INSTANT', at, now()
from generate_series($4::timestamptz, $5::timestamptz, interval '1 minute') at
"""
POST = """
insert into notifications (id, workspace_id, task_id, user_id, kind, channel, status, message, moment, due_at)
select gen_random_uuid(), $1, $2, $3, 'REMINDER', 'EMAIL', 'PENDING', 'Tea', at, now()
from generate_series($4::timestamptz, $5::timestamptz, interval '1 minute') at
"""
NOW = """
update {table} set due_at = now() where id in (
    select id from {table} where status = 'PENDING' and failed_at is null and {which} for no key update skip locked
)
"""
SENT = """
select (select count(*) from reminders where status = 'SENT') as reminders, count(*) as lines,
    count(distinct reminder_id) as told, (select count(*) from events where verb = 'reminded') as events
from notifications
"""
COUNTS = """
select count(*) filter (where parent_id is null) as tasks,
    count(distinct (series_id, occurrence)) filter (where parent_id is null) as occurrences,
    count(*) filter (where parent_id is not null) as subtasks, count(distinct number) as numbers,
    (select count(*) from reminders) as reminders,
    (select count(*) from events where subject_type = 'TASK' and verb = 'created') as events
from tasks
"""


async def test_whatever_is_killed_each_occurrence_is_there_once(program, database, ada, record_property):
    record_property("seed", SEED)
    async with killing(program, lambda number: fill(database, ada)):
        await database.execute(AGAIN)
        await until(lambda: all_expanded(database), seconds=120)
    (found,) = await database.fetch(COUNTS)
    due = KILLS * MANY * MANY
    assert dict(found) == {
        "tasks": due,
        "occurrences": due,
        "subtasks": due,
        "numbers": 2 * due,
        "reminders": due,
        "events": 2 * due,
    }, f"FIELDGRAPH_SEED={SEED}"


async def test_whatever_is_killed_each_reminder_is_sent_once(program, database, ada, record_property):
    record_property("seed", SEED)
    task = await make.task(ada)

    async def due(number):
        first = PAST + timedelta(minutes=number * MANY)
        last = first + timedelta(minutes=MANY - 1)
        await database.execute(DUE, ada.workspace_id, task, ada.id, first, last)
        await database.execute(NOW.format(table="reminders", which="true"))

    async with killing(program, due):
        await until(lambda: all_sent(database), seconds=120)
    (found,) = await database.fetch(SENT)
    assert dict(found) == dict.fromkeys(("reminders", "lines", "told", "events"), KILLS * MANY), f"SEED={SEED}"


async def test_a_letter_is_sent_again_unless_a_killed_worker_had_noted_it_always_with_the_same_message_id(
    program, database, ada, record_property
):
    record_property("seed", SEED)
    chance, task = random.Random(SEED), await make.task(ada)
    with mail.served() as (server, inbox), program("clock"):
        told = mail.variables(server.port)
        for number in range(POSTS):
            first = PAST + timedelta(minutes=number * MANY)
            await database.execute(POST, ada.workspace_id, task, ada.id, first, first + timedelta(minutes=MANY - 1))
            with program("run", **told) as victim:
                inbox.after = killer(victim, chance.randrange(MANY))
                await until(partial(is_dead, victim))
            inbox.after = None
            await database.execute(NOW.format(table="notifications", which="true"))
        with program("run", **told):
            await until(lambda: all_mailed(database), seconds=60)
    letters = [(message["Message-ID"], message["To"], message["Subject"]) for _, message in inbox.messages]
    noted = {row.id.hex for row in await Notification.filter(status=NotificationStatus.SENT)}
    assert {name.strip("<>").partition("@")[0] for name, *_ in letters} == noted, f"FIELDGRAPH_SEED={SEED}"
    assert (len(noted), len(set(letters))) == (POSTS * MANY, POSTS * MANY)
    assert len(letters) >= POSTS * (MANY + 1)


def killer(victim, letter):
    """Kills a worker once the mail server has a letter, and before the worker hears of it."""
    number = count()

    def kill():
        if next(number) >= letter:
            victim.kill()
            victim.wait()

    return kill


async def is_dead(process):
    return process.poll() is not None


async def all_mailed(database):
    """Whether nothing is left; what a killed worker had begun need not wait until its lease is over."""
    await database.execute(
        NOW.format(table="notifications", which="attempts > 0 and due_at > now() + interval '5 seconds'")
    )
    return not await Notification.filter(status=NotificationStatus.PENDING).exists()


@asynccontextmanager
async def killing(program, more):
    """Workers and clocks, of which one after the other is killed at any moment, while more is to be done."""
    sys.stdout.write(f"FIELDGRAPH_SEED={SEED}\n")
    chance = random.Random(SEED)
    with ExitStack() as running:
        started = [[name, running.enter_context(program(name))] for name in ("run", "run", "clock", "clock")]
        for number in range(KILLS):
            await more(number)
            await asyncio.sleep(chance.uniform(0, 2))
            victim = chance.choice(started)
            victim[1].kill()
            victim[1].wait()
            victim[1] = running.enter_context(program(victim[0]))
        yield


async def all_sent(database):
    """Whether nothing is left; what a killed worker had begun need not wait until its lease is over."""
    await database.execute(
        NOW.format(table="reminders", which="attempts > 0 and due_at > now() + interval '5 seconds'")
    )
    return not await Reminder.filter(status=ReminderStatus.PENDING).exists()


async def fill(database, ada):
    """More to do, beside what a killed worker left undone."""
    start = f"{datetime.now(UTC).date() + timedelta(days=2)}T09:00:00"
    await database.execute(MAKE, ada.workspace_id, ada.id, MANY, start)
    await database.execute(AGAIN)


async def all_expanded(database):
    """Whether nothing is left; what a killed worker had begun need not wait until its lease is over."""
    await database.execute(f"{AGAIN} and attempts > 0 and due_at > now() + interval '5 seconds'")
    return await Series.filter(expanded_until__isnull=True).count() == 0
