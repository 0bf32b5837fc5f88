"""Making and editing tasks."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import distribution, links, people, reminders, task_facts, task_rules, task_tree, task_types, workflows
from domain.alike import Alike
from domain.columns import faults
from domain.errors import DomainError, InvalidInput, refuse
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.statements import Values
from domain.work import Work
from models.accounts import Team
from models.tasks import Assignment, Handover, Priority, ProgressBy, Task, TaskType
from models.visits import Visit

LONGEST_MINUTES = 525_600
HEAVIEST = 1000
_COUNT = """
update workspaces set last_task_number = last_task_number + $2 where id = $1
returning last_task_number as last, workflow, clock_timestamp() as as_of
"""


class Content(TypedDict, total=False):
    """What people write into a task; what is absent has its default, or stays as it is."""

    title: str
    type: TaskType
    custom_type_id: UUID | None
    priority: Priority
    due_on: date | None
    scheduled_at: datetime | None
    expected_minutes: int | None
    description: str | None
    purpose: str | None
    outcome: str | None
    place: str | None
    billable: bool
    team_id: UUID | None
    parent_id: UUID | None
    progress_weight: int
    progress_by: ProgressBy
    finish_with_subtasks: bool
    visit_id: UUID | None


async def create(
    *,
    assignee_id: UUID | None = None,
    flow: str | None = None,
    follows: UUID | None = None,
    by: Principal,
    once: Once | None = None,
    **content: Unpack[Content],
) -> UUID:
    """Make a task, for oneself, for a person in one's reach, or for whoever claims it.

    It keeps for ever to the present version of its workflow, which is its type's or the workspace's unless another is
    named. One that follows another is about the same records, and in the same team unless another is named.
    """
    allow(by, "create")
    values: dict[str, Any] = {"title": None, **content, "assignee_id": assignee_id, "creator_id": by.id}
    if values.get("custom_type_id") is None:  # whose requirements are told together with what is wrong here
        refuse(_wrong(values))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        task = await _make(work, values, flow, follows)
        if follows:
            await links.carry(work, {task.id: follows})
        return await work.answers(task.id)


async def update(task_id: UUID, patch: Content, *, by: Principal, version: int | None = None) -> None:
    """Change the content of a task, as far as its workflow lets this person."""
    async with Work(by) as work:
        if "parent_id" in patch:
            await task_tree.alone(work)
        await edit(work, await work.load(Task, task_id, to="edit", version=version), patch)


async def edit(work: Work, task: Task, patch: Values) -> None:
    """Change the content of a locked task, if whoever acts may."""
    values: dict[str, Any] = {name: value for name, value in patch.items() if getattr(task, name) != value}
    if not values:
        return
    facts = await task_facts.gather(work, task)
    lost = await task_types.lost(work, task, values)
    refuse((*task_rules.edit(facts, work.by, values.keys()), *_wrong(values), *lost))
    await _refer(work, values)
    if "parent_id" in values:
        values["position"] = await task_tree.move(work, task, values["parent_id"])
    await work.change(task, "updated", **values)
    if values.keys() & {"due_on", "scheduled_at"}:
        await reminders.replan(work, task)


async def add(work: Work, rows: Sequence[Values], *, unless_there: bool = False) -> list[Task]:
    """Number and store tasks, which all have the same columns; rows that a unique key forbids may be left out."""
    given, held = await _numbered(work, rows)
    return await work.create_all(Task, given, also=(Assignment, held), unless_there=unless_there)


async def copy(work: Work, rows: Sequence[Alike]) -> None:
    """Number and store tasks by the thousand; those of one series, say, are alike.

    They have ids, and numbers that count from nothing.
    """
    first, pinned = await _begun(work, sum(each.size for each in rows), [each.same for each in rows])
    given = [
        Alike({**each.same, **more}, {**each.own, "number": [first + n for n in each.own["number"]]})
        for each, more in zip(rows, pinned, strict=True)
    ]
    await work.copy(Task, given)
    held = [each for each in given if each.same["assignee_id"]]
    await work.copy(Assignment, [Alike(_received(work, each.same), {"task_id": each.own["id"]}) for each in held])


async def _numbered(work: Work, rows: Sequence[Values]) -> tuple[list[Values], list[Values]]:
    """New tasks with their numbers, and who got them."""
    first, pinned = await _begun(work, len(rows), rows)
    given: list[Values] = [
        {"id": uuid7(), **row, **more, "number": number}
        for number, (row, more) in enumerate(zip(rows, pinned, strict=True), first)
    ]
    return given, [{**_received(work, row), "task_id": row["id"]} for row in given if row.get("assignee_id")]


async def _begun(work: Work, number: int, rows: Sequence[Values]) -> tuple[int, list[Values]]:
    """The first of so many numbers, and what new tasks, or those that are alike, begin with beside them.

    One that names no workflow gets the workspace's; each keeps the present version. The queues that they wait in are
    tended soon.
    """
    (counted,) = await work.fetch(_COUNT, work.by.workspace_id, number)
    work.now = counted["as_of"]
    named = [row.get("workflow") or counted["workflow"] for row in rows]
    pinned = {name: await workflows.offered(work, name) for name in sorted(set(named))}
    await distribution.wake(work, rows)
    return counted["last"] - number + 1, [
        {
            "workflow": flow,
            "workflow_version": pinned[flow].version,
            "assigned_at": work.now if row.get("assignee_id") else None,
        }
        for row, flow in zip(rows, named, strict=True)
    ]


async def _make(work: Work, values: Values, flow: str | None, follows: UUID | None) -> Task:
    """Store a new task, with what its type has for it."""
    kind = await task_types.chosen(work, values.get("custom_type_id"))
    placed = await _placed(work, task_types.begun(kind, values), follows)
    if kind is not None:
        refuse((*_wrong(placed), *task_types.lacking(kind, placed)))
    (task,) = await add(work, [{**placed, "workflow": flow or (kind and kind.workflow)}])
    await task_types.equip(work, kind, task)
    return task


def _received(work: Work, row: Values) -> Values:
    return {"receiver_id": row["assignee_id"], "how": Handover.CREATED, "actor_id": work.by.id}


async def _placed(work: Work, values: Values, follows: UUID | None) -> Values:
    """A new task's values once all that it refers to is seen; it is in the team of the task that it follows."""
    await _refer(work, values)
    if values["assignee_id"] is not None:
        await people.chosen(work, values["assignee_id"], "give a task to", path=("assigneeId",))
    if values.get("parent_id"):
        await task_tree.place_new(work, values["parent_id"])
    if follows is None:
        return values
    origin = await work.see(Task, follows, path=("taskId",))
    return {"team_id": origin.team_id, **values, "follow_up_of_id": origin.id}


async def _refer(work: Work, values: Values) -> None:
    """Whoever acts sees the team and the visit that the task is to belong to."""
    if values.get("team_id"):
        await work.see(Team, values["team_id"], path=("teamId",))
    if values.get("visit_id"):
        await work.see(Visit, values["visit_id"], path=("visitId",))


def _wrong(values: Values) -> Iterator[DomainError]:
    yield from faults(Task, values)
    if not 0 <= (values.get("expected_minutes") or 0) <= LONGEST_MINUTES:
        yield InvalidInput(path=("expectedDuration",), reason="it must be between nothing and 365 days")
    weight = values.get("progress_weight")
    if weight is not None and not 1 <= weight <= HEAVIEST:
        yield InvalidInput(path=("progressWeight",), reason=f"it must be from 1 to {HEAVIEST}")
