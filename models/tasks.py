"""Tasks, and the rows that say who held them."""

from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import NumericField, Row, Versioned, belongs


class TaskStatus(StrEnum):
    """Where a task is in its life; the last three are final."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    RELEASED = "RELEASED"
    COMPLETED = "COMPLETED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class TaskType(StrEnum):
    """What kind of work a task is."""

    CALL = "CALL"
    EMAIL = "EMAIL"
    MEETING = "MEETING"
    FOLLOW_UP = "FOLLOW_UP"
    DEMO = "DEMO"
    PROPOSAL = "PROPOSAL"
    CONTRACT = "CONTRACT"
    OTHER = "OTHER"


class Priority(IntEnum):
    """How soon a task matters, in order."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4


class ProgressBy(StrEnum):
    """What a subtask counts for in its parent's progress."""

    COUNT = "COUNT"
    WEIGHT = "WEIGHT"
    ESTIMATE = "ESTIMATE"


class Handover(StrEnum):
    """How a task changed hands."""

    CREATED = "CREATED"
    CLAIMED = "CLAIMED"
    ASSIGNED = "ASSIGNED"
    UNCLAIMED = "UNCLAIMED"
    LEASE_EXPIRED = "LEASE_EXPIRED"
    AUTOMATIC = "AUTOMATIC"


FINISHED = "('COMPLETED', 'CLOSED', 'CANCELLED')"


class Task(Versioned):
    """A piece of work that at most one person holds at a time."""

    number = fields.BigIntField()
    title = fields.CharField(max_length=200)
    type = fields.CharEnumField(TaskType, max_length=20, default=TaskType.OTHER, db_default="OTHER")
    custom_type = belongs("CustomTaskType", null=True)
    status = fields.CharEnumField(TaskStatus, max_length=20, default=TaskStatus.PENDING, db_default="PENDING")
    priority = fields.IntEnumField(Priority, default=Priority.MEDIUM, db_default=2)
    due_on: date | None = fields.DateField(null=True)
    scheduled_at: datetime | None = fields.DatetimeField(null=True)
    expected_minutes: int | None = fields.IntField(null=True)
    description: str | None = fields.TextField(null=True)
    purpose: str | None = fields.TextField(null=True)
    outcome: str | None = fields.TextField(null=True)
    place = fields.CharField(max_length=200, null=True)
    billable = fields.BooleanField(default=True, db_default=True)
    watched = fields.BooleanField(default=False, db_default=False)
    creator = belongs("User")
    assignee = belongs("User", null=True)
    team = belongs("Team", null=True)
    parent = belongs("Task", null=True)
    position: Decimal | None = NumericField(null=True)
    progress_weight = fields.IntField(default=1, db_default=1)
    progress_by = fields.CharEnumField(ProgressBy, max_length=20, default=ProgressBy.COUNT, db_default="COUNT")
    finish_with_subtasks = fields.BooleanField(default=False, db_default=False)
    visit = belongs("Visit", null=True)
    follow_up_of = belongs("Task", null=True)
    follow_up_visit = belongs("Visit", null=True)
    follow_up_item = belongs("FollowUpItem", null=True)
    series = belongs("Series", null=True)
    occurrence = fields.CharField(max_length=19, null=True)
    deletion = belongs("Deletion", null=True)
    workflow = fields.CharField(max_length=40)
    workflow_version = fields.IntField(default=1, db_default=1)
    assigned_at: datetime | None = fields.DatetimeField(null=True)
    started_at: datetime | None = fields.DatetimeField(null=True)
    released_at: datetime | None = fields.DatetimeField(null=True)
    released_by = belongs("User", null=True)
    finished_at: datetime | None = fields.DatetimeField(null=True)
    finished_by = belongs("User", null=True)
    escalated_on: date | None = fields.DateField(null=True)

    custom_type_id: UUID | None
    creator_id: UUID
    assignee_id: UUID | None
    team_id: UUID | None
    parent_id: UUID | None
    visit_id: UUID | None
    follow_up_of_id: UUID | None
    follow_up_visit_id: UUID | None
    follow_up_item_id: UUID | None
    series_id: UUID | None
    deletion_id: UUID | None
    released_by_id: UUID | None
    finished_by_id: UUID | None

    class Meta:
        table = "tasks"
        indexes = (
            Index(fields=("workspace_id", "due_on", "id"), name="tasks_due"),
            Index(fields=("workspace_id", "scheduled_at", "id"), name="tasks_scheduled"),
        )
        constraints = (
            UniqueConstraint(fields=("workspace_id", "number"), name="tasks_number_once"),
            UniqueConstraint(fields=("series_id", "occurrence"), name="tasks_occurrence_once"),
            CheckConstraint(check="(series_id is null) = (occurrence is null)", name="tasks_occurrence_of_series"),
            UniqueConstraint(fields=("follow_up_of_id", "follow_up_item_id"), name="tasks_follow_up_once"),
            UniqueConstraint(fields=("follow_up_visit_id", "follow_up_item_id"), name="tasks_visit_follow_up_once"),
            CheckConstraint(check="follow_up_of_id <> id", name="tasks_not_own_follow_up"),
            CheckConstraint(check="parent_id <> id", name="tasks_not_own_parent"),
            CheckConstraint(check=f"(finished_at is not null) = (status in {FINISHED})", name="tasks_finished_at"),
            CheckConstraint(check="(assigned_at is null) = (assignee_id is null)", name="tasks_assigned_at"),
            CheckConstraint(check="priority between 1 and 4", name="tasks_priority"),
            CheckConstraint(check="expected_minutes between 0 and 525600", name="tasks_expected_minutes"),
            CheckConstraint(check="progress_weight between 1 and 1000", name="tasks_progress_weight"),
        )


class TaskWeight(Row):
    """How much a task of a type counts for whoever holds it; one whose type has no row counts as 1."""

    type = fields.CharEnumField(TaskType, max_length=20)
    weight: int = fields.IntField()

    class Meta:
        table = "task_weights"
        constraints = (
            UniqueConstraint(fields=("workspace_id", "type"), name="task_weights_once"),
            CheckConstraint(check="weight between 0 and 1000", name="task_weights_weight"),
        )


class Assignment(Row):
    """One change of hands: from whom, to whom, how and why, and how long it had been held."""

    task = belongs("Task")
    sender = belongs("User", null=True)
    receiver = belongs("User", null=True)
    actor = belongs("User", null=True)
    how = fields.CharEnumField(Handover, max_length=20)
    reason = fields.CharField(max_length=500, null=True)
    held_seconds: int | None = fields.BigIntField(null=True)

    class Meta:
        table = "assignments"
