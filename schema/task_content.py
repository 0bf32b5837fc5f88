"""Making and editing tasks."""

from datetime import date, datetime, timedelta
from uuid import UUID

import strawberry

import models
from domain import tasks
from schema.compiler.fields import changed
from schema.context import Info
from schema.durations import minutes
from schema.inputs import expected_version, given, idempotency_key, key, once, optional_key, part, patch_key
from schema.mutation import mutation
from schema.payload import Payload
from schema.tasks import Task


@strawberry.input(description="A task to make.")
class TaskCreateInput:
    """What `tasks.create` takes."""

    title: str = strawberry.field(description="What is to be done, up to 200 characters.")
    type: models.TaskType | None = part("What kind of work it is; its custom type's, or OTHER, unless given.")
    custom_type_id: UUID | None = optional_key(
        "Its type among those of the workspace's own, whose defaults, checklist and workflow it gets.", "CustomTaskType"
    )
    priority: models.Priority | None = part("How soon it matters; its custom type's, or MEDIUM, unless given.")
    due_on: date | None = part("The day by which it is to be done.")
    scheduled_at: datetime | None = part("The instant of its appointment.")
    assignee_id: UUID | None = optional_key("Who holds it: you or somebody in your reach; null for nobody yet.", "User")
    team_id: UUID | None = optional_key("The team from whose queue it is claimed; null for everybody.", "Team")
    parent_id: UUID | None = optional_key("The task of which it is a part.", "Task")
    progress_weight: int | None = part("What it counts for in its parent's progress, from 1 to 1000; 1 unless given.")
    progress_by: models.ProgressBy | None = part("What its subtasks count for in `progress`; COUNT unless given.")
    finish_with_subtasks: bool | None = part("Whether it finishes with its last open subtask; false unless given.")
    visit_id: UUID | None = optional_key("The visit on which it is done.", "Visit")
    description: str | None = part("What is to be done, at length, up to 20000 characters.")
    purpose: str | None = part("What it is good for, up to 20000 characters.")
    place: str | None = part("Where, in words, up to 200 characters.")
    expected_duration: timedelta | None = part("How long it should take: whole minutes, up to 365 days.")
    billable: bool | None = part("Whether time on it is billed.")
    workflow: str | None = part("Its workflow, such as STANDARD; its custom type's, or the workspace's, unless given.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change about a task: what is left out stays, null clears.")
class TaskUpdateInput:
    """What `tasks.update` takes."""

    task_id: UUID = key("The task.", "Task")
    title: strawberry.Maybe[str | None] = part("What is to be done, up to 200 characters.")
    type: strawberry.Maybe[models.TaskType | None] = part("What kind of work it is.")
    custom_type_id: strawberry.Maybe[UUID | None] = patch_key(
        "Its type among those of the workspace's own; what that requires it must have.", "CustomTaskType"
    )
    priority: strawberry.Maybe[models.Priority | None] = part("How soon it matters.")
    due_on: strawberry.Maybe[date | None] = part("The day by which it is to be done.")
    scheduled_at: strawberry.Maybe[datetime | None] = part("The instant of its appointment.")
    team_id: strawberry.Maybe[UUID | None] = patch_key("The team from whose queue it is claimed.", "Team")
    parent_id: strawberry.Maybe[UUID | None] = patch_key("The task of which it is a part.", "Task")
    progress_weight: strawberry.Maybe[int | None] = part("What it counts for in its parent's progress, from 1 to 1000.")
    progress_by: strawberry.Maybe[models.ProgressBy | None] = part("What its subtasks count for in `progress`.")
    finish_with_subtasks: strawberry.Maybe[bool | None] = part("Whether it finishes with its last open subtask.")
    visit_id: strawberry.Maybe[UUID | None] = patch_key("The visit on which it is done.", "Visit")
    description: strawberry.Maybe[str | None] = part("What is to be done, at length, up to 20000 characters.")
    purpose: strawberry.Maybe[str | None] = part("What it is good for, up to 20000 characters.")
    outcome: strawberry.Maybe[str | None] = part("What came of it, up to 20000 characters.")
    place: strawberry.Maybe[str | None] = part("Where, in words, up to 200 characters.")
    expected_duration: strawberry.Maybe[timedelta | None] = part(
        "How long it should take: whole minutes, up to 365 days."
    )
    billable: strawberry.Maybe[bool | None] = part("Whether time on it is billed.")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `taskCreate`.")
class TaskCreatePayload(Payload):
    """What `taskCreate` answers."""

    task: UUID | None = changed("The task; null when it was refused.", Task)


@strawberry.type(description="What became of `taskUpdate`.")
class TaskUpdatePayload(Payload):
    """What `taskUpdate` answers."""

    task: UUID | None = changed("The task as it is now.", Task)


@strawberry.type
class TaskContentMutations:
    """Making and editing tasks."""

    @mutation
    async def task_create(self, info: Info, input: TaskCreateInput) -> TaskCreatePayload:
        """Make a task, for yourself, for somebody in your reach, or for whoever claims it."""
        content = given(input, tasks.Content.__annotations__)
        if input.expected_duration is not None:
            content["expected_minutes"] = minutes(input.expected_duration, "expected_duration")
        whose, flow = input.assignee_id, input.workflow
        task = await tasks.create(**content, assignee_id=whose, flow=flow, by=info.context.by, once=once(input))
        return TaskCreatePayload(task=task)

    @mutation
    async def task_update(self, info: Info, input: TaskUpdateInput) -> TaskUpdatePayload:
        """Change the content of a task, as far as its workflow lets you."""
        patch = given(input, tasks.Content.__annotations__)
        if input.expected_duration is not None:
            patch["expected_minutes"] = minutes(input.expected_duration.value, "expected_duration")
        await tasks.update(input.task_id, patch, by=info.context.by, version=input.expected_version)
        return TaskUpdatePayload(task=input.task_id)
