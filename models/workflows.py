"""Workflows: the steps of tasks, as published tables that never change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Row, belongs

LONGEST_NAME = 40


class WorkflowVersion(Row):
    """One version of a workflow; nobody published the built-in ones."""

    name = fields.CharField(max_length=LONGEST_NAME)
    version = fields.IntField(default=1, db_default=1)
    definition: dict[str, Any] = fields.JSONField()
    publisher = belongs("User", null=True)
    retired_at: datetime | None = fields.DatetimeField(null=True)

    publisher_id: UUID | None

    class Meta:
        table = "workflows"
        constraints = (
            UniqueConstraint(fields=("workspace_id", "name", "version"), name="workflows_once"),
            CheckConstraint(check="publisher_id is not null or retired_at is null", name="workflows_built_in_stay"),
        )
