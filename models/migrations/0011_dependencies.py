"""Which task waits for which."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from uuid_utils.compat import uuid7


def key(column):
    name = f"dependencies_{column.removesuffix('_id')}_key"
    return ops.RunSQL(
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table dependencies drop constraint dependencies_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references tasks (workspace_id, id)",
        f"alter table dependencies drop constraint {name},"
        f" add constraint dependencies_{column}_fkey foreign key ({column}) references tasks (id)",
    )


def task(column):
    more = {"db_index": True, "db_constraint": False, "to_field": "id", "related_name": False}
    return fields.ForeignKeyField("models.Task", source_field=column, on_delete=OnDelete.RESTRICT, **more)


class Migration(migrations.Migration):
    dependencies = [("models", "0005_status_periods"), ("models", "0007_follow_ups"), ("models", "0008_subjects")]

    operations = [
        ops.CreateModel(
            name="Dependency",
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
                ("predecessor", task("predecessor_id")),
                ("successor", task("successor_id")),
            ],
            options={
                "table": "dependencies",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The predecessor blocks the successor, which is to begin once the predecessor is"
                " finished.",
            },
            bases=["Row"],
        ),
        ops.AddConstraint(
            model_name="Dependency",
            constraint=UniqueConstraint(fields=("successor_id", "predecessor_id"), name="dependencies_once"),
        ),
        ops.AddConstraint(
            model_name="Dependency",
            constraint=CheckConstraint(check="predecessor_id <> successor_id", name="dependencies_not_on_itself"),
        ),
        key("predecessor_id"),
        key("successor_id"),
    ]
