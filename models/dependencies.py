"""Which task waits for which."""

from uuid import UUID

from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Row, belongs


class Dependency(Row):
    """The predecessor blocks the successor, which is to begin once the predecessor is finished."""

    predecessor = belongs("Task")
    successor = belongs("Task")

    predecessor_id: UUID
    successor_id: UUID

    class Meta:
        table = "dependencies"
        constraints = (
            UniqueConstraint(fields=("successor_id", "predecessor_id"), name="dependencies_once"),
            CheckConstraint(check="predecessor_id <> successor_id", name="dependencies_not_on_itself"),
        )
