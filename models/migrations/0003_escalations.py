"""The rule by which a workspace escalates what is overdue, and for which due day a task was escalated last."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from uuid_utils.compat import uuid7

from models.history import SubjectType
from models.notifications import NotificationKind

CONSTRAINTS = (
    UniqueConstraint(fields=("workspace_id",), name="escalation_rules_once"),
    CheckConstraint(check="after_working_hours between 1 and 1000", name="escalation_rules_after"),
    CheckConstraint(check="opens_at < closes_at", name="escalation_rules_hours"),
    CheckConstraint(check="holiday_region is null or holiday_country is not null", name="escalation_rules_region"),
)
# What was escalated leaves it, so that the next look finds what was not, however much there is.
NOT_ESCALATED = (
    "create index tasks_not_escalated on tasks (workspace_id, due_on, id)"
    " where finished_at is null and deletion_id is null and escalated_on is distinct from due_on"
)
DUE = {
    "ATTACHMENT": "attachments",
    "CONVERSION": "conversions",
    "DELETION": "deletions",
    "DIGEST": "notification_settings",
    "ESCALATION": "escalation_rules",
    "NOTIFICATION": "notifications",
    "QUEUE": "teams",
    "REMINDER": "reminders",
    "SERIES": "series",
}
FAILED_WORK = "create or replace view failed_work as " + " union all ".join(
    f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
    f" from {table} where failed_at is not null"
    for kind, table in DUE.items()
)


class Migration(migrations.Migration):
    dependencies = [("models", "0002_guarantees")]

    operations = [
        ops.CreateModel(
            name="EscalationRule",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "workspace",
                    fields.ForeignKeyField(
                        "models.Workspace",
                        source_field="workspace_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1, db_default=1)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0, db_default=0)),
                ("error", fields.TextField(null=True, unique=False)),
                ("failed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("after_working_hours", fields.IntField(null=True)),
                ("opens_at", fields.CharField(default="09:00", db_default="09:00", max_length=5)),
                ("closes_at", fields.CharField(default="17:00", db_default="17:00", max_length=5)),
                ("holiday_country", fields.CharField(null=True, max_length=2)),
                ("holiday_region", fields.CharField(null=True, max_length=10)),
            ],
            options={
                "table": "escalation_rules",
                "app": "models",
                "indexes": [Index(fields=["due_at"], name="escalation_rules_due")],
                "pk_attr": "id",
                "table_description": "After how many working hours a workspace escalates an overdue task, if ever, and which hours are worked.",
            },
            bases=["Versioned", "Due"],
        ),
        ops.AlterField(
            model_name="Event",
            name="subject_type",
            field=fields.CharEnumField(
                description="\n".join(f"{kind}: {kind}" for kind in SubjectType), enum_type=SubjectType, max_length=20
            ),
        ),
        ops.AlterField(
            model_name="Notification",
            name="kind",
            field=fields.CharEnumField(
                description="REMINDER: REMINDER\nMENTION: MENTION\nUPDATE: UPDATE\nDIGEST: DIGEST\nESCALATION: ESCALATION",
                enum_type=NotificationKind,
                max_length=20,
            ),
        ),
        ops.AddField(
            model_name="Task",
            name="escalated_on",
            field=fields.DateField(null=True),
        ),
        *(ops.AddConstraint("EscalationRule", each) for each in CONSTRAINTS),
        ops.RunSQL((NOT_ESCALATED, FAILED_WORK)),
    ]
