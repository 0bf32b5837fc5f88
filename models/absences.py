"""When people are away, and who stands in for them."""

from datetime import date
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

from models.rows import Versioned, belongs


class Absence(Versioned):
    """Some days on which a person is away; why is nobody's business, and is not kept."""

    user = belongs("User")
    substitute = belongs("User", null=True)
    starts_on: date = fields.DateField()
    ends_on: date = fields.DateField()

    user_id: UUID
    substitute_id: UUID | None

    class Meta:
        table = "absences"
        constraints = (
            CheckConstraint(check="starts_on <= ends_on", name="absences_forward"),
            CheckConstraint(check="substitute_id <> user_id", name="absences_by_another"),
        )
