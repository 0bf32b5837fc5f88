"""How much people can take on, and how much each task counts."""

from collections.abc import Collection, Mapping
from typing import Any, TypedDict
from uuid import UUID

from domain.columns import camel
from domain.errors import DomainError, Forbidden, InvalidInput, refuse
from domain.loads import LOAD, WEIGHT, Room
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.tasks import Task, TaskType, TaskWeight

MOST = {"capacity": 10_000, "weight": 1_000}
LONGEST_WEEK = 10_080
_HOLD = "select from users where id = any($1) and capacity is not null order by id for no key update"
_LOCK = "select name, capacity from users where id = $1 for no key update"
_LOADED = (
    f"select {LOAD.replace('{user}', '$1::uuid')} as load, {WEIGHT} as weight from tasks t where t.id = $2".replace(
        "{t}", "t"
    )
)


async def hold(work: Work, people: Collection[UUID]) -> None:
    """Let nobody give these people anything meanwhile; in the order of their ids, so that no two wait crosswise."""
    await work.fetch(_HOLD, list(people))


async def room(work: Work, user_id: UUID, task: Task) -> Room | None:
    """How a locked task fits a person, who is held so that nobody gives them another one meanwhile.

    None for whoever has no capacity. What they carry is read once they are held: of two who wait for the same person,
    the second counts what the first one gave.
    """
    (person,) = await work.fetch(_LOCK, user_id)
    if person["capacity"] is None:
        return None
    (found,) = await work.fetch(_LOADED, user_id, task.id)
    return Room(**person, **found)


class Workload(TypedDict, total=False):
    """How much a person can take on; what is absent stays as it is."""

    capacity: int | None
    weekly_minutes: int


async def workload_update(user_id: UUID, patch: Workload, *, by: Principal, version: int | None = None) -> None:
    """Say how much a person in one's reach can take on; what they hold already stays theirs."""
    async with Work(by) as work:
        user = await work.load(User, user_id, to="user_workload_update", version=version, path=("userId",))
        if not (by.reaches_all or user.id in by.people):
            who = "the supervisors above them and admins"
            raise Forbidden(path=("userId",), action=f"say how much {user.name} can take on", who=who)
        refuse((*out_of_range({"capacity": patch.get("capacity")}), *_too_long(patch.get("weekly_minutes"))))
        await work.change(user, "workload_updated", **patch)


async def weigh(type: TaskType, weight: int, *, by: Principal) -> UUID:
    """Say how much each task of a type counts for whoever holds it; the id of what says so."""
    allow(by, "task_weight_set")
    refuse(out_of_range({"weight": weight}))
    async with Work(by) as work:
        await work.create_all(TaskWeight, [{"type": type, "weight": weight}], unless_there=True)
        found = await TaskWeight.get(workspace_id=by.workspace_id, type=type)
        (row,) = await work.lock(TaskWeight, [found.id])
        await work.change(row, "set", weight=weight)
        return row.id


def out_of_range(values: Mapping[str, Any]) -> list[DomainError]:
    """What is no capacity, or no weight."""
    wrong = [name for name, value in values.items() if value is not None and not 0 <= value <= MOST[name]]
    return [InvalidInput(path=(camel(name),), reason=f"it is not a number from 0 to {MOST[name]}") for name in wrong]


def _too_long(weekly_minutes: int | None) -> list[DomainError]:
    if weekly_minutes is None or 0 <= weekly_minutes <= LONGEST_WEEK:
        return []
    return [InvalidInput(path=("weeklyTime",), reason="it must be between nothing and 168 hours")]
