"""Tasks that were deleted: kept for a while, in which they can be restored."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.rows import Due, Row, belongs


class Deletion(Row, Due):
    """A task was deleted with all below it, which are those that point here; `due_at` is when the purge looks at it."""

    task = belongs("Task")
    creator = belongs("User")
    reason = fields.CharField(max_length=500, null=True)
    purge_at: datetime = fields.DatetimeField()

    task_id: UUID
    creator_id: UUID

    class Meta:
        table = "deletions"
        indexes = (Index(fields=("due_at",), name="deletions_due"),)
