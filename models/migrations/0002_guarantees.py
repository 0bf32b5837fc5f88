"""What Tortoise's migrations leave out or cannot say: constraints, composite keys, search, partial indexes and views."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations import operations as ops

SEARCHED = {
    "customers": ("name", "reference"),
    "locations": ("name", "city"),
    "notes": ("text",),
    "opportunities": ("subject", "description"),
    "tasks": ("title", "description"),
    "teams": ("name",),
    "tickets": ("subject", "description"),
    "users": ("name", "email"),
    "visits": ("purpose",),
}
REMINDERS_ONCE = (  # Tortoise's constraints do not say whether nulls are alike
    "alter table reminders drop constraint reminders_once, add constraint reminders_once unique nulls not distinct"
    " (task_id, recipient, user_id, channel, anchor, offset_minutes, days, working_days, after, local_time, remind_at)"
)
INDEXES = (  # Tortoise's partial indexes know equality only, and its orders no direction
    "notifications_folded on notifications (user_id) where status = 'FOLDED' and sent_at is null",
    "notifications_unread on notifications (user_id, id)"
    " where channel = 'IN_APP' and status = 'SENT' and read_at is null",
    "participants_shared on participants (user_id, task_id) where part = 'COLLABORATOR'",
    "tasks_carried on tasks (assignee_id, type)"
    " where assignee_id is not null and status in ('PENDING', 'IN_PROGRESS')",
    "tasks_claimable on tasks (team_id, priority desc, due_on, number)"
    " where assignee_id is null and status in ('PENDING', 'IN_PROGRESS')",
    "tasks_finished on tasks (workspace_id, finished_at) where finished_at is not null",
    "tasks_queue on tasks (team_id, due_on, id) where finished_at is null",
)
SIBLINGS = (  # whoever is put between two is between them
    "create unique index tasks_siblings on tasks (parent_id, (coalesce(position, number))) where parent_id is not null"
)
LOCATION_OF_CUSTOMER = (
    "alter table visits add constraint visits_location_of_customer foreign key"
    " (workspace_id, customer_id, location_id) references locations (workspace_id, customer_id, id)"
)
DUE = {
    "ATTACHMENT": "attachments",
    "CONVERSION": "conversions",
    "DELETION": "deletions",
    "DIGEST": "notification_settings",
    "NOTIFICATION": "notifications",
    "QUEUE": "teams",
    "REMINDER": "reminders",
    "SERIES": "series",
}
FAILED_WORK = "create view failed_work as " + " union all ".join(
    f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
    f" from {table} where failed_at is not null"
    for kind, table in DUE.items()
)
# A task's number is told once, when it is made.
STATUS_PERIODS = """
create view status_periods as
select e.id, e.workspace_id, e.subject_id as task_id, coalesce(e.changes -> 'status' ->> 1, 'PENDING') as status,
    e.created_at as entered_at, e.actor_id as by_id, e.created_at, (
        select min(n.created_at) from events n
        where n.subject_id = e.subject_id and n.created_at > e.created_at and n.changes ? 'status'
    ) as left_at
from events e
where e.subject_type = 'TASK' and (e.changes ? 'status' or e.changes ? 'number')
"""


def searched(table: str, columns: tuple[str, ...]) -> str:
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    return (
        f"alter table {table} add column search_text text generated always as (lower({text})) stored;"
        f"create index {table}_search_words on {table} using gin (to_tsvector('simple', search_text));"
        f"create index {table}_search_typos on {table} using gin (search_text gin_trgm_ops)"
    )


class Guarantees(ops.TortoiseOperation):
    """The declared constraints of all tables, and the composite keys that keep what points inside its workspace.

    `CreateModel` leaves out the constraints that it is told of, and makes simple keys, whatever `db_constraint` says.
    """

    def describe(self):
        return "Add constraints and composite keys"

    async def database_forward(self, app_label, old_state, new_state, state_editor=None):
        tables = [new_state.apps.get_model(f"{app}.{name}") for app, name in new_state.models]
        for table in tables:
            for constraint in table._meta.constraints:
                await state_editor.add_constraint(table, constraint)
        keys = sorted(key for table in tables for key in keys_of(table._meta))
        for target in sorted({target for _, _, target in keys}):
            await state_editor._run_sql(
                f"alter table {target} add constraint {target}_in_workspace unique (workspace_id, id)"
            )
        for table, column, target in keys:
            await state_editor._run_sql(
                f"alter table {table} drop constraint {table}_{column}_fkey,"
                f" add constraint {table}_{column.removesuffix('_id')}_key"
                f" foreign key (workspace_id, {column}) references {target} (workspace_id, id)"
            )


def keys_of(table):
    return [
        (table.db_table, field.source_field, field.related_model._meta.db_table)
        for name, field in table.fields_map.items()
        if name != "workspace" and isinstance(field, ForeignKeyFieldInstance)
    ]


class Migration(migrations.Migration):
    dependencies = [("models", "0001_tables")]

    operations = [
        ops.AddField(  # a task and its deletion point at each other
            model_name="Task",
            name="deletion",
            field=fields.ForeignKeyField(
                "models.Deletion",
                source_field="deletion_id",
                null=True,
                db_index=True,
                db_constraint=False,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        Guarantees(),
        ops.RunSQL(  # in one operation: Tortoise copies the whole state for each
            (
                "create extension if not exists pg_trgm",
                REMINDERS_ONCE,
                LOCATION_OF_CUSTOMER,
                *(searched(*each) for each in SEARCHED.items()),
                *(f"create index {index}" for index in INDEXES),
                SIBLINGS,
                FAILED_WORK,
                STATUS_PERIODS,
            )
        ),
    ]
