"""Rules for what is to follow when a task or a visit is done."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Row, Versioned, belongs
from models.tasks import Priority, TaskType


class FollowUpTrigger(StrEnum):
    """What must be done for something to follow."""

    TASK = "TASK"
    VISIT = "VISIT"


class FollowUpHolder(StrEnum):
    """Who gets what follows."""

    ASSIGNEE = "ASSIGNEE"
    CREATOR = "CREATOR"
    TEAM = "TEAM"


class FollowUpRule(Versioned):
    """Says what follows when a task, perhaps only of one type, or a visit is done."""

    name = fields.CharField(max_length=120)
    trigger = fields.CharEnumField(FollowUpTrigger, max_length=20)
    task_type = fields.CharEnumField(TaskType, max_length=20, null=True)
    custom_type = belongs("CustomTaskType", null=True)
    creator = belongs("User")
    ended_at: datetime | None = fields.DatetimeField(null=True)

    custom_type_id: UUID | None
    creator_id: UUID

    class Meta:
        table = "follow_up_rules"
        constraints = (
            CheckConstraint(check="task_type is null or trigger = 'TASK'", name="follow_up_rules_task_type"),
            CheckConstraint(check="custom_type_id is null or trigger = 'TASK'", name="follow_up_rules_custom_type"),
        )


class FollowUpItem(Row):
    """One task that a rule makes."""

    follow_up_rule = belongs("FollowUpRule")
    place = fields.IntField()
    title = fields.CharField(max_length=200)
    type = fields.CharEnumField(TaskType, max_length=20)
    custom_type = belongs("CustomTaskType", null=True)
    priority = fields.IntEnumField(Priority)
    description: str | None = fields.TextField(null=True)
    after_days = fields.IntField(default=0, db_default=0)
    holder = fields.CharEnumField(FollowUpHolder, max_length=20)

    custom_type_id: UUID | None

    class Meta:
        table = "follow_up_items"
        constraints = (
            UniqueConstraint(fields=("follow_up_rule_id", "place"), name="follow_up_items_place"),
            CheckConstraint(check="after_days between 0 and 3650", name="follow_up_items_after_days"),
            CheckConstraint(check="priority between 1 and 4", name="follow_up_items_priority"),
        )
