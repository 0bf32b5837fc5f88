"""Tasks are found by the day on which they were finished."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0012_task_types")]

    operations = [
        ops.RunSQL(  # Tortoise's partial indexes know equality only
            "create index tasks_finished on tasks (workspace_id, finished_at) where finished_at is not null",
            "drop index tasks_finished",
        ),
    ]
