"""Moving a task from step to step, as its workflow says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import awaiting, bulk, columns, follow_ups, participants, reminders, task_facts, task_tree, workflow
from domain.bulk import ErrorPolicy, Item, Outcomes
from domain.errors import refuse
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from domain.workflow import FINAL, Step, TaskFacts
from models.history import Event
from models.tasks import Task, TaskStatus

_VERBS: Mapping[str, str] = MappingProxyType(
    {
        Step.START: "started",
        Step.RELEASE: "released",
        Step.CLOSE: "closed",
        Step.COMPLETE: "completed",
        Step.CANCEL: "cancelled",
        Step.REJECT: "rejected",
    }
)
"""What the log says of a step; of another it says its name."""

_GOING_ON = frozenset({Step.START, Step.RELEASE, Step.REJECT})
"""Steps that end no task; after any other the parent may be finished too."""


async def start(task_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Say that work on a task has begun."""
    async with Work(by) as work:
        await _step(work, Step.START, task_id, version)


async def release(task_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Say that the work is done and a supervisor may close the task; this does not give the task back."""
    async with Work(by) as work:
        await _step(work, Step.RELEASE, task_id, version)


async def close(task_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Sign off a released task, which is final."""
    async with Work(by) as work:
        await _step(work, Step.CLOSE, task_id, version)


async def complete(task_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Finish a task that nobody need review, which is final."""
    async with Work(by) as work:
        await _step(work, Step.COMPLETE, task_id, version)


async def reject(task_id: UUID, *, reason: str, by: Principal, version: int | None = None) -> None:
    """Send a released task back to work, and say why."""
    async with Work(by) as work:
        await _step(work, Step.REJECT, task_id, version, reason)


async def step(
    task_id: UUID, name: str, *, reason: str | None = None, by: Principal, version: int | None = None
) -> None:
    """Take any step that the task's workflow has, by its name."""
    async with Work(by) as work:
        await _step(work, name, task_id, version, reason)


async def cancel(
    task_id: UUID, *, subtasks: bool = False, reason: str | None = None, by: Principal, version: int | None = None
) -> None:
    """Give a task up, and, when asked, all that is open below it; this is final.

    Either all of them are cancelled, or none is.
    """
    async with Work(by) as work:
        await (task_tree.alone(work) if subtasks else task_tree.finish(work, [task_id]))
        task = await work.load(Task, task_id, to="cancel", version=version)
        below = await task_tree.open_below(work, task) if subtasks else []
        moves = [(each, await task_facts.gather(work, each)) for each in (task, *below)]
        if subtasks:  # none of them is open below another when all are cancelled
            moves = [(each, replace(facts, open_subtasks=())) for each, facts in moves]
        refuse(error for _, facts in moves for error in workflow.refusals(Step.CANCEL, facts, by, reason))
        for each, facts in moves:
            await _move(work, each, Step.CANCEL, facts, reason)


async def step_all(
    name: str,
    items: Sequence[Item],
    *,
    reason: str | None = None,
    errors: ErrorPolicy,
    by: Principal,
    once: Once | None = None,
) -> Outcomes:
    """Take the same step with many tasks, for the same reason."""
    refuse(columns.faults(Event, {"reason": reason}))
    async with Work(by, once=once) as work:
        if name not in _GOING_ON:
            await task_tree.finish(work, [each.key for each in items])
        await task_tree.share(work)
        return await bulk.each(work, Task, items, partial(_take, work, name, reason), to="step", errors=errors)


async def _step(work: Work, name: str, task_id: UUID, version: int | None, reason: str | None = None) -> None:
    if name not in _GOING_ON:
        await task_tree.finish(work, [task_id])
    await _take(work, name, reason, await work.load(Task, task_id, to="step", version=version))


async def _take(work: Work, name: str, reason: str | None, task: Task) -> None:
    if task.finish_with_subtasks:  # so it may be with one that was before it in the same request
        await task.refresh_from_db()
    await _move(work, task, name, await task_facts.gather(work, task), reason)


async def _move(
    work: Work, task: Task, name: str, facts: TaskFacts, reason: str | None, *, by: Principal | None = None
) -> None:
    status = workflow.move(name, facts, by or work.by, reason=reason)
    if status is not task.status:
        values = _dates(work, task, status)
        await work.change(task, _VERBS.get(name, name.lower()), reason=reason, status=status, **values)
        await participants.tell(work, task, _VERBS.get(name, f"took the step {name} of"))
        if status in FINAL:
            await reminders.replan(work, task)
            await awaiting.wake(work, task)
            if status is not TaskStatus.CANCELLED:
                await follow_ups.spring(work, task)
            await _finish_parent(work, task)


async def _finish_parent(work: Work, task: Task) -> None:
    """Finish what is to finish with its subtasks once the last of them has, as far as its workflow has a step for it.

    The system takes the step, for the person who finished the subtask need have no right to it.
    """
    if parent := await task_tree.done_below(work, task):
        system, facts = Principal.system(work.by.workspace_id), await task_facts.gather(work, parent)
        steps = (step for step in (Step.COMPLETE, Step.RELEASE) if not workflow.check(step, facts, system))
        if step := next(steps, None):
            await _move(work, parent, step, facts, "All its subtasks are finished.", by=system)


def _dates(work: Work, task: Task, status: TaskStatus) -> dict[str, Any]:
    """What else a status says; a task that is sent back is as if it had not come further."""
    if status in FINAL:
        return {"finished_at": work.now, "finished_by_id": work.by.id}
    if status is TaskStatus.RELEASED:
        return {"released_at": work.now, "released_by_id": work.by.id}
    begun = None if status is TaskStatus.PENDING else task.started_at or work.now
    return {"started_at": begun, "released_at": None, "released_by_id": None}
