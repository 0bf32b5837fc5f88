"""Notes: who writes them on what, whom they mention, and who is told."""

import asyncio
from uuid import uuid4

import pytest

from domain import lifecycle, notes, opportunities, ownership, tickets
from models import Customer, Event, Mention, Note, NoteKind, Notification, Opportunity, Role, Task, Ticket, User, Visit
from tests import make
from tests.domain.test_policy import seen

INTERNAL, OUTCOME, PUBLIC = NoteKind


def at(*people):
    return " ".join(f"@[user_{by.id.hex}]" for by in people)


@pytest.fixture
async def task(ada, team):
    return await make.task(ada, title="Tea", team_id=team)


@pytest.fixture
async def visit(ada, team):
    return (await make.visit(ada, await make.location(ada, await make.customer(ada)), team_id=team)).id


async def inbox(by):
    return await Notification.filter(user_id=by.id).order_by("created_at").values_list("message", flat=True)


async def test_a_note_is_kept_as_it_was_written_and_told_of_where_it_stands(ada, task, sent):
    note = await Note.get(id=await notes.create(Task, task, text="**Ring** her", kind=OUTCOME, by=ada))
    assert (note.task_id, note.kind, note.text, note.version) == (task, OUTCOME, "**Ring** her", 1)
    assert (note.html, note.creator_id) == ("<p><strong>Ring</strong> her</p>", ada.id)
    assert (await make.history(task))[-1] == ("note_added", {"note": [None, str(note.id)]})
    ((verb, changes),) = await make.history(note.id)
    assert (verb, changes["text"], "html" in changes) == ("created", [None, "**Ring** her"], False)
    assert sent() == []


async def test_a_note_stands_on_a_record_of_every_kind(ada, task, visit):
    customer = await make.customer(ada)
    ticket = await tickets.create(customer.id, subject="Lost", by=ada)
    sale = await opportunities.create(customer.id, subject="Sale", by=ada)
    for model, key in (
        (Task, task),
        (Customer, customer.id),
        (Visit, visit),
        (Ticket, ticket),
        (Opportunity, sale),
    ):
        note = await Note.get(id=await notes.create(model, key, text="x", by=ada))
        assert [note.task_id, note.customer_id, note.visit_id, note.ticket_id, note.opportunity_id].count(key) == 1


async def test_whoever_sees_a_task_talks_on_it_and_who_edits_it_writes_more(ada, bob, sue, admin, task, refused):
    for by in (ada, bob, sue, admin):
        await notes.create(Task, task, text="x", by=by)
    for kind in (OUTCOME, PUBLIC):
        await notes.create(Task, task, text="x", kind=kind, by=ada)
        async with refused("FORBIDDEN") as caught:
            await notes.create(Task, task, text="x", kind=kind, by=bob)
    assert caught.value.message == "You may not edit notes. Those who may: its creator."
    await ownership.claim(task, by=bob)
    await notes.create(Task, task, text="x", kind=OUTCOME, by=bob)


async def test_whoever_sees_a_visit_talks_on_it_and_who_is_part_of_it_writes_more(ada, bob, sue, visit, refused):
    for by in (ada, bob, sue):
        await notes.create(Visit, visit, text="x", by=by)
    for by in (ada, sue):
        await notes.create(Visit, visit, text="x", kind=PUBLIC, by=by)
    async with refused("FORBIDDEN"):
        await notes.create(Visit, visit, text="x", kind=PUBLIC, by=bob)


async def test_on_a_finished_task_nothing_is_written_rewritten_or_deleted(ada, task, refused):
    note = await notes.create(Task, task, text="x", by=ada)
    await lifecycle.cancel(task, by=ada)
    for verb in (
        lambda: notes.create(Task, task, text="y", by=ada),
        lambda: notes.update(note, {"text": "y"}, by=ada),
        lambda: notes.delete(note, by=ada),
    ):
        async with refused("TASK_FINAL"):
            await verb()


async def test_what_is_not_seen_is_not_there(admin, ada, other, task, refused):
    stranger = await make.person(admin)
    note = await notes.create(Task, task, text="x", by=ada)
    for by in (stranger, other):
        async with refused("NOT_FOUND") as caught:
            await notes.create(Task, task, text="x", by=by)
        assert caught.value.path == ("subjectId",)
        for verb in (notes.update(note, {"text": "y"}, by=by), notes.delete(note, by=by)):
            async with refused("NOT_FOUND"):
                await verb
    async with refused("NOT_FOUND"):
        await notes.create(Customer, uuid4(), text="x", by=ada)


async def test_only_its_author_rewrites_a_note(ada, bob, sue, admin, task, refused):
    note = await notes.create(Task, task, text="x", by=bob)
    for by in (ada, sue, admin):
        async with refused("FORBIDDEN"):
            await notes.update(note, {"text": "y"}, by=by)
    await notes.update(note, {"text": "y"}, by=bob)
    stored = await Note.get(id=note)
    assert (stored.text, stored.html, stored.version) == ("y", "<p>y</p>", 2)
    assert (await make.history(note))[-1] == ("updated", {"text": ["x", "y"]})
    async with refused("FORBIDDEN"):
        await notes.update(note, {"kind": PUBLIC}, by=bob)


