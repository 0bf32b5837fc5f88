"""Checklists of tasks."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from uuid_utils.compat import uuid7

from models.rows import NumericField


def key(column, target):
    name = f"checklist_items_{column.removesuffix('_id')}_key"
    return ops.RunSQL(
        f"alter table checklist_items drop constraint checklist_items_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table checklist_items drop constraint {name},"
        f" add constraint checklist_items_{column}_fkey foreign key ({column}) references {target} (id)",
    )


def belongs(to, column, **more):
    more |= {"db_index": True, "db_constraint": False, "to_field": "id", "related_name": False}
    return fields.ForeignKeyField(f"models.{to}", source_field=column, on_delete=OnDelete.RESTRICT, **more)


class Migration(migrations.Migration):
    dependencies = [("models", "0009_records")]

    operations = [
        ops.CreateModel(
            name="ChecklistItem",
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
                ("task", belongs("Task", "task_id")),
                ("text", fields.CharField(max_length=500)),
                ("required", fields.BooleanField(default=False, db_default=False)),
                ("position", NumericField()),
                ("ticked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ticked_by", belongs("User", "ticked_by_id", null=True)),
            ],
            options={
                "table": "checklist_items",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One line of a task's checklist, which somebody ticks.",
            },
            bases=["Versioned"],
        ),
        ops.AddConstraint(
            model_name="ChecklistItem",
            constraint=UniqueConstraint(fields=("task_id", "position"), name="checklist_items_place"),
        ),
        ops.AddConstraint(
            model_name="ChecklistItem",
            constraint=CheckConstraint(
                check="ticked_by_id is null or ticked_at is not null", name="checklist_items_ticked"
            ),
        ),
        key("task_id", "tasks"),
        key("ticked_by_id", "users"),
    ]
