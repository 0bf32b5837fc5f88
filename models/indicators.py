"""Assessment indicators: what is captured on tasks, each as one value of its kind."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import NumericField, Versioned, belongs


class IndicatorKind(StrEnum):
    """What the values of an indicator are."""

    NUMBER = "NUMBER"
    MONEY = "MONEY"
    PERCENT = "PERCENT"
    TEXT = "TEXT"
    BOOLEAN = "BOOLEAN"
    CHOICE = "CHOICE"


class IndicatorDirection(StrEnum):
    """Which values of an indicator are the better ones."""

    HIGHER_IS_BETTER = "HIGHER_IS_BETTER"
    LOWER_IS_BETTER = "LOWER_IS_BETTER"
    NEARER_IS_BETTER = "NEARER_IS_BETTER"


class AssessmentIndicator(Versioned):
    """Something that a workspace wants to know of its work."""

    name = fields.CharField(max_length=80)
    kind = fields.CharEnumField(IndicatorKind, max_length=20)
    unit = fields.CharField(max_length=20, null=True)
    choices: list[str] = ArrayField(element_type="text")
    direction = fields.CharEnumField(IndicatorDirection, max_length=20, null=True)
    tolerance: Decimal | None = NumericField(null=True)
    archived_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "assessment_indicators"
        constraints = (
            UniqueConstraint(
                fields=("workspace_id", "name"), name="assessment_indicators_name_once", condition="archived_at is null"
            ),
            CheckConstraint(
                check="(kind = 'CHOICE') = (cardinality(choices) > 0)", name="assessment_indicators_choices"
            ),
            CheckConstraint(
                check="(direction is null and tolerance is null) or kind in ('NUMBER', 'MONEY', 'PERCENT')",
                name="assessment_indicators_compared",
            ),
            CheckConstraint(check="tolerance >= 0 and tolerance <> 'NaN'", name="assessment_indicators_tolerance"),
        )


class TaskIndicator(Versioned):
    """An indicator that is to be captured on a task, and the value once it is."""

    task = belongs("Task")
    indicator = belongs("AssessmentIndicator")
    required = fields.BooleanField(default=False, db_default=False)
    number: Decimal | None = NumericField(null=True)
    text = fields.CharField(max_length=2000, null=True)
    yes = fields.BooleanField(null=True)
    choice = fields.CharField(max_length=80, null=True)
    captured_at: datetime | None = fields.DatetimeField(null=True)
    captured_by = belongs("User", null=True)

    task_id: UUID
    indicator_id: UUID
    captured_by_id: UUID | None

    class Meta:
        table = "task_indicators"
        constraints = (
            UniqueConstraint(fields=("task_id", "indicator_id"), name="task_indicators_once"),
            CheckConstraint(
                check="num_nonnulls(number, text, yes, choice) = (captured_at is not null)::int",
                name="task_indicators_one_value",
            ),
            CheckConstraint(check="number <> 'NaN'", name="task_indicators_number"),
            CheckConstraint(check="captured_by_id is null or captured_at is not null", name="task_indicators_captured"),
        )
