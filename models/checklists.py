"""Checklists: the small steps of a task."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import NumericField, Versioned, belongs


class ChecklistItem(Versioned):
    """One line of a task's checklist, which somebody ticks."""

    task = belongs("Task")
    text = fields.CharField(max_length=500)
    required = fields.BooleanField(default=False, db_default=False)
    position: Decimal = NumericField()
    ticked_at: datetime | None = fields.DatetimeField(null=True)
    ticked_by = belongs("User", null=True)

    task_id: UUID
    ticked_by_id: UUID | None

    class Meta:
        table = "checklist_items"
        constraints = (
            UniqueConstraint(fields=("task_id", "position"), name="checklist_items_place"),
            CheckConstraint(check="ticked_by_id is null or ticked_at is not null", name="checklist_items_ticked"),
        )
