"""Notes on records, and telling the people whom they mention."""

import asyncio
from typing import Any, TypedDict
from uuid import UUID

from domain import columns, markdown, notifications, subjects
from domain.errors import Forbidden, LimitExceeded, refuse
from domain.once import Once
from domain.people import sees
from domain.policy import allow
from domain.principal import Principal
from domain.statements import table
from domain.subjects import Part, Subject
from domain.telling import noun
from domain.work import Work
from models.accounts import User
from models.notes import Mention, Note, NoteKind
from models.notifications import Notification, NotificationKind
from models.rows import Row
from models.tasks import Task

MOST_MENTIONS = 50


class Content(TypedDict, total=False):
    """What people write; what is absent stays as it is."""

    kind: NoteKind
    text: str


async def create(
    model: Subject,
    subject_id: UUID,
    *,
    text: str,
    kind: NoteKind = NoteKind.INTERNAL,
    by: Principal,
    once: Once | None = None,
) -> UUID:
    """Write a note on a record; people whom it mentions, and who see the record, find it in their inbox."""
    allow(by, "note_create")
    values = await _written({"text": text, "kind": kind})
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        subject = await subjects.opened(work, model, subject_id, _part(kind))
        values |= {subjects.column(model): subject_id, "creator_id": by.id}
        note = await work.create(Note, **values)
        await work.record(subject, "note_added", {"note": [None, note.id]})
        await _tell(work, note, subject)
        return await work.answers(note.id)


async def update(note_id: UUID, patch: Content, *, by: Principal, version: int | None = None) -> None:
    """Write one's own note anew; a person is told once, however often a note mentions them."""
    values = await _written(patch)
    async with Work(by) as work:
        note, subject = await _opened(work, note_id, "note_update", version)
        if not by.is_one_of(note.creator_id):
            raise Forbidden(action="edit this note", who="its author")
        if kind := patch.get("kind"):
            await subjects.opened_of(work, note, _part(kind))
        if await work.change(note, "updated", **values):
            await _tell(work, note, subject)


async def delete(note_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Take a note away, and what the inboxes tell of it."""
    async with Work(by) as work:
        note, subject = await _opened(work, note_id, "note_delete", version, part=Part.TALK)
        if not (by.reaches_all or by.is_one_of(note.creator_id) or note.creator_id in by.people):
            raise Forbidden(action="delete this note", who="its author, the supervisors above them and admins")
        for model in (Notification, Mention):
            await work.fetch(f"delete from {table(model)} where note_id = $1", note.id)
        await work.record(note, "deleted", {})
        await note.delete()
        await work.record(subject, "note_deleted", {"note": [note.id, None]})


async def _opened(
    work: Work, note_id: UUID, to: str, version: int | None, *, part: Part | None = None
) -> tuple[Note, Row]:
    """A note and its record, both locked: first the record, as when a note is written."""
    allow(work.by, to)
    seen = await work.see(Note, note_id, path=("noteId",))
    subject = await subjects.opened_of(work, seen, part or _part(seen.kind))
    return await work.load(Note, note_id, to=to, version=version, path=("noteId",)), subject


async def _written(content: Content) -> dict[str, Any]:
    """What is stored of what was written."""
    refuse(columns.faults(Note, content))
    text = content.get("text")
    if text is None:
        return {**content}
    if (count := len(markdown.mentioned(text))) > MOST_MENTIONS:
        raise LimitExceeded(path=("text",), what="Mentions in a note", limit=MOST_MENTIONS, actual=count)
    return {**content, "html": await asyncio.to_thread(markdown.render, text)}


def _part(kind: NoteKind) -> Part:
    return Part.TALK if kind is NoteKind.INTERNAL else Part.NOTES


async def _tell(work: Work, note: Note, subject: Row) -> None:
    """Remember whom the note mentions now, and tell those who see it and were not told before."""
    named = await work.see_all(User, markdown.mentioned(note.text), path=("text",))
    await Mention.filter(note_id=note.id).delete()
    await work.create_all(Mention, [{"note_id": note.id, "user_id": user.id} for user in named])
    message = f"{work.by.name} mentioned you in a note on {_name(subject)}."
    about = {"note_id": note.id, "task_id": note.task_id, "moment": work.now}
    told = [
        {**about, "user_id": user.id, "message": message}
        for user in named
        if user.id != work.by.id and await sees(work, user.id, subject)
    ]
    await notifications.tell(work, NotificationKind.MENTION, told)


def _name(subject: Row) -> str:
    """What a sentence calls a record."""
    if isinstance(subject, Task):
        return f"T-{subject.number} {subject.title}"
    words = getattr(subject, "name", None) or getattr(subject, "subject", None)
    return words or f"a {noun(type(subject))}"
