"""The one way to the database: all or nothing, told in the log, nudged after commit."""

import asyncio
import logging
from uuid import uuid4

import pytest

from domain import jobs, tasks
from domain.conflicts import again, taken
from domain.errors import DuplicateValue, IdempotencyKeyReused, TaskFinal
from domain.jobs import Job
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from models import Customer, CustomerKind, Event, Priority, StoredAnswer, Task, TaskStatus, Team
from tests import make


async def test_a_change_bumps_the_version_and_tells_each_field_from_and_to(ada, admin, team):
    key = await make.task(ada, title="Old", team_id=team)
    async with Work(ada) as work:
        task = await work.load(Task, key, to="edit")
        assert await work.change(task, "updated", reason="why", title="New", priority=Priority.HIGH, team_id=team)
        assert (task.title, task.version, task.updated_at) == ("New", 2, work.now)
    stored = await make.stored(key)
    assert (stored.title, stored.priority, stored.version, stored.updated_at) == ("New", Priority.HIGH, 2, work.now)
    event = await Event.get(subject_id=key, verb="updated")
    assert event.changes == {"title": ["Old", "New"], "priority": ["MEDIUM", "HIGH"]}
    assert (event.actor_id, event.api_key_id, event.reason, event.subject_type) == (ada.id, None, "why", "TASK")
    assert (event.created_at, event.workspace_id) == (work.now, ada.workspace_id)


async def test_a_change_that_changes_nothing_is_not_told(ada, database):
    key = await make.task(ada, title="Same")
    before = await make.everything(database)
    async with Work(ada) as work:
        assert not await work.change(await work.load(Task, key, to="edit"), "updated", title="Same")
    assert await make.everything(database) == before


async def test_what_fails_leaves_nothing_and_sends_nothing(ada, refused):
    async with refused("TASK_FINAL"), Work(ada) as work:
        await work.create(Customer, kind=CustomerKind.INDIVIDUAL, name="Gone")
        work.enqueue(Job.SEND_REMINDERS)
        raise TaskFinal(status="CLOSED")


async def test_nudges_go_out_after_the_commit_and_each_once(ada, sent):
    async with Work(ada) as work:
        work.enqueue(Job.SEND_REMINDERS)
        work.enqueue(Job.EXPAND_SERIES)
        work.enqueue(Job.SEND_REMINDERS)
        assert sent() == []
    assert sent() == [(Job.SEND_REMINDERS, ()), (Job.EXPAND_SERIES, ())]


async def test_a_nudge_that_cannot_be_sent_is_logged_and_the_work_is_done(ada, monkeypatch, caplog):
    def fail(job, *ids):
        raise ConnectionError("no broker")

    monkeypatch.setattr(jobs, "send", fail)
    async with Work(ada) as work:
        await work.create(Customer, kind=CustomerKind.INDIVIDUAL, name="Kept")
        work.enqueue(Job.SEND_REMINDERS)
    assert await Customer.filter(name="Kept").count() == 1
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR] == [
        "The nudge SEND_REMINDERS was not sent; the clock will find what is due."
    ]


async def test_another_version_than_the_expected_one_is_a_conflict(ada, refused):
    key = await make.task(ada)
    async with refused("VERSION_CONFLICT") as caught, Work(ada) as work:
        await work.load(Task, key, to="edit", version=7)
    assert caught.value.facts == {"expected": 7, "actual": 1}


@pytest.mark.parametrize("way", ["load", "lock", "see", "see_all"])
async def test_absent_foreign_and_invisible_rows_give_the_same_answer(way, ada, admin, other, refused):
    away = await make.person(admin)
    async with Work(Principal.system(ada.workspace_id)) as work:
        hidden_team = await work.create(Team, name="Hidden")
    hidden = await make.task(away, team_id=hidden_team.id)
    foreign = await make.task(other)
    calls = {
        "load": lambda work, key: work.load(Task, key, to="edit", path=("id",)),
        "lock": lambda work, key: work.lock(Task, [key], path=("id",)),
        "see": lambda work, key: work.see(Task, key, path=("id",)),
        "see_all": lambda work, key: work.see_all(Task, [key], path=("id",)),
    }
    answers = []
    for key in (uuid4(), foreign, hidden):
        async with refused("NOT_FOUND") as caught, Work(ada) as work:
            await calls[way](work, key)
        answers.append((caught.value.message, caught.value.path))
    assert answers == [("There is no such task, or you may not see it. Check the id, or ask for access.", ("id",))] * 3


async def test_who_waited_for_a_row_dates_the_change_after_what_was_done_before(ada, team):
    key = await make.task(ada, team_id=team)

    async def rename(title):
        async with Work(ada) as work:
            task = await work.load(Task, key, to="edit")
            await asyncio.sleep(0.02)
            await work.change(task, "updated", title=title)

    await asyncio.gather(*(rename(f"Title {n}") for n in range(5)))
    told = [changes["title"] for verb, changes in await make.history(key) if verb == "updated"]
    assert [before for before, _ in told[1:]] == [after for _, after in told[:-1]]
    assert (await make.stored(key)).version == 6


async def test_rows_locked_together_in_any_order_never_deadlock(ada, database):
    keys = [await make.task(ada) for _ in range(4)]

    async def touch(order):
        async with Work(ada) as work:
            await work.lock(Task, order)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(touch(keys[::step]) for step in (1, -1, 1, -1)))


