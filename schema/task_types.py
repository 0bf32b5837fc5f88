"""Task types of a workspace's own: what their tasks begin with, and what they must have."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import task_types
from schema.compiler.fields import Connection, Node, changed, column, embed, item, listing, node, page, sql
from schema.context import Info
from schema.durations import duration, minutes
from schema.enums import enum
from schema.inputs import expected_version, given, idempotency_key, key, once, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.reminders import ReminderWishInput, wish
from schema.scalars import LocalTime

if TYPE_CHECKING:
    from schema.history import Event
    from schema.tasks import Task

enum(
    models.RequiredField,
    DUE_ON="`dueOn`.",
    SCHEDULED_AT="`scheduledAt`.",
    EXPECTED_DURATION="`expectedDuration`.",
    DESCRIPTION="`description`.",
    PURPOSE="`purpose`.",
    PLACE="`place`.",
    TEAM="`teamId`.",
    VISIT="`visitId`.",
)


@strawberry.type(description="A line of the checklist with which each task of a type begins.")
class TaskTypeLine:
    """One line."""

    text: str = strawberry.field(description="What is to be done.")
    required: bool = strawberry.field(description="Whether it must be ticked before the task is done.")


@strawberry.type(description="A reminder with which each task of a type begins.")
class TaskTypeReminder:
    """One wish."""

    recipient: models.Recipient = strawberry.field(description="Who is told.")
    anchor: models.Anchor = strawberry.field(description="What the moment is relative to.")
    offset: timedelta = strawberry.field(description="How long before that.")
    days: int = strawberry.field(description="How many days before that, by the clock.")
    working_days: int = strawberry.field(description="How many days from Monday to Friday before that.")
    after: bool = strawberry.field(description="Whether all of this is after that moment.")
    local_time: LocalTime | None = strawberry.field(description="At which time of that day.")
    channel: models.Channel | None = strawberry.field(description="How they are told; null for as they wish.")


@node(models.CustomTaskType, prefix="type", label="{t}.name")
class CustomTaskType(Node):
    """A type of tasks that the workspace made for itself, beside the built-in ones."""

    name: str = column("What people call it, up to 80 characters.")
    key: str = column("What programs call it, such as SITE_SURVEY; it never changes.")
    type: models.TaskType = column("What its tasks are among the built-in types, unless they say otherwise.")
    priority: models.Priority | None = column("The priority of its tasks, unless they say otherwise.")
    expected_duration: timedelta | None = sql(
        "How long its tasks should take, unless they say otherwise.", duration("{t}.expected_minutes")
    )
    workflow: str | None = column(
        "The workflow of its tasks, in its newest version, unless they say otherwise; null for the workspace's."
    )
    weight: int | None = column(
        "How much each of its tasks counts for whoever holds it; null for what its built-in type counts."
    )
    required_fields: list[models.RequiredField] = sql(
        "What its tasks must have from the beginning, and keep.", "to_jsonb({t}.required_fields)"
    )
    checklist: list[TaskTypeLine] = embed(
        "The checklist with which its tasks begin.",
        rows="jsonb_array_elements({t}.checklist) s",
        text="s.value ->> 'text'",
        required="s.value -> 'required'",
    )
    reminders: list[TaskTypeReminder] = embed(
        "The reminders with which its tasks begin.",
        rows="jsonb_array_elements({t}.reminders) s",
        recipient="s.value ->> 'recipient'",
        anchor="s.value ->> 'anchor'",
        offset=duration("(s.value -> 'offset_minutes')::int"),
        days="s.value -> 'days'",
        working_days="s.value -> 'working_days'",
        after="s.value -> 'after'",
        local_time="s.value ->> 'local_time'",
        channel="s.value ->> 'channel'",
    )
    tasks: "Connection[Task]" = page("Its tasks.", by="custom_type")
    history: "Connection[Event]" = page("What happened to it.", by="subject")
    archived_at: datetime | None = column("Since when no new task is of it.")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When it was made.")
    updated_at: datetime = column("When it was last changed.")


@strawberry.input(description="A line of the checklist with which each task of a type is to begin.")
class TaskTypeLineInput:
    """What a `task_types.Line` is made of."""

    text: str = strawberry.field(description="What is to be done, up to 500 characters.")
    required: bool = strawberry.field(description="Whether it must be ticked before the task is done.", default=False)


@strawberry.input(description="A task type to make.")
class TaskTypeCreateInput:
    """What `task_types.create` takes."""

    key: str = strawberry.field(
        description="Up to 40 capital letters, digits and _, as in SITE_SURVEY; none of a built-in type."
    )
    name: str = strawberry.field(description="What people call it, up to 80 characters.")
    type: models.TaskType | None = part("What its tasks are among the built-in types; OTHER unless given.")
    priority: models.Priority | None = part("The priority of its tasks.")
    expected_duration: timedelta | None = part("How long they should take: whole minutes, up to 365 days.")
    workflow: str | None = part("Their workflow, by its name; the workspace's unless given.")
    weight: int | None = part("How much each counts for whoever holds it, from 0 to 1000.")
    required_fields: list[models.RequiredField] | None = part("What they must have.")
    checklist: list[TaskTypeLineInput] | None = part("The checklist with which they begin, at most 100 lines.")
    reminders: list[ReminderWishInput] | None = part("The reminders with which they begin, at most 10.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change about a task type: what is left out stays, null clears.")
class TaskTypeUpdateInput:
    """What `task_types.update` takes."""

    task_type_id: UUID = key("The type.", "CustomTaskType")
    name: strawberry.Maybe[str | None] = part("What people call it, up to 80 characters.")
    type: strawberry.Maybe[models.TaskType | None] = part("What its tasks are among the built-in types.")
    priority: strawberry.Maybe[models.Priority | None] = part("The priority of its tasks.")
    expected_duration: strawberry.Maybe[timedelta | None] = part(
        "How long they should take: whole minutes, up to 365 days."
    )
    workflow: strawberry.Maybe[str | None] = part("Their workflow, by its name; null for the workspace's.")
    weight: strawberry.Maybe[int | None] = part("How much each counts for whoever holds it, from 0 to 1000.")
    required_fields: list[models.RequiredField] | None = part("What they must have: all of it.")
    checklist: list[TaskTypeLineInput] | None = part("The checklist with which they begin: all of it.")
    reminders: list[ReminderWishInput] | None = part("The reminders with which they begin: all of them.")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which task type no new task is to have.")
class TaskTypeArchiveInput:
    """What `task_types.archive` takes."""

    task_type_id: UUID = key("The type.", "CustomTaskType")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskTypeCreate`.")
class TaskTypeCreatePayload(Payload):
    """What `taskTypeCreate` answers."""

    task_type: UUID | None = changed("The type; null when it was refused.", CustomTaskType)


@strawberry.type(description="What became of `taskTypeUpdate`.")
class TaskTypeUpdatePayload(Payload):
    """What `taskTypeUpdate` answers."""

    task_type: UUID | None = changed("The type as it is now.", CustomTaskType)


@strawberry.type(description="What became of `taskTypeArchive`.")
class TaskTypeArchivePayload(Payload):
    """What `taskTypeArchive` answers."""

    task_type: UUID | None = changed("The type as it is now.", CustomTaskType)


@strawberry.type
class TaskTypeQueries:
    """What kinds of work there are beside the built-in ones."""

    task_type: "CustomTaskType | None" = item("One task type of the workspace's own.")
    task_types: "Connection[CustomTaskType] | None" = listing(
        "The task types of the workspace's own, archived ones too."
    )


@strawberry.type
class TaskTypeMutations:
    """Setting up kinds of work."""

    @mutation
    async def task_type_create(self, info: Info, input: TaskTypeCreateInput) -> TaskTypeCreatePayload:
        """Make a task type beside the built-in ones; admins do."""
        made = await task_types.create(input.key, **_content(input), by=info.context.by, once=once(input))
        return TaskTypeCreatePayload(task_type=made)

    @mutation
    async def task_type_update(self, info: Info, input: TaskTypeUpdateInput) -> TaskTypeUpdatePayload:
        """Change what new tasks of a type begin with; those that are there stay as they are."""
        by, version = info.context.by, input.expected_version
        await task_types.update(input.task_type_id, _content(input), by=by, version=version)
        return TaskTypeUpdatePayload(task_type=input.task_type_id)

    @mutation
    async def task_type_archive(self, info: Info, input: TaskTypeArchiveInput) -> TaskTypeArchivePayload:
        """Let no new task be of a type any more; those that are keep it."""
        await task_types.archive(input.task_type_id, by=info.context.by, version=input.expected_version)
        return TaskTypeArchivePayload(task_type=input.task_type_id)


def _content(input: TaskTypeCreateInput | TaskTypeUpdateInput) -> task_types.Content:
    found: task_types.Content = given(input, task_types.Content.__annotations__)
    if isinstance(input.expected_duration, strawberry.Some):
        found["expected_minutes"] = minutes(input.expected_duration.value, "expected_duration")
    elif input.expected_duration is not None:
        found["expected_minutes"] = minutes(input.expected_duration, "expected_duration")
    if input.checklist is not None:
        found["checklist"] = [task_types.Line(text=each.text, required=each.required) for each in input.checklist]
    if input.reminders is not None:
        found["reminders"] = [wish(each) for each in input.reminders]
    return found
