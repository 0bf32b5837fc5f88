"""Indicators of tasks: which are to be captured on a task, and the value that each has."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypedDict
from uuid import UUID

from domain import carrying, task_parts
from domain.columns import faults
from domain.errors import DomainError, InvalidInput, LimitExceeded, Required, refuse
from domain.money import Money
from domain.once import Once
from domain.principal import Principal
from domain.work import Work
from models.indicators import AssessmentIndicator, IndicatorKind, TaskIndicator
from models.tasks import Task

PART = "indicators"
MOST = 50
"""Indicators of one task."""
VALUES: Mapping[IndicatorKind, str] = MappingProxyType(
    {
        IndicatorKind.NUMBER: "number",
        IndicatorKind.MONEY: "number",
        IndicatorKind.PERCENT: "number",
        IndicatorKind.TEXT: "text",
        IndicatorKind.BOOLEAN: "yes",
        IndicatorKind.CHOICE: "choice",
    }
)
"""The column of each kind of value."""
_COUNT = "select count(*) as indicators from task_indicators where task_id = $1"
_DELETE = "delete from task_indicators where id = $1"


class Value(TypedDict, total=False):
    """A value: exactly one of these, as the indicator's kind wants it."""

    number: Decimal
    text: str
    yes: bool
    choice: str


async def add(
    task_id: UUID, indicator_id: UUID, *, required: bool = False, by: Principal, once: Once | None = None
) -> UUID:
    """Have an indicator captured on a task; one that is there already is required from now on, or is not any more."""
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        task = await task_parts.opened(work, task_id, PART)
        path = ("assessmentIndicatorId",)
        indicator = await work.see(AssessmentIndicator, indicator_id, path=path)
        told = {"indicator": [None, indicator.id], "required": [None, required]}
        row = await TaskIndicator.filter(task_id=task.id, indicator_id=indicator.id).select_for_update().first()
        if row is None:
            refuse(await _no_room(work, task, indicator))
            row = await work.create(TaskIndicator, task_id=task.id, indicator_id=indicator.id, required=required)
            await work.record(task, "indicator_added", told)
        elif await work.change(row, "updated", required=required):
            told = {"indicator": [indicator.id, indicator.id], "required": [not required, required]}
            await work.record(task, "indicator_changed", told)
        return await work.answers(row.id)


async def capture(task_indicator_id: UUID, value: Value, *, by: Principal, version: int | None = None) -> None:
    """Say what an indicator's value on a task is, or what it is after all; the same value again changes nothing."""
    async with Work(by) as work:
        task, row = await _load(work, task_indicator_id, version)
        indicator = await work.see(AssessmentIndicator, row.indicator_id)
        refuse(_unfit(indicator, value))
        ((name, after),) = value.items()
        if (before := getattr(row, name)) != after:
            await work.change(row, "captured", captured_at=work.now, captured_by_id=by.id, **value)
            told = {"indicator": [indicator.id, indicator.id], "value": [before, after]}
            await work.record(task, "indicator_captured", told)


async def remove(task_indicator_id: UUID, *, by: Principal, version: int | None = None) -> UUID:
    """Have an indicator captured on a task no longer; its value goes with it. The id of the task."""
    async with Work(by) as work:
        task, row = await _load(work, task_indicator_id, version)
        await work.fetch(_DELETE, row.id)
        value = next((v for name in VALUES.values() if (v := getattr(row, name)) is not None), None)
        told = {"indicator": [row.indicator_id, None]} | ({} if value is None else {"value": [value, None]})
        await work.record(task, "indicator_removed", told)
        return task.id


async def carry(work: Work, origins: Mapping[UUID, UUID]) -> None:
    """Give new tasks the indicators of those that they come from, without values, but for archived ones."""
    current = {"indicator__archived_at__isnull": True}
    await carrying.carry(work, TaskIndicator, origins, ("indicator_id", "required"), **current)


async def _no_room(work: Work, task: Task, indicator: AssessmentIndicator) -> list[DomainError]:
    """Why a task cannot have one more indicator, this one."""
    found: list[DomainError] = []
    if indicator.archived_at is not None:
        found.append(InvalidInput(path=("assessmentIndicatorId",), reason=f"{indicator.name} is archived"))
    (there,) = await work.fetch(_COUNT, task.id)
    if there["indicators"] >= MOST:
        found.append(LimitExceeded(path=("taskId",), what="The indicators of a task", limit=MOST, actual=MOST + 1))
    return found


def _unfit(indicator: AssessmentIndicator, value: Value) -> Iterator[DomainError]:
    """What is wrong with a value of an indicator."""
    name = VALUES[indicator.kind]
    if set(value) != {name}:
        yield InvalidInput(path=(name,), reason=f"{indicator.name} takes {name}, and nothing else")
        return
    ((_, told),) = value.items()
    if told is None or not str(told).strip():
        yield Required(path=(name,), field="A value")
        return
    yield from faults(TaskIndicator, value)
    if name == "choice" and told not in indicator.choices:
        yield InvalidInput(path=("choice",), reason=f"choose among {', '.join(indicator.choices)}")
    if indicator.kind is IndicatorKind.MONEY:
        try:
            Money(value["number"], indicator.unit or "")
        except InvalidInput as error:
            yield InvalidInput(path=("number",), **error.facts)


async def _load(work: Work, key: UUID, version: int | None) -> tuple[Task, TaskIndicator]:
    return await task_parts.opened_with(work, TaskIndicator, key, PART, version=version, path="taskIndicatorId")
