"""What each occurrence of a series will be like: its parts, as they are read and as they are sent."""

from datetime import timedelta
from typing import Any

import strawberry

import models
from domain.blueprints import Subtask, Telling
from domain.task_types import Line
from schema.compiler.catalog import Named
from schema.compiler.fields import embed
from schema.durations import duration, minutes
from schema.inputs import optional_keys, part
from schema.links import RECORD, TARGETS, LinkTarget

_PRIORITIES = " ".join(f"when {each.value} then '{each.name}'" for each in models.Priority)
_KIND = "s.value ->> 'kind'"


@strawberry.type(description="A task below each occurrence of a series, or, of a visit, one of its tasks.")
class SeriesSubtask:
    """One of `Series.subtasks`."""

    title: str = strawberry.field(description="Its title.")
    type: models.TaskType = strawberry.field(description="Its type.")
    priority: models.Priority = strawberry.field(description="Its priority.")
    description: str | None = strawberry.field(description="What is to be done.")
    expected_duration: timedelta | None = strawberry.field(description="How long it should take.")


@strawberry.type(description="A line of the checklist of each occurrence of a series.")
class SeriesLine:
    """One of `Series.checklist`."""

    text: str = strawberry.field(description="What is to be done.")
    required: bool = strawberry.field(description="Whether it must be ticked before the task is done.")


@strawberry.type(description="What each occurrence of a series is linked to.")
class SeriesLink:
    """One of `Series.links`."""

    kind: models.LinkKind = strawberry.field(description="What kind of record.")
    target: LinkTarget | None = strawberry.field(description="The record.")


@strawberry.type(description="When whoever holds an occurrence of a series is reminded of it.")
class SeriesReminder:
    """One of `Series.reminders`."""

    anchor: models.Anchor = strawberry.field(description="What the moment is relative to.")
    offset: timedelta = strawberry.field(description="How long before that.")


def subtasks() -> Any:
    """The field of the tasks below each occurrence."""
    return embed(
        "The tasks below each occurrence, or, of a visit, its tasks.",
        rows="jsonb_array_elements({t}.subtasks) s",
        title="s.value ->> 'title'",
        type="s.value ->> 'type'",
        priority=f"case (s.value ->> 'priority')::int {_PRIORITIES} end",
        description="s.value ->> 'description'",
        expected_duration=duration("(s.value ->> 'expected_minutes')::int"),
    )


def checklist() -> Any:
    """The field of the lines of each occurrence."""
    return embed(
        "The checklist of each occurrence; where there is none, that of the type.",
        rows="jsonb_array_elements({t}.checklist) s",
        text="s.value ->> 'text'",
        required="s.value -> 'required'",
    )


def links() -> Any:
    """The field of the records of each occurrence."""
    customer = f"case when {_KIND} in ('INDIVIDUAL', 'ORGANIZATION') then 'Customer' else initcap({_KIND}) end"
    return embed(
        "What each occurrence is linked to beside `customer`.",
        rows="jsonb_array_elements({t}.links) s",
        kind=_KIND,
        target=Named(customer, "(s.value ->> 'id')::uuid"),
    )


def reminders() -> Any:
    """The field of the reminders of each occurrence."""
    return embed(
        "When whoever holds an occurrence, or while nobody does, whoever made the series, is reminded of it.",
        rows="jsonb_array_elements({t}.reminders) s",
        anchor="s.value ->> 'anchor'",
        offset=duration("(s.value ->> 'offset_minutes')::int"),
    )


@strawberry.input(description="A task below each occurrence of a series, or, of a visit, one of its tasks.")
class SeriesSubtaskInput:
    """What a `blueprints.Subtask` is made of."""

    title: str = strawberry.field(description="Its title, up to 200 characters.")
    type: models.TaskType = strawberry.field(description="Its type.", default=models.TaskType.OTHER)
    priority: models.Priority = strawberry.field(description="Its priority.", default=models.Priority.MEDIUM)
    description: str | None = part("What is to be done, up to 20000 characters.")
    expected_duration: timedelta | None = part("How long it should take: whole minutes, up to 365 days.")


@strawberry.input(description="When whoever holds an occurrence of a series is to be reminded of it.")
class SeriesReminderInput:
    """What a `blueprints.Telling` is made of."""

    offset: timedelta = strawberry.field(description="How long before that: whole minutes, up to 365 days.")
    anchor: models.Anchor = strawberry.field(
        description="What the moment is relative to: SCHEDULED or DUE.", default=models.Anchor.SCHEDULED
    )


def parts(input: Any) -> dict[str, Any]:
    """Take the lists of a blueprint that were given; an empty one is none."""
    found: dict[str, Any] = {}
    if input.subtasks is not None:
        found["subtasks"] = [_subtask(place, each) for place, each in enumerate(input.subtasks)]
    if input.checklist is not None:
        found["checklist"] = [Line(text=each.text, required=each.required) for each in input.checklist]
    if input.link_ids is not None:
        found["links"] = [(TARGETS[each.type], each.key) for each in input.link_ids]
    if input.reminders is not None:
        found["reminders"] = [_telling(place, each) for place, each in enumerate(input.reminders)]
    return found


def _subtask(place: int, each: SeriesSubtaskInput) -> Subtask:
    length = minutes(each.expected_duration, "subtasks", str(place), "expected_duration")
    text = each.description or None
    return Subtask(title=each.title, type=each.type, priority=each.priority, description=text, expected_minutes=length)


def _telling(place: int, each: SeriesReminderInput) -> Telling:
    return Telling(anchor=each.anchor, offset_minutes=minutes(each.offset, "reminders", str(place), "offset"))


def link_ids() -> Any:
    """The part of an input that names records."""
    return optional_keys(f"What it is linked to beside the customer, at most 20. {RECORD}", *TARGETS)
