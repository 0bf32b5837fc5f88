"""Setting up indicators, having them captured on tasks, and what waits for them."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain import copying, deletions, indicators, lifecycle, task_indicators
from domain.copying import Part
from models import AssessmentIndicator, Deletion, IndicatorDirection, IndicatorKind, TaskIndicator
from tests import make

LOW = {"direction": IndicatorDirection.LOWER_IS_BETTER, "tolerance": Decimal("0.5")}
FIT = [
    ("MONEY", {"unit": "EUR"}, {"number": Decimal("12.50")}),
    ("PERCENT", {}, {"number": Decimal(110)}),
    ("TEXT", {}, {"text": "Loud"}),
    ("BOOLEAN", {}, {"yes": False}),
    ("CHOICE", {"choices": ["Good", "Bad"]}, {"choice": "Bad"}),
]
UNFIT = [
    ("NUMBER", {}, {}, "number", "INVALID_INPUT"),
    ("NUMBER", {}, {"text": "7"}, "number", "INVALID_INPUT"),
    ("NUMBER", {}, {"number": Decimal(7), "text": "7"}, "number", "INVALID_INPUT"),
    ("MONEY", {"unit": "EUR"}, {"number": Decimal("1.005")}, "number", "INVALID_INPUT"),
    ("TEXT", {}, {"text": None}, "text", "REQUIRED"),
    ("TEXT", {}, {"text": "x" * 2001}, "text", "TOO_LONG"),
    ("CHOICE", {"choices": ["Good"]}, {"choice": "good"}, "choice", "INVALID_INPUT"),
]


@pytest.fixture
async def pressure(sue):
    return await indicators.create(IndicatorKind.NUMBER, name="Pressure", unit="bar", by=sue, **LOW)


@pytest.fixture
async def task(ada):
    return await make.task(ada, flow="STANDARD", assignee_id=ada.id)


@pytest.fixture
async def wanted(ada, task, pressure):
    """The pressure, required on the task."""
    return await task_indicators.add(task, pressure, required=True, by=ada)


async def test_an_indicator_is_set_up_changed_and_archived_and_all_is_told(sue, pressure):
    await indicators.update(pressure, {"name": "Boiler pressure", "tolerance": None}, by=sue, version=1)
    await indicators.archive(pressure, by=sue)
    await indicators.archive(pressure, by=sue)
    row = await AssessmentIndicator.get(id=pressure)
    assert (row.name, row.kind, row.unit, row.version) == ("Boiler pressure", IndicatorKind.NUMBER, "bar", 3)
    assert (row.direction, row.tolerance) == (IndicatorDirection.LOWER_IS_BETTER, None)
    created, updated, archived = await make.history(pressure)
    assert (created[0], created[1]["unit"]) == ("created", [None, "bar"])
    assert updated == ("updated", {"name": ["Pressure", "Boiler pressure"], "tolerance": ["0.5", None]})
    assert archived[0] == "archived"


@pytest.mark.parametrize(
    ("kind", "content", "faults"),
    [
        ("NUMBER", {"name": " "}, [("name", "REQUIRED")]),
        ("NUMBER", {"name": "x" * 81}, [("name", "TOO_LONG")]),
        ("NUMBER", {"choices": ["a"], "tolerance": Decimal(-1)}, ["choices", "tolerance"]),
        ("MONEY", {}, [("unit", "REQUIRED")]),
        ("MONEY", {"unit": "EURO"}, ["unit"]),
        ("TEXT", {"unit": "kg", **LOW}, ["unit", "direction", "tolerance"]),
        ("CHOICE", {}, [("choices", "REQUIRED")]),
        (
            "CHOICE",
            {"choices": ["a", "a", " ", "x" * 81]},
            [("choices.1", "DUPLICATE_VALUE"), ("choices.2", "REQUIRED"), ("choices.3", "TOO_LONG")],
        ),
        ("CHOICE", {"choices": [str(number) for number in range(51)]}, [("choices", "LIMIT_EXCEEDED")]),
    ],
)
async def test_all_that_is_wrong_with_an_indicator_is_said_at_once(kind, content, faults, sue, refused):
    pairs = [each if isinstance(each, tuple) else (each, "INVALID_INPUT") for each in faults]
    async with refused(*(code for _, code in pairs)) as caught:
        await indicators.create(IndicatorKind(kind), **{"name": "Noise", **content}, by=sue)
    errors = getattr(caught.value, "errors", [caught.value])
    assert [".".join(each.path) for each in errors] == [path for path, _ in pairs]


async def test_a_name_is_taken_until_its_indicator_is_archived(sue, pressure, refused):
    async with refused("DUPLICATE_VALUE"):
        await indicators.create(IndicatorKind.TEXT, name="Pressure", by=sue)
    noise = await indicators.create(IndicatorKind.TEXT, name="Noise", by=sue)
    async with refused("DUPLICATE_VALUE"):
        await indicators.update(noise, {"name": "Pressure"}, by=sue)
    await indicators.archive(pressure, by=sue)
    await indicators.update(noise, {"name": "Pressure"}, by=sue)


async def test_indicators_are_set_up_by_those_who_lead(ada, pressure, refused):
    for verb in (
        indicators.create(IndicatorKind.TEXT, name="Noise", by=ada),
        indicators.update(pressure, {"name": "Noise"}, by=ada),
        indicators.archive(pressure, by=ada),
    ):
        async with refused("FORBIDDEN"):
            await verb


async def test_a_value_says_who_and_when_and_the_same_again_changes_nothing(ada, sue, task, pressure, wanted, sent):
    await task_indicators.capture(wanted, {"number": Decimal("8.5")}, by=ada)
    await task_indicators.capture(wanted, {"number": Decimal("8.50")}, by=sue)
    row = await TaskIndicator.get(id=wanted)
    assert (row.number, row.captured_by_id, row.captured_at is None, row.version) == (Decimal("8.5"), ada.id, False, 2)
    await task_indicators.capture(wanted, {"number": Decimal(9)}, by=sue, version=2)
    assert (await TaskIndicator.get(id=wanted)).captured_by_id == sue.id
    same = {"indicator": [str(pressure)] * 2}
    assert (await make.history(task))[1:] == [
        ("indicator_added", {"indicator": [None, str(pressure)], "required": [None, True]}),
        ("indicator_captured", same | {"value": [None, "8.5"]}),
        ("indicator_captured", same | {"value": ["8.5", "9"]}),
    ]
    assert sent() == []


@pytest.mark.parametrize(("kind", "content", "value"), FIT)
async def test_a_value_is_kept_as_its_kind(kind, content, value, ada, sue, task):
    indicator = await indicators.create(IndicatorKind(kind), name="Noise", by=sue, **content)
    key = await task_indicators.add(task, indicator, by=ada)
    await task_indicators.capture(key, value, by=ada)
    row = await TaskIndicator.get(id=key)
    found = {name: getattr(row, name) for name in ("number", "text", "yes", "choice")}
    assert {name: each for name, each in found.items() if each is not None} == value


@pytest.mark.parametrize(("kind", "content", "value", "path", "code"), UNFIT)
async def test_a_value_that_does_not_fit_is_refused(kind, content, value, path, code, ada, sue, task, refused):
    indicator = await indicators.create(IndicatorKind(kind), name="Noise", by=sue, **content)
    key = await task_indicators.add(task, indicator, by=ada)
    async with refused(code) as caught:
        await task_indicators.capture(key, value, by=ada)
    assert caught.value.path == (path,)


async def test_a_required_indicator_keeps_its_task_open(ada, task, pressure, wanted, refused):
    await make.task(ada, parent_id=task)
    async with refused("OPEN_SUBTASKS", "INDICATORS_MISSING") as caught:
        await lifecycle.complete(task, by=ada)
    assert "must be captured first: Pressure." in caught.value.message
    await task_indicators.capture(wanted, {"number": Decimal(0)}, by=ada)
    async with refused("OPEN_SUBTASKS"):
        await lifecycle.complete(task, by=ada)


async def test_adding_an_indicator_again_says_whether_it_is_required(ada, task, pressure, wanted):
    assert await task_indicators.add(task, pressure, required=False, by=ada) == wanted
    assert await task_indicators.add(task, pressure, required=False, by=ada) == wanted
    told = ("indicator_changed", {"indicator": [str(pressure)] * 2, "required": [True, False]})
    assert [each for each in await make.history(task) if each[0] == "indicator_changed"] == [told]
    await lifecycle.complete(task, by=ada)


async def test_of_those_who_add_it_at_once_one_does(ada, task, pressure):
    added = await asyncio.gather(*(task_indicators.add(task, pressure, by=ada) for _ in range(5)))
    assert len(set(added)) == 1
    assert await TaskIndicator.filter(task_id=task).count() == 1


async def test_an_indicator_is_taken_off_with_its_value(ada, task, pressure, wanted):
    await task_indicators.capture(wanted, {"number": Decimal(9)}, by=ada)
    assert await task_indicators.remove(wanted, by=ada, version=2) == task
    assert not await TaskIndicator.exists()
    told = {"indicator": [str(pressure), None], "value": ["9", None]}
    assert (await make.history(task))[-1] == ("indicator_removed", told)


async def test_an_archived_indicator_is_captured_where_it_is_and_added_nowhere(
    ada, sue, task, pressure, wanted, refused
):
    await indicators.archive(pressure, by=sue)
    elsewhere = await make.task(ada)
    async with refused("INVALID_INPUT") as caught:
        await task_indicators.add(elsewhere, pressure, by=ada)
    assert caught.value.path == ("assessmentIndicatorId",)
    await task_indicators.capture(wanted, {"number": Decimal(9)}, by=ada)
    assert await task_indicators.add(task, pressure, by=ada) == wanted


async def test_a_task_has_fifty_indicators(ada, task, pressure, refused):
    here = {"workspace_id": ada.workspace_id}
    kinds = [AssessmentIndicator(**here, name=str(n), kind=IndicatorKind.TEXT, choices=[]) for n in range(50)]
    await AssessmentIndicator.bulk_create(kinds)
    await TaskIndicator.bulk_create([TaskIndicator(**here, task_id=task, indicator_id=each.id) for each in kinds])
    async with refused("LIMIT_EXCEEDED"):
        await task_indicators.add(task, pressure, by=ada)


async def test_indicators_are_for_those_who_plan_the_task(sue, ada, bob, pressure, refused):
    task = await make.task(sue, assignee_id=ada.id)
    key = await task_indicators.add(task, pressure, by=ada)
    for verb in (
        task_indicators.add(task, pressure, by=bob),
        task_indicators.capture(key, {"number": Decimal(9)}, by=bob),
        task_indicators.remove(key, by=bob),
    ):
        async with refused("FORBIDDEN") as caught:
            await verb
        assert caught.value.path == ()
    await lifecycle.cancel(task, by=sue)
    async with refused("TASK_FINAL"):
        await task_indicators.capture(key, {"number": Decimal(9)}, by=ada)


async def test_a_copy_wants_the_same_captured_afresh(ada, sue, task, pressure, wanted):
    noise = await indicators.create(IndicatorKind.TEXT, name="Noise", by=sue)
    await task_indicators.add(task, noise, by=ada)
    await task_indicators.capture(wanted, {"number": Decimal(9)}, by=ada)
    await indicators.archive(noise, by=sue)
    key = await copying.copy(task, parts=[Part.INDICATORS], by=ada)
    rows = await TaskIndicator.filter(task_id=key).values_list("indicator_id", "required", "number", "captured_at")
    assert rows == [(pressure, True, None, None)]
    assert not await TaskIndicator.filter(task_id=await copying.copy(task, by=ada)).exists()


async def test_a_deleted_task_keeps_its_values_until_it_is_purged(ada, task, pressure, wanted, refused):
    await task_indicators.capture(wanted, {"number": Decimal(9)}, by=ada)
    deletion = await deletions.delete(task, by=ada)
    async with refused("NOT_FOUND"):
        await task_indicators.capture(wanted, {"number": Decimal(8)}, by=ada)
    await deletions.restore(deletion, by=ada)
    assert (await TaskIndicator.get(id=wanted)).number == 9
    deletion = await deletions.delete(task, by=ada)
    await Deletion.filter(id=deletion).update(purge_at=datetime(2026, 1, 1, tzinfo=UTC))
    await deletions.purge(deletion, by=ada)
    assert not await TaskIndicator.exists()
    assert await AssessmentIndicator.filter(id=pressure).exists()
