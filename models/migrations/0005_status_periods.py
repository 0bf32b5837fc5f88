"""How long tasks were in each status, as the log of their changes tells."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATUS_PERIODS = """
create view status_periods as
select e.id, e.workspace_id, e.subject_id as task_id, coalesce(e.changes -> 'status' ->> 1, 'PENDING') as status,
    e.created_at as entered_at, e.actor_id as by_id, e.created_at, (
        select min(n.created_at) from events n
        where n.subject_id = e.subject_id and n.created_at > e.created_at and n.changes ? 'status'
    ) as left_at
from events e
where e.subject_type = 'TASK' and (e.changes ? 'status' or e.changes ? 'number')
"""  # a task's number is told once, when it is made


class Migration(migrations.Migration):
    dependencies = [("models", "0005_workflows")]

    operations = [ops.RunSQL(STATUS_PERIODS, "drop view status_periods")]
