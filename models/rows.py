"""What every table has in common: its id, its workspace, its version, and when it is next due."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model
from uuid_utils.compat import uuid7


class NumericField(fields.DecimalField[Decimal | None]):
    """A number of any length, exact."""

    SQL_TYPE = "NUMERIC"

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=131_072, decimal_places=16_383, **more)

    def to_python_value(self, value: Any) -> Decimal | None:
        """The number as it is."""
        return None if value is None else Decimal(value)


class Row(Model):
    """A row of one workspace."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    workspace: Any = fields.ForeignKeyField("models.Workspace", related_name=False, on_delete=fields.OnDelete.RESTRICT)
    created_at = fields.DatetimeField(db_default=Now())

    workspace_id: UUID

    class Meta:
        abstract = True


class Versioned(Row):
    """A row that people edit: every change adds one to its version."""

    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        abstract = True


class Due(Model):
    """What the workers must do with a row, and when; null when nothing is to be done."""

    due_at: datetime | None = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0, db_default=0)
    error: str | None = fields.TextField(null=True)
    failed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        abstract = True


def belongs(to: str, *, null: bool = False) -> Any:
    """A key to another row of the same workspace; a migration gives it its composite constraint."""
    key: Any = fields.ForeignKeyField
    return key(
        f"models.{to}",
        related_name=False,
        null=null,
        db_constraint=False,
        db_index=True,
        on_delete=fields.OnDelete.RESTRICT,
    )
