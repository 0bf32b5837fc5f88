"""When a workspace escalates what is overdue."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.rows import Due, Versioned


class EscalationRule(Versioned, Due):
    """After how many working hours a workspace escalates an overdue task, if ever, and which hours are worked."""

    after_working_hours: int | None = fields.IntField(null=True)
    opens_at = fields.CharField(max_length=5, default="09:00", db_default="09:00")
    closes_at = fields.CharField(max_length=5, default="17:00", db_default="17:00")
    holiday_country = fields.CharField(max_length=2, null=True)
    holiday_region = fields.CharField(max_length=10, null=True)

    class Meta:
        table = "escalation_rules"
        indexes = (Index(fields=("due_at",), name="escalation_rules_due"),)
        constraints = (
            UniqueConstraint(fields=("workspace_id",), name="escalation_rules_once"),
            CheckConstraint(check="after_working_hours between 1 and 1000", name="escalation_rules_after"),
            CheckConstraint(check="opens_at < closes_at", name="escalation_rules_hours"),
            CheckConstraint(
                check="holiday_region is null or holiday_country is not null", name="escalation_rules_region"
            ),
        )
