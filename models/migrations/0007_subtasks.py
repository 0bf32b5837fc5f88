"""The order of subtasks, and what they count for."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from models.rows import NumericField
from models.tasks import ProgressBy


class Migration(migrations.Migration):
    dependencies = [("models", "0005_bulk")]

    operations = [
        ops.AddField(
            model_name="Task",
            name="finish_with_subtasks",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(model_name="Task", name="position", field=NumericField(null=True)),
        ops.AddField(
            model_name="Task",
            name="progress_by",
            field=fields.CharEnumField(
                default=ProgressBy.COUNT,
                description="COUNT: COUNT\nWEIGHT: WEIGHT\nESTIMATE: ESTIMATE",
                db_default="COUNT",
                enum_type=ProgressBy,
                max_length=20,
            ),
        ),
        ops.AddField(model_name="Task", name="progress_weight", field=fields.IntField(default=1, db_default=1)),
        ops.AddConstraint(
            model_name="Task",
            constraint=CheckConstraint(check="progress_weight between 1 and 1000", name="tasks_progress_weight"),
        ),
        # No two siblings have the same place, so whoever is put between two is between them.
        ops.RunSQL(
            "create unique index tasks_siblings on tasks (parent_id, (coalesce(position, number)))"
            " where parent_id is not null",
            "drop index tasks_siblings",
        ),
    ]