async def test_swift_work_that_is_outrun_writes_nothing_and_is_done_again(ada, admin):
    key = await make.task(admin, team_id=None, title="Old")
    seen = []

    @again
    async def rename(*, by):
        async with Work(by, swift=True) as work:
            task = await work.load(Task, key, to="edit")
            seen.append(task.title)
            if len(seen) == 1:
                await tasks.update(key, {"title": "Between"}, by=admin)
            await work.change(task, "renamed", title="New")

    await rename(by=ada)
    assert seen == ["Old", "Between"]
    told = await Event.filter(subject_id=key).order_by("id").values_list("verb", "changes")
    assert told[1:] == [("updated", {"title": ["Old", "Between"]}), ("renamed", {"title": ["Between", "New"]})]
    assert (await make.stored(key)).version == 3


async def test_a_unique_key_can_leave_rows_out_with_all_that_belongs_to_them(ada, database):
    async with Work(ada) as work:
        first = await work.create(Customer, kind=CustomerKind.INDIVIDUAL, name="A", reference="R1")
        rows = [
            {"kind": CustomerKind.INDIVIDUAL, "name": name, "reference": ref}
            for name, ref in (("B", "R1"), ("C", "R2"))
        ]
        made = await work.create_all(Customer, rows, unless_there=True)
    assert [customer.name for customer in made] == ["C"]
    assert await Event.filter(subject_id__in=[first.id, made[0].id]).count() == 2
    assert await Event.filter(subject_type="CUSTOMER").count() == 2


async def test_a_unique_key_that_was_not_named_is_a_fault(ada):
    with pytest.raises(Exception, match="customers_reference_once"):
        async with Work(ada) as work:
            for _ in range(2):
                with taken("another_key", DuplicateValue(field="x", value="y")):
                    await work.create(Customer, kind=CustomerKind.INDIVIDUAL, name="A", reference="R1")


async def test_all_that_is_wrong_with_columns_is_said_at_once(ada, refused):
    async with refused("REQUIRED", "TOO_LONG", "INVALID_INPUT") as caught:
        await tasks.create(title=" \n", place="x" * 201, outcome="a\0b", by=ada)
    assert [error.path for error in caught.value.errors] == [("title",), ("place",), ("outcome",)]
    assert caught.value.errors[1].message == "Place has 201 characters; at most 200 fit. Shorten it."


async def test_values_that_sql_could_misread_are_stored_as_they_are(ada):
    title = 'Robert\'); drop table tasks; -- \\ {t} $1 "q" \u2028 é 🚲'
    assert (await make.stored(await make.task(ada, title=title))).title == title


async def test_a_repeat_with_the_same_key_gets_the_stored_answer(ada):
    once = Once("key-1", "fingerprint")
    first = await tasks.create(title="Once", by=ada, once=once)
    assert await tasks.create(title="Once", by=ada, once=once) == first
    assert await Task.all().count() == 1


async def test_a_key_with_another_input_is_refused(ada, refused):
    await tasks.create(title="Once", by=ada, once=Once("key-1", "one"))
    async with refused("IDEMPOTENCY_KEY_REUSED"):
        await tasks.create(title="Twice", by=ada, once=Once("key-1", "two"))


async def test_keys_are_each_persons_own_and_serve_again_when_their_day_is_over(ada, bob, database):
    once = Once("key-1", "same")
    keys = {await tasks.create(title="Once", by=ada, once=once), await tasks.create(title="Once", by=bob, once=once)}
    await database.execute("update stored_answers set expires_at = now() - interval '1 second'")
    keys.add(await tasks.create(title="Once", by=ada, once=Once("key-1", "other")))
    assert len(keys) == 3
    assert await StoredAnswer.all().count() == 2


async def test_of_the_same_request_many_times_at_once_one_creates(ada):
    once = Once("key-1", "same")
    answers = await asyncio.gather(
        *(tasks.create(title="Once", by=ada, once=once) for _ in range(20)), return_exceptions=True
    )
    made = {answer for answer in answers if not isinstance(answer, Exception)}
    assert len(made) == 1
    assert {error.code for error in answers if isinstance(error, Exception)} <= {"IDEMPOTENCY_IN_PROGRESS"}
    assert await Task.all().count() == 1


async def test_a_refused_request_leaves_its_key_free(ada, refused):
    async with refused("REQUIRED"):
        await tasks.create(title="", by=ada, once=Once("key-1", "same"))
    assert await tasks.create(title="Good", by=ada, once=Once("key-1", "same"))


async def test_a_principal_without_the_scope_to_write_changes_nothing(ada, refused):
    key = await make.task(ada)
    reader = Principal(
        id=ada.id, workspace_id=ada.workspace_id, role=ada.role, name=ada.name, scopes=frozenset({"READ"})
    )
    async with refused("INSUFFICIENT_SCOPE"), Work(reader) as work:
        await work.load(Task, key, to="edit")
    assert (await make.stored(key)).status is TaskStatus.PENDING


async def test_refused_requests_give_their_connections_back(ada):
    await tasks.create(title="Once", by=ada, once=Once("key-1", "one"))
    for _ in range(40):
        with pytest.raises(IdempotencyKeyReused):
            await tasks.create(title="Twice", by=ada, once=Once("key-1", "two"))
    assert await make.task(ada)
