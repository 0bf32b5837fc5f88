"""The order in which a queue is claimed from has its index."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_reminders")]

    operations = [
        ops.RunSQL(  # Tortoise's partial indexes know equality only
            "create index tasks_claimable on tasks (team_id, priority desc, due_on, number)"
            " where assignee_id is null and status in ('PENDING', 'IN_PROGRESS')",
            "drop index tasks_claimable",
        ),
    ]
