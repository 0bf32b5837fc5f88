"""Task types of a workspace's own, beside the built-in ones."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Versioned
from models.tasks import Priority, TaskType
from models.workflows import LONGEST_NAME


class RequiredField(StrEnum):
    """What a type may ask of its tasks; the value is the column."""

    DUE_ON = "due_on"
    SCHEDULED_AT = "scheduled_at"
    EXPECTED_DURATION = "expected_minutes"
    DESCRIPTION = "description"
    PURPOSE = "purpose"
    PLACE = "place"
    TEAM = "team_id"
    VISIT = "visit_id"


class CustomTaskType(Versioned):
    """What new tasks of a type begin with, and what they must have."""

    key = fields.CharField(max_length=40)
    name = fields.CharField(max_length=80)
    type = fields.CharEnumField(TaskType, max_length=20, default=TaskType.OTHER, db_default="OTHER")
    priority = fields.IntEnumField(Priority, null=True)
    expected_minutes: int | None = fields.IntField(null=True)
    workflow = fields.CharField(max_length=LONGEST_NAME, null=True)
    weight: int | None = fields.IntField(null=True)
    required_fields: list[str] = ArrayField(element_type="text")
    checklist: list[dict[str, Any]] = fields.JSONField()
    reminders: list[dict[str, Any]] = fields.JSONField(default=list, db_default="[]")
    archived_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "custom_task_types"
        constraints = (
            UniqueConstraint(fields=("workspace_id", "key"), name="custom_task_types_key_once"),
            CheckConstraint(check="priority between 1 and 4", name="custom_task_types_priority"),
            CheckConstraint(check="expected_minutes between 0 and 525600", name="custom_task_types_expected_minutes"),
            CheckConstraint(check="weight between 0 and 1000", name="custom_task_types_weight"),
        )
