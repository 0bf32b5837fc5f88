"""A change of hands: the task has another holder, and a row says who had it, how it changed, and why."""

from uuid import UUID

from domain import participants
from domain.statements import Values
from domain.work import Also, Work
from models.tasks import Assignment, Handover, Task

CLOCK = """
update reminders set due_at = clock_timestamp()
where task_id = (select id from made) and recipient = 'ASSIGNEE' and status = 'PENDING' and due_at is not null
and (anchor = 'DUE' or days > 0 or working_days > 0 or local_time is not null)
"""
"""Who holds a task now is reminded by the clock where they are: the workers look at once when that is."""


async def hand(
    work: Work,
    task: Task,
    receiver_id: UUID | None,
    how: Handover,
    verb: str,
    *,
    reason: str | None = None,
    values: Values | None = None,
) -> None:
    """Change the holder, and keep a row of the change."""
    if receiver_id == task.assignee_id:
        return
    handed = {"assignee_id": receiver_id, "assigned_at": work.now if receiver_id else None}
    also = _assignment(work, task, receiver_id, how, reason)
    await work.change(task, verb, reason=reason, also=also, then=CLOCK, **handed, **values or {})
    await participants.tell(work, task, verb)


def _assignment(work: Work, task: Task, receiver_id: UUID | None, how: Handover, reason: str | None) -> Also:
    held = int((work.now - task.assigned_at).total_seconds()) if task.assigned_at else None
    people = {"sender_id": task.assignee_id, "receiver_id": receiver_id, "actor_id": work.by.id}
    return Assignment, [{"task_id": task.id, **people, "how": how, "reason": reason, "held_seconds": held}]
