"""The types of a workspace's own that rules for follow-ups name."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

OF_TASKS = CheckConstraint(check="custom_type_id is null or trigger = 'TASK'", name="follow_up_rules_custom_type")


def custom_type(model):
    return ops.AddField(
        model_name=model,
        name="custom_type",
        field=fields.ForeignKeyField(
            "models.CustomTaskType",
            source_field="custom_type_id",
            null=True,
            db_index=True,
            db_constraint=False,
            to_field="id",
            related_name=False,
            on_delete=OnDelete.RESTRICT,
        ),
    )


def inside_the_workspace(table):
    alter, whole, simple = f"alter table {table}", f"{table}_custom_type_key", f"{table}_custom_type_id_fkey"
    return ops.RunSQL(
        f"{alter} drop constraint {simple}, add constraint {whole}"
        " foreign key (workspace_id, custom_type_id) references custom_task_types (workspace_id, id)",
        f"{alter} drop constraint {whole}, add constraint {simple}"
        " foreign key (custom_type_id) references custom_task_types (id) on delete restrict",
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0003_escalations")]

    operations = [
        custom_type("FollowUpRule"),
        custom_type("FollowUpItem"),
        ops.AddConstraint(model_name="FollowUpRule", constraint=OF_TASKS),
        inside_the_workspace("follow_up_rules"),
        inside_the_workspace("follow_up_items"),
    ]
