"""What follows when a task or a visit is done, as rules say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import columns, links, task_types, tasks
from domain.errors import DomainError, InvalidInput, LimitExceeded, Required, refuse
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.customers import Customer
from models.follow_ups import FollowUpHolder, FollowUpItem, FollowUpRule, FollowUpTrigger
from models.links import LinkKind, TaskLink
from models.task_types import CustomTaskType
from models.tasks import Priority, Task, TaskType
from models.visits import Visit

MOST = 20
"""Tasks that one rule makes."""
LATEST = 3650
_ITEMS = """
select i.id, i.title, i.type, i.custom_type_id, i.priority, i.description, i.holder, r.creator_id,
    (clock_timestamp() at time zone w.time_zone)::date + i.after_days as due_on
from follow_up_rules r join follow_up_items i on i.follow_up_rule_id = r.id join workspaces w on w.id = r.workspace_id
where r.workspace_id = $1 and r.trigger = $2 and r.ended_at is null
    and (r.task_type is null or r.task_type = $3) and (r.custom_type_id is null or r.custom_type_id = $4)
order by r.id, i.place
"""
_USUAL = {"type": TaskType.FOLLOW_UP, "priority": Priority.MEDIUM, "custom_type_id": None, "description": None}
_SAME = ("title", "type", "priority", "description", "due_on", "creator_id")


class Item(TypedDict):
    """One task that a rule makes: so many days after, for whoever held or created what was done, or for its team.

    Type and priority are those of its custom type, or else usual ones, unless they are said.
    """

    title: str
    type: TaskType | None
    custom_type_id: NotRequired[UUID | None]
    priority: Priority | None
    description: str | None
    after_days: int
    holder: FollowUpHolder


class About(TypedDict):
    """What a rule is for: every visit, or every task, perhaps of one type."""

    name: str
    trigger: FollowUpTrigger
    task_type: NotRequired[TaskType | None]
    custom_type_id: NotRequired[UUID | None]


async def rule_create(about: About, items: Sequence[Item], *, by: Principal, once: Once | None = None) -> UUID:
    """Let tasks follow whenever a task or a visit is done from now on."""
    allow(by, "follow_up_rule_create")
    refuse(_wrong(about, items))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await task_types.chosen(work, about.get("custom_type_id"))
        begun = await _begun(work, items)
        rule = await work.create(FollowUpRule, **about, creator_id=by.id)
        rows = [{**item, "id": uuid7(), "follow_up_rule_id": rule.id, "place": n} for n, item in enumerate(begun, 1)]
        await work.create_all(FollowUpItem, rows)
        return await work.answers(rule.id)


async def rule_end(rule_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Let nothing follow by a rule any more; what has followed stays, and an ended rule stays ended."""
    async with Work(by) as work:
        path = ("followUpRuleId",)
        rule = await work.load(FollowUpRule, rule_id, to="follow_up_rule_end", version=version, path=path)
        if rule.ended_at is None:
            await work.change(rule, "ended", ended_at=work.now)


async def spring(work: Work, origin: Task | Visit) -> None:
    """Make what follows a locked task or visit that has just been done; a unique key keeps each from coming twice."""
    of_task = isinstance(origin, Task)
    about = (origin.type, origin.custom_type_id) if isinstance(origin, Task) else (None, None)
    trigger = FollowUpTrigger.TASK if of_task else FollowUpTrigger.VISIT
    items = await work.fetch(_ITEMS, origin.workspace_id, trigger, *about)
    if not items:
        return
    kinds = await task_types.going_on(work, {key for item in items if (key := item["custom_type_id"])})
    people = await User.filter(id__in=[each for each in (origin.assignee_id, origin.creator_id) if each], active=True)
    active = {person.id for person in people}
    more = {"follow_up_of_id" if of_task else "follow_up_visit_id": origin.id, "team_id": origin.team_id}
    made = await tasks.add(work, [_task(item, origin, active, kinds) | more for item in items], unless_there=True)
    for task in made:
        await task_types.equip(work, kinds[task.custom_type_id] if task.custom_type_id else None, task)
    if isinstance(origin, Task):
        await links.carry(work, {task.id: origin.id for task in made})
    else:
        kind = LinkKind((await Customer.get(id=origin.customer_id)).kind)
        await work.create_all(TaskLink, [_link(task, kind, origin) for task in made])


async def _begun(work: Work, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The items with what their types have for them, which may require nothing that an item cannot give."""
    begun: list[dict[str, Any]] = []
    wrong: list[DomainError] = []
    for place, item in enumerate(items):
        inside = ("items", str(place))
        kind = await task_types.chosen(work, item.get("custom_type_id"), inside=inside)
        said = task_types.begun(kind, {name: value for name, value in item.items() if value is not None})
        wrong += task_types.lacking(kind, {**said, "due_on": True}, inside=inside)
        begun.append(_USUAL | {name: value for name, value in said.items() if name != "expected_minutes"})
    refuse(wrong)
    return begun


def _task(
    item: Mapping[str, Any],
    origin: Task | Visit,
    active: set[UUID],
    kinds: Mapping[UUID, CustomTaskType],
) -> dict[str, Any]:
    """The new task: for somebody who is no longer active it waits to be claimed, of an archived type it has none."""
    kind = kinds.get(item["custom_type_id"])
    holders = {FollowUpHolder.ASSIGNEE: origin.assignee_id, FollowUpHolder.CREATOR: origin.creator_id}
    holder = holders.get(FollowUpHolder(item["holder"]))
    row = {name: item[name] for name in _SAME}
    row |= {"custom_type_id": kind and kind.id, "workflow": kind and kind.workflow}
    row["expected_minutes"] = kind and kind.expected_minutes
    return row | {"follow_up_item_id": item["id"], "assignee_id": holder if holder in active else None}


def _link(task: Task, kind: LinkKind, visit: Visit) -> dict[str, Any]:
    return {"task_id": task.id, "kind": kind, "customer_id": visit.customer_id, "is_primary": True}


def _wrong(about: About, items: Sequence[Item]) -> Iterator[DomainError]:
    yield from columns.faults(FollowUpRule, about)
    for name in ("task_type", "custom_type_id"):
        if about.get(name) and about["trigger"] is not FollowUpTrigger.TASK:
            yield InvalidInput(path=(columns.camel(name),), reason="only a task has one")
    if not items:
        yield Required(path=("items",), field="A task that follows")
    if len(items) > MOST:
        yield LimitExceeded(path=("items",), what="The tasks of one rule", limit=MOST, actual=len(items))
    for place, item in enumerate(items):
        texts = {name: item[name] for name in ("title", "description")}
        yield from columns.faults(FollowUpItem, texts, inside=("items", str(place)))
        if not 0 <= item["after_days"] <= LATEST:
            yield InvalidInput(path=("items", str(place), "afterDays"), reason=f"it must be from 0 to {LATEST}")