async def test_a_note_that_stays_as_it_is_changes_nothing(ada, task, database):
    note = await notes.create(Task, task, text="x", by=ada)
    before = await make.everything(database)
    await notes.update(note, {"text": "x", "kind": INTERNAL}, by=ada, version=1)
    await notes.update(note, {}, by=ada)
    assert await make.everything(database) == before


async def test_a_note_of_a_version_that_is_past_is_a_conflict(ada, task, refused):
    note = await notes.create(Task, task, text="x", by=ada)
    await notes.update(note, {"text": "y"}, by=ada)
    for verb in (notes.update(note, {"text": "z"}, by=ada, version=1), notes.delete(note, by=ada, version=1)):
        async with refused("VERSION_CONFLICT"):
            await verb


async def test_a_colleague_takes_no_note_away(ada, bob, task, refused):
    note = await notes.create(Task, task, text="x", by=ada)
    async with refused("FORBIDDEN"):
        await notes.delete(note, by=bob)


async def test_a_deleted_note_is_gone_with_what_the_inboxes_told_of_it(ada, bob, sue, admin, task):
    for by in (ada, sue, admin):
        note = await notes.create(Task, task, text=at(bob), by=ada)
        await notes.delete(note, by=by)
        assert (await make.history(task))[-1] == ("note_deleted", {"note": [str(note), None]})
        assert (await make.history(note))[-1] == ("deleted", {})
    assert [await each.all().count() for each in (Note, Mention, Notification)] == [0, 0, 0]


async def test_who_is_mentioned_finds_it_in_their_inbox_once(ada, bob, sue, task):
    note = await notes.create(Task, task, text=f"{at(bob, bob)} x", by=ada)
    await notes.update(note, {"text": "nobody"}, by=ada)
    assert await Mention.all().count() == 0
    await notes.update(note, {"text": f"{at(bob, sue)} y"}, by=ada)
    for by in (bob, sue):
        assert await inbox(by) == ["Ada Rep mentioned you in a note on T-1 Tea."]
    assert {each.task_id for each in await Notification.all()} == {task}
    assert set(await Mention.all().values_list("user_id", flat=True)) == {bob.id, sue.id}


async def test_nobody_is_told_of_what_they_wrote_do_not_see_or_left(admin, ada, bob, task):
    stranger = await make.person(admin)
    await User.filter(id=bob.id).update(active=False)
    await notes.create(Task, task, text=at(ada, bob, stranger), by=ada)
    assert await Notification.all().count() == 0
    assert await Mention.all().count() == 3


async def test_a_mention_says_where(ada, bob, visit):
    customer = await make.customer(ada, name="Tea House")
    await notes.create(Customer, customer.id, text=at(bob), by=ada)
    await notes.create(Visit, visit, text=at(bob), by=ada)
    assert await inbox(bob) == [f"Ada Rep mentioned you in a note on {where}." for where in ("Tea House", "a visit")]


async def test_nobody_of_another_workspace_is_mentioned(ada, other, task, refused):
    async with refused("NOT_FOUND") as caught:
        await notes.create(Task, task, text=at(other), by=ada)
    assert caught.value.path == ("text",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "REQUIRED"),
        (" \n", "REQUIRED"),
        ("x" * 10_001, "TOO_LONG"),
        ("a\0b", "INVALID_INPUT"),
        (" ".join(f"@[user_{n:032x}]" for n in range(51)), "LIMIT_EXCEEDED"),
    ],
)
async def test_what_is_no_note_is_refused(text, code, ada, task, refused):
    note = await notes.create(Task, task, text="x", by=ada)
    for verb in (notes.create(Task, task, text=text, by=ada), notes.update(note, {"text": text}, by=ada)):
        async with refused(code) as caught:
            await verb
        assert caught.value.path == ("text",)


async def test_edits_at_once_tell_a_person_once(ada, bob, task):
    note = await notes.create(Task, task, text="x", by=ada)
    await asyncio.gather(*(notes.update(note, {"text": f"{n} {at(bob)}"}, by=ada) for n in range(8)))
    assert (await Notification.all().count(), await Mention.all().count(), (await Note.get()).version) == (1, 1, 9)


async def test_a_note_and_its_history_are_seen_with_its_record(admin, ada, task, database):
    note = await notes.create(Task, task, text="x", by=ada)
    event = await Event.get(subject_id=note)
    stranger, far = await make.person(admin), await make.person(admin, role=Role.SUPERVISOR)
    for table, key in (("notes", note), ("events", event.id)):
        assert [key in await seen(database, by, table) for by in (ada, admin, stranger, far)] == [
            True,
            True,
            False,
            False,
        ]
