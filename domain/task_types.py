"""Task types of a workspace's own: what their tasks begin with, and what they must have."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain import capacity, checklists, columns, reminder_rules, reminders, workflows
from domain.conflicts import taken
from domain.errors import DomainError, DuplicateValue, InvalidInput, LimitExceeded, Required, refuse
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.reminder_rules import Wish
from domain.statements import Values
from domain.work import Work
from models.checklists import ChecklistItem
from models.task_types import CustomTaskType, RequiredField
from models.tasks import Priority, Task, TaskType

LONGEST_MINUTES = 525_600
_KEY = re.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_PATH = ("taskTypeId",)
_DEFAULTS = ("type", "priority", "expected_minutes")
"""What a task takes over from its type unless it says something else."""
_LISTS = frozenset({"required_fields", "checklist", "reminders"})


class Line(TypedDict):
    """A line of the checklist with which each task begins."""

    text: str
    required: bool


class Content(TypedDict, total=False):
    """What people say of a type; what is absent has its default, or stays as it is."""

    name: str
    type: TaskType
    priority: Priority | None
    expected_minutes: int | None
    workflow: str | None
    weight: int | None
    required_fields: Sequence[RequiredField]
    checklist: Sequence[Line]
    reminders: Sequence[Wish]


async def create(key: str, *, by: Principal, once: Once | None = None, **content: Unpack[Content]) -> UUID:
    """Add a type beside the built-in ones, under a key that stays."""
    allow(by, "task_type_create")
    values: Values = {"key": key, "name": None, "required_fields": (), "checklist": (), "reminders": (), **content}
    refuse((*_of_key(key), *_wrong(values)))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        await _offered(work, values)
        with taken("custom_task_types_key_once", DuplicateValue(path=("key",), field="The key", value=key)):
            made = await work.create(CustomTaskType, **_stored(values))
        return await work.answers(made.id)


async def update(type_id: UUID, patch: Content, *, by: Principal, version: int | None = None) -> None:
    """Change what new tasks of a type begin with; those that are there stay as they are."""
    async with Work(by) as work:
        await _offered(work, patch)
        row = await work.load(CustomTaskType, type_id, to="task_type_update", version=version, path=_PATH)
        refuse(_wrong(patch))
        await work.change(row, "updated", **_stored(patch))


async def archive(type_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Let no new task be of a type any more; an archived type stays archived."""
    async with Work(by) as work:
        row = await work.load(CustomTaskType, type_id, to="task_type_archive", version=version, path=_PATH)
        if row.archived_at is None:
            await work.change(row, "archived", archived_at=work.now)


# What tasks have of their type


async def chosen(work: Work, type_id: UUID | None, *, inside: tuple[str, ...] = ()) -> CustomTaskType | None:
    """The type that a task is to have."""
    if type_id is None:
        return None
    path = (*inside, "customTypeId")
    kind = await work.see(CustomTaskType, type_id, path=path)
    if kind.archived_at is not None:
        raise InvalidInput(path=path, reason=f"{kind.name} is archived")
    return kind


async def going_on(work: Work, ids: set[UUID]) -> dict[UUID, CustomTaskType]:
    """Those of the types that new tasks may still be of, by id."""
    return {kind.id: kind for kind in await work.see_all(CustomTaskType, ids) if kind.archived_at is None}


def begun(kind: CustomTaskType | None, values: Values) -> Values:
    """A new task's values, with its type's where it says nothing else."""
    usual = {name: getattr(kind, name) for name in _DEFAULTS if kind is not None}
    return {name: value for name, value in usual.items() if value is not None} | dict(values)


def lacking(kind: CustomTaskType | None, values: Values, *, inside: tuple[str, ...] = ()) -> Iterator[DomainError]:
    """What the type requires and these values of a task lack."""
    for each in () if kind is None else kind.required_fields:
        column = RequiredField[each]
        if values.get(column) is None:
            yield Required(path=(*inside, columns.spelled(column)), field=each.replace("_", " ").capitalize())


async def lost(work: Work, task: Task, patch: Values) -> list[DomainError]:
    """What the type of a task requires and a change takes away; if it gets another type, all that it lacks then."""
    if "custom_type_id" in patch:
        after: Values = {str(column): patch.get(column, getattr(task, column)) for column in RequiredField}
        return list(lacking(await chosen(work, patch["custom_type_id"]), after))
    kept: Values = {str(column): True for column in RequiredField if patch.get(column, column) is not None}
    if task.custom_type_id is None or len(kept) == len(RequiredField):
        return []
    return list(lacking(await work.see(CustomTaskType, task.custom_type_id), kept))


async def equip(work: Work, kind: CustomTaskType | None, task: Task) -> None:
    """Give a new task the checklist and the reminders of its type."""
    if kind is None:
        return
    lines = [{**line, "task_id": task.id, "position": n} for n, line in enumerate(kind.checklist, 1)]
    await work.create_all(ChecklistItem, lines)
    if kind.reminders:
        await reminders.begin(work, [task], kind.reminders, task.creator_id)


# What may be said of a type


async def _offered(work: Work, values: Mapping[str, Any]) -> None:
    """The workflow is one that new tasks can get, and nobody retires it meanwhile."""
    if values.get("workflow"):
        await workflows.default(work)
        await workflows.offered(work, values["workflow"])


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns hold them: required fields by their names, once, in the order of their enum."""
    found = dict(values)
    if "required_fields" in found:
        found["required_fields"] = [each.name for each in RequiredField if each in found["required_fields"]]
    if "checklist" in found:
        found["checklist"] = [dict(line) for line in found["checklist"]]
    if "reminders" in found:
        found["reminders"] = [reminder_rules.stored(each) for each in found["reminders"]]
    return found


def _of_key(key: str) -> Iterator[DomainError]:
    if key in TaskType.__members__:
        yield DuplicateValue(path=("key",), field="The key", value=key)
    elif not _KEY.fullmatch(key):
        yield InvalidInput(path=("key",), reason="a key is of capital letters, digits and single _, as in SITE_SURVEY")


def _wrong(values: Mapping[str, Any]) -> Iterator[DomainError]:
    lines = values.get("checklist") or ()
    said = {name: value for name, value in values.items() if name not in _LISTS}
    yield from columns.faults(CustomTaskType, said)
    yield from capacity.out_of_range({"weight": values.get("weight")})
    if not 0 <= (values.get("expected_minutes") or 0) <= LONGEST_MINUTES:
        yield InvalidInput(path=("expectedDuration",), reason="it must be between nothing and 365 days")
    if len(lines) > checklists.MOST:
        what, actual = "The lines of a checklist", len(lines)
        yield LimitExceeded(path=("checklist",), what=what, limit=checklists.MOST, actual=actual)
    yield from reminder_rules.wrong_wishes(values.get("reminders") or ())
    for place, line in enumerate(lines):
        yield from columns.faults(ChecklistItem, line, inside=("checklist", str(place)))
