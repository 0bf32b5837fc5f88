"""Assessment indicators: what a workspace wants to know of its work, and how values of each compare."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from domain import columns
from domain.conflicts import taken
from domain.errors import DomainError, DuplicateValue, InvalidInput, LimitExceeded, Required, refuse
from domain.money import minor_digits
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.indicators import AssessmentIndicator, IndicatorDirection, IndicatorKind, TaskIndicator

MOST = 50
"""Choices of one indicator."""
NUMERIC = frozenset({IndicatorKind.NUMBER, IndicatorKind.MONEY, IndicatorKind.PERCENT})
_MEASURED = frozenset({IndicatorKind.NUMBER, IndicatorKind.MONEY})
_PATH = ("assessmentIndicatorId",)


class Content(TypedDict, total=False):
    """What people say of an indicator; what is absent is none, or stays as it is."""

    name: str
    choices: Sequence[str]
    direction: IndicatorDirection | None
    tolerance: Decimal | None


async def create(
    kind: IndicatorKind,
    *,
    unit: str | None = None,
    by: Principal,
    once: Once | None = None,
    **content: Unpack[Content],
) -> UUID:
    """Add an indicator, whose kind and unit stay, so that its values can be compared for ever."""
    allow(by, "indicator_set_up")
    values: dict[str, Any] = {"name": None, "choices": [], **content, "unit": unit}
    refuse((*_of_unit(kind, unit), *_wrong(kind, values)))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        with _named(values):
            return await work.answers((await work.create(AssessmentIndicator, kind=kind, **values)).id)


async def update(indicator_id: UUID, patch: Content, *, by: Principal, version: int | None = None) -> None:
    """Change what an indicator is called and how its values compare; those that are captured stay as they are."""
    async with Work(by) as work:
        row = await work.load(AssessmentIndicator, indicator_id, to="indicator_set_up", version=version, path=_PATH)
        rest = {name: getattr(row, name) for name in Content.__annotations__}
        refuse(_wrong(row.kind, rest | dict(patch)))
        with _named(patch):
            await work.change(row, "updated", **patch)


async def archive(indicator_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Let no further task have an indicator; an archived one stays archived, and is captured where it is."""
    async with Work(by) as work:
        row = await work.load(AssessmentIndicator, indicator_id, to="indicator_set_up", version=version, path=_PATH)
        if row.archived_at is None:
            await work.change(row, "archived", archived_at=work.now)


def _named(values: Mapping[str, Any]) -> Any:
    """Refuse a name that another indicator has."""
    error = DuplicateValue(path=("name",), field="The name", value=str(values.get("name")))
    return taken("assessment_indicators_name_once", error)


def _of_unit(kind: IndicatorKind, unit: str | None) -> Iterator[DomainError]:
    if kind is IndicatorKind.MONEY and unit is None:
        yield Required(path=("unit",), field="Unit")
    elif unit is not None and kind not in _MEASURED:
        yield InvalidInput(path=("unit",), reason=f"{kind} has no unit")
    elif kind is IndicatorKind.MONEY and unit is not None:
        try:
            minor_digits(unit)
        except InvalidInput as error:
            yield InvalidInput(path=("unit",), **error.facts)


def _wrong(kind: IndicatorKind, values: Mapping[str, Any]) -> Iterator[DomainError]:
    yield from columns.faults(AssessmentIndicator, {name: value for name, value in values.items() if name != "choices"})
    yield from _of_choices(kind, values["choices"] or ())
    for name in ("direction", "tolerance"):
        if values.get(name) is not None and kind not in NUMERIC:
            yield InvalidInput(path=(name,), reason=f"values of the kind {kind} are not more or less")
    if (values.get("tolerance") or 0) < 0:
        yield InvalidInput(path=("tolerance",), reason="it is less than nothing")


def _of_choices(kind: IndicatorKind, choices: Sequence[str]) -> Iterator[DomainError]:
    if kind is IndicatorKind.CHOICE and not choices:
        yield Required(path=("choices",), field="Choices")
    elif choices and kind is not IndicatorKind.CHOICE:
        yield InvalidInput(path=("choices",), reason=f"{kind} has no choices")
    if len(choices) > MOST:
        yield LimitExceeded(path=("choices",), what="The choices of an indicator", limit=MOST, actual=len(choices))
    for place, choice in enumerate(choices):
        path = ("choices", str(place))
        if not choice.strip():
            yield Required(path=path, field="A choice")
        yield from (type(each)(path=path, **each.facts) for each in columns.faults(TaskIndicator, {"choice": choice}))
        if choice in choices[:place]:
            yield DuplicateValue(path=path, field="The choice", value=choice)
