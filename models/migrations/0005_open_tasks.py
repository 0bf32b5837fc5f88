"""Open tasks by their ids: who counts those of a customer reads none of the many that were finished."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_follow_up_types")]

    operations = [
        ops.RunSQL("create index tasks_open on tasks (id) where finished_at is null", "drop index tasks_open"),
    ]
