"""Who takes part in a task beside the one who holds it."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

from models.rows import Row, belongs


class Participation(StrEnum):
    """How a person takes part: a collaborator sees the task whoever's it is; both are told what becomes of it."""

    COLLABORATOR = "COLLABORATOR"
    WATCHER = "WATCHER"


class Participant(Row):
    """A person who takes part in a task."""

    task = belongs("Task")
    user = belongs("User")
    part = fields.CharEnumField(Participation, max_length=20)

    task_id: UUID
    user_id: UUID

    class Meta:
        table = "participants"
        constraints = (UniqueConstraint(fields=("task_id", "user_id"), name="participants_once"),)
