"""Who takes part in a task beside the one who holds it, and telling them what becomes of it."""

from collections.abc import Iterator
from types import MappingProxyType
from uuid import UUID

from domain import notifications, people, task_facts
from domain.errors import DomainError, Forbidden, InvalidInput, LimitExceeded, TaskFinal, refuse
from domain.principal import Principal
from domain.relations import Relation, stands, words
from domain.work import Work
from domain.workflow import FINAL
from models.accounts import User
from models.notifications import NotificationKind
from models.participants import Participant, Participation
from models.tasks import Task

MOST = 50
OWNERS = (Relation.ASSIGNEE, Relation.CREATOR, Relation.REACH)
"""Who says who collaborates."""
_PATH = ("userId",)
_SAID = MappingProxyType({"unclaimed": "gave back", "lease_expired": "took back"})
_WATCHED = "update tasks set watched = exists (select from participants where task_id = $1) where id = $1"


async def collaborate(task_id: UUID, user_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Have a person see a task and work on it beside its holder; who watched it does this from then on."""
    async with Work(by) as work:
        task = await work.load(Task, task_id, to="participate", version=version, path=("taskId",))
        refuse(_not_owned(task, by))
        user = await work.see(User, user_id, path=_PATH)
        refuse(() if user.active else (InvalidInput(path=_PATH, reason=f"{user.name} is not active"),))
        await _add(work, task, user, Participation.COLLABORATOR)


async def watch(task_id: UUID, user_id: UUID | None = None, *, by: Principal, version: int | None = None) -> None:
    """Have oneself, or somebody in one's reach, told what becomes of a task that they see."""
    async with Work(by) as work:
        task = await work.load(Task, task_id, to="participate", version=version, path=("taskId",))
        user = await people.chosen(work, user_id, "have this task watched by", path=_PATH)
        if not await people.sees(work, user.id, task):
            raise InvalidInput(path=_PATH, reason=f"{user.name} does not see this task")
        await _add(work, task, user, Participation.WATCHER)


async def leave(
    task_id: UUID, part: Participation, user_id: UUID | None = None, *, by: Principal, version: int | None = None
) -> None:
    """End a person's part in a task, one's own unless somebody is named; when they have none, nothing changes."""
    async with Work(by) as work:
        task = await work.load(Task, task_id, to="participate", version=version, path=("taskId",))
        whom = (await work.see(User, user_id, path=_PATH)).id if user_id else by.id
        row = await Participant.get_or_none(task_id=task_id, user_id=whom, part=part)
        if row is None:
            return
        refuse(() if by.is_one_of(whom) else _not_owned(task, by))
        await row.delete()
        await work.fetch(_WATCHED, task_id)
        await work.record(task, f"{part.lower()}_removed", {part.lower(): [whom, None]})


async def tell(work: Work, task: Task, verb: str) -> None:
    """Put what was just done with a task into the inboxes of those who take part in it, but for whoever did it."""
    if not task.watched:
        return
    told = f"{work.by.name} {_SAID.get(verb, verb)} T-{task.number} {task.title}."
    note = {"task_id": task.id, "moment": work.now, "message": told}
    others = await Participant.filter(task_id=task.id).exclude(user_id=work.by.id)
    rows = [{**note, "user_id": row.user_id} for row in others if await people.sees(work, row.user_id, task)]
    await notifications.tell(work, NotificationKind.UPDATE, rows)


async def _add(work: Work, task: Task, user: User, part: Participation) -> None:
    """Give a person this part in a locked task, unless they have it or a greater one."""
    known = {row.user_id: row for row in await Participant.filter(task_id=task.id)}
    row = known.get(user.id)
    if row and row.part in {part, Participation.COLLABORATOR}:
        return
    refuse(_wrong(task, len(known) + (row is None)))
    if row:
        await work.change(row, "changed", part=part)
    else:
        await work.create(Participant, task_id=task.id, user_id=user.id, part=part)
    await work.fetch(_WATCHED, task.id)
    await work.record(task, f"{part.lower()}_added", {part.lower(): [None, user.id]})


def _not_owned(task: Task, by: Principal) -> Iterator[DomainError]:
    if not stands(OWNERS, task_facts.of_row(task, by), by):
        yield Forbidden(action="say who collaborates on this task", who=words(OWNERS))


def _wrong(task: Task, number: int) -> Iterator[DomainError]:
    if task.status in FINAL:
        yield TaskFinal(status=task.status)
    if number > MOST:
        yield LimitExceeded(what="The number of people who take part in a task", limit=MOST, actual=number)
