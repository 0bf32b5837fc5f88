"""Who holds a task: claiming it, giving it back, handing it to somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from domain import bulk, capacity, columns, queue_claims, task_facts, task_rules, workflow
from domain.bulk import ErrorPolicy, Item, Outcomes
from domain.conflicts import again
from domain.errors import Forbidden, InvalidInput, NothingToClaim, refuse
from domain.handover import hand
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.statements import Values
from domain.work import Work
from domain.workflow import Step
from domain.workflow_tables import BUILT_IN
from models.accounts import Team, User
from models.history import Event
from models.tasks import Handover, Task, TaskStatus


@again
async def claim(task_id: UUID, *, start: bool = False, by: Principal, version: int | None = None) -> None:
    """Take an unassigned task, so that nobody else works on it, and start it when asked.

    Claiming what one already holds changes nothing.
    """
    allow(by, "claim")
    async with Work(by, swift=by.capacity is None) as work:
        if by.id and by.capacity is None and not start and await queue_claims.take_one(work, task_id, version):
            return
        task = await work.load(Task, task_id, to="claim", version=version)
        await _take(work, task, start)


@again
async def claim_next(team_id: UUID, *, start: bool = False, by: Principal, once: Once | None = None) -> UUID:
    """Take the task of a team's queue that matters most: by its priority, then its day, then its age.

    Whoever asks at the same time gets another one, and nobody waits for anybody.
    """
    allow(by, "claim")
    swift = by.id is not None and by.capacity is None and not (start or once)
    async with Work(by, once=once, swift=swift) as work:
        if work.answer:
            return work.answer
        await _queue(work, team_id)
        if swift and (key := await queue_claims.take_next(work, team_id)):
            return key
        if (task := await work.first(Task, queue_claims.NEXT, by.workspace_id, team_id)) is None:
            raise NothingToClaim
        await _take(work, task, start)
        return await work.answers(task.id)


@again
async def unclaim(task_id: UUID, *, reason: str | None = None, by: Principal, version: int | None = None) -> None:
    """Give a task back to its team, or to everybody when it has none; where it is in its life it stays."""
    async with Work(by, swift=True) as work:
        task = await work.load(Task, task_id, to="unclaim", version=version)
        refuse(task_rules.unclaim(await _facts(work, task), by))
        await hand(work, task, None, Handover.UNCLAIMED, "unclaimed", reason=reason)


async def assign(
    task_id: UUID,
    user_id: UUID | None,
    *,
    reason: str | None = None,
    force: bool = False,
    by: Principal,
    version: int | None = None,
) -> None:
    """Hand a task to a person who can take it on, by force to one who cannot, or to nobody."""
    async with Work(by) as work:
        task = await work.load(Task, task_id, to="assign", version=version)
        await _assign(work, task, user_id, reason, force)


async def assign_all(
    items: Sequence[Item],
    receivers: Mapping[UUID, UUID | None],
    *,
    reason: str | None = None,
    force: bool = False,
    errors: ErrorPolicy,
    by: Principal,
    once: Once | None,
) -> Outcomes:
    """Hand many tasks on, each to its receiver or to nobody, for the same reason."""
    refuse(columns.faults(Event, {"reason": reason}))
    people = {each for each in receivers.values() if each is not None}

    async def give(task: Task) -> None:
        await capacity.hold(work, people)
        await _assign(work, task, receivers[task.id], reason, force)

    async with Work(by, once=once) as work:
        return await bulk.each(work, Task, items, give, to="assign", errors=errors)


async def _assign(work: Work, task: Task, user_id: UUID | None, reason: str | None, force: bool) -> None:
    refuse(task_rules.assign(await _facts(work, task), work.by))
    if user_id is not None and user_id != task.assignee_id:
        await _receive(work, user_id, task, force)
    await hand(work, task, user_id, Handover.ASSIGNED, "assigned", reason=reason)


async def _receive(work: Work, user_id: UUID, task: Task, force: bool) -> None:
    """A person who is to hold a task works here, and, unless forced, can take it on."""
    user = await work.see(User, user_id, path=("assigneeId",))
    if not user.active:
        raise InvalidInput(path=("assigneeId",), reason=f"{user.name} is not active")
    if not force and (room := await capacity.room(work, user_id, task)):
        refuse(room.lacks("assigneeId"))


async def _queue(work: Work, team_id: UUID) -> None:
    """Whoever acts claims from the queue of this team."""
    if team_id not in work.by.teams | work.by.reach:
        await work.see(Team, team_id, path=("teamId",))
        if not work.by.reaches_all:
            raise Forbidden(path=("teamId",), action="claim from this queue", who=task_rules.CLAIMANTS)


async def _take(work: Work, task: Task, start: bool) -> None:
    """Make whoever acts hold a locked task, and start it when asked."""
    facts = await _facts(work, task)
    if work.by.id and work.by.capacity is not None and task.assignee_id is None:
        facts = replace(facts, room=await capacity.room(work, work.by.id, task))
    refuse(task_rules.claim(facts, work.by))
    if start:
        refuse(workflow.check(Step.START, replace(facts, assignee_id=work.by.id), work.by))
    values: Values = {}
    if start and task.status is TaskStatus.PENDING:
        values = {"status": TaskStatus.IN_PROGRESS, "started_at": work.now}
    if facts.assignee_id is None:
        await hand(work, task, work.by.id, Handover.CLAIMED, "claimed", values=values)
    else:
        await work.change(task, "started", **values)


async def _facts(work: Work, task: Task) -> workflow.TaskFacts:
    """The facts of ownership, which ask the database only for another holder's name and for a published workflow."""
    if task.workflow in BUILT_IN and (task.assignee_id is None or work.by.is_one_of(task.assignee_id)):
        return task_facts.of_row(task, work.by)
    return await task_facts.gather(work, task)
