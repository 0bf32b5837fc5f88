"""Deleting tasks, restoring them, and removing for good what nobody restores."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain import distribution, reminders, task_facts, task_rules, task_tree
from domain.deletion_errors import ParentDeleted
from domain.errors import refuse
from domain.jobs import Job
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from domain.workflow import FINAL
from models.deletions import Deletion
from models.tasks import Task
from settings import settings

PAUSE = timedelta(minutes=10)
"""How long a purge waits for the bytes of attachments to be removed."""
OCCURRED = timedelta(days=2)
"""After so long the local start of an occurrence is past in every time zone, and no series makes it again."""
_SILENCE = (
    "update reminders set due_at = null, error = 'The task is deleted.' where task_id = any($1) and status = 'PENDING'"
)
_FILES = """
with dropped as (
    update attachments set attempts = 0, error = null, failed_at = null,
        status = case status when 'STAGED' then status else 'DELETED' end,
        due_at = case status when 'STAGED' then clock_timestamp() else greatest(expires_at, clock_timestamp()) end
    where task_id = any($1) and (status = 'READY' or failed_at is not null or status = 'STAGED')
)
select count(*) as files from attachments where task_id = any($1)
"""
_OF_NOTES = "note_id in (select id from notes where task_id = any($1))"
_OF_REMINDERS = "reminder_id in (select id from reminders where task_id = any($1))"
_PARTS = (
    "digest_lines where task_id = any($1)",
    f"notifications where task_id = any($1) or {_OF_NOTES} or {_OF_REMINDERS}",
    f"mentions where {_OF_NOTES}",
    *(
        f"{table} where task_id = any($1)"
        for table in (
            *("notes", "reminders", "task_links", "checklist_items", "task_indicators", "participants", "assignments"),
            *("time_entries", "conversions", "rates"),
        )
    ),
    "dependencies where predecessor_id = any($1) or successor_id = any($1)",
)
"""What hangs on a task, in the order in which it can go."""
_GONE = "with gone as (delete from tasks where deletion_id = $1) delete from deletions where id = $1"
_AGAIN = "update deletions set due_at = $2, attempts = 0, error = null, failed_at = null where id = $1"


async def delete(
    task_id: UUID, *, reason: str | None = None, by: Principal, version: int | None = None, once: Once | None = None
) -> UUID:
    """Delete a task with all below it, so that nobody sees it any more; for a while it can be restored.

    What has billed time stays, and so does what somebody works on now.
    """
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await task_tree.alone(work)
        task = await work.load(Task, task_id, to="delete", version=version, path=("taskId",))
        gone = [task, *await task_tree.all_below(work, task)]
        refuse(task_rules.delete(await task_facts.gather_ties(work, task), by))
        at = _purged(work, gone)
        about: dict[str, Any] = {"task_id": task.id, "creator_id": by.id, "reason": reason}
        deletion = await work.create(Deletion, **about, purge_at=at, due_at=at)
        for each in gone:
            await work.change(each, "deleted", reason=reason, deletion_id=deletion.id)
        await work.fetch(_SILENCE, [each.id for each in gone])
        return await work.answers(deletion.id)


async def restore(deletion_id: UUID, *, by: Principal, once: Once | None = None) -> UUID:
    """Bring a deleted task back with all that was deleted with it, as it was; the id of the task."""
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await task_tree.alone(work)
        deletion = await work.load(Deletion, deletion_id, to="restore", path=("deletionId",))
        gone = await _of(deletion)
        moved = await _place(gone, deletion.task_id)
        for each in gone:
            values = moved if each.id == deletion.task_id else {}
            await work.change(each, "restored", deletion_id=None, **values)
        await deletion.delete()
        for each in gone:
            await reminders.replan(work, each)
        await distribution.wake(work, [{"team_id": e.team_id, "assignee_id": e.assignee_id} for e in gone])
        return await work.answers(deletion.task_id)


async def purge(deletion_id: UUID, *, by: Principal) -> None:
    """Remove what nobody has restored, and all that hangs on it; its files first, whose bytes are elsewhere.

    Only the log still tells of it. A task that followed it, or was deleted below it before, stands alone from then on.
    """
    async with Work(by) as work:
        await task_tree.alone(work)
        deletion = (await work.lock_seen(Deletion, [deletion_id])).get(deletion_id)
        if deletion is None or deletion.purge_at > work.now:
            return
        gone = await _of(deletion)
        keys = [each.id for each in gone]
        (left,) = await work.fetch(_FILES, keys)
        if left["files"]:
            await work.fetch(_AGAIN, deletion.id, work.now + PAUSE)
            work.enqueue(Job.TEND_ATTACHMENTS)
            return
        await _loosen(work, keys)
        for each in gone:
            await work.record(each, "purged", {})
        await erase(work, keys)
        await work.fetch(_GONE, deletion.id)


async def erase(work: Work, keys: Sequence[UUID]) -> None:
    """Remove what hangs on tasks that are about to go."""
    for part in _PARTS:
        await work.fetch(f"delete from {part}", keys)


async def _of(deletion: Deletion) -> list[Task]:
    """The tasks that were deleted together, locked."""
    return await Task.filter(deletion_id=deletion.id).order_by("id").select_for_update()


def _purged(work: Work, gone: Sequence[Task]) -> datetime:
    """When what is deleted now is removed for good: of a series, not before no occurrence could be made anew."""
    occurrences = [each.occurrence for each in gone if each.occurrence]
    ends = [datetime.fromisoformat(start).replace(tzinfo=UTC) + OCCURRED for start in occurrences]
    return max([work.now + timedelta(days=settings().purge_days), *ends])


async def _place(gone: Sequence[Task], root_id: UUID) -> dict[str, Any]:
    """Where a restored task stands, if not where it stood: what is open cannot be a part of what is final meanwhile."""
    (root,) = (each for each in gone if each.id == root_id)
    parent = root.parent_id and await Task.filter(id=root.parent_id).select_for_update(no_key=True).first()
    if parent and parent.deletion_id:
        raise ParentDeleted(parent=f"T-{parent.number} {parent.title}")
    is_open = any(each.status not in FINAL for each in gone)
    return {"parent_id": None, "position": None} if parent and is_open and parent.status in FINAL else {}


async def _loosen(work: Work, keys: Sequence[UUID]) -> None:
    """Let nothing that stays point at what goes."""
    for column, verb in (("parent_id", "parent_purged"), ("follow_up_of_id", "origin_purged")):
        staying = Task.filter(**{f"{column}__in": keys}).exclude(id__in=keys)
        nothing: dict[str, Any] = {column: None}
        for each in await staying.order_by("id").select_for_update(no_key=True):
            await work.change(each, verb, **nothing)
