"""What Tortoise cannot declare: keys that stay in their workspace, what is searched, and the list of failed work."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ROWS = (
    "api_keys", "billables", "conversions", "customers", "locations", "reminders",
    "series", "tasks", "teams", "time_entries", "users", "visits",
)

KEYS = (
    ("api_keys", "creator_id", "users"),
    ("api_keys", "user_id", "users"),
    ("assignments", "actor_id", "users"),
    ("assignments", "receiver_id", "users"),
    ("assignments", "sender_id", "users"),
    ("assignments", "task_id", "tasks"),
    ("billables", "conversion_id", "conversions"),
    ("billables", "customer_id", "customers"),
    ("billables", "task_id", "tasks"),
    ("billables", "user_id", "users"),
    ("billed_entries", "billable_id", "billables"),
    ("billed_entries", "time_entry_id", "time_entries"),
    ("conversions", "creator_id", "users"),
    ("conversions", "task_id", "tasks"),
    ("customers", "organization_id", "customers"),
    ("customers", "sales_rep_id", "users"),
    ("events", "actor_id", "users"),
    ("events", "api_key_id", "api_keys"),
    ("locations", "customer_id", "customers"),
    ("memberships", "team_id", "teams"),
    ("memberships", "user_id", "users"),
    ("notifications", "reminder_id", "reminders"),
    ("notifications", "task_id", "tasks"),
    ("notifications", "user_id", "users"),
    ("rates", "customer_id", "customers"),
    ("rates", "location_id", "locations"),
    ("rates", "task_id", "tasks"),
    ("rates", "user_id", "users"),
    ("reminders", "creator_id", "users"),
    ("reminders", "task_id", "tasks"),
    ("reminders", "user_id", "users"),
    ("series", "assignee_id", "users"),
    ("series", "creator_id", "users"),
    ("series", "customer_id", "customers"),
    ("series", "team_id", "teams"),
    ("stored_answers", "user_id", "users"),
    ("task_links", "customer_id", "customers"),
    ("task_links", "location_id", "locations"),
    ("task_links", "task_id", "tasks"),
    ("task_links", "visit_id", "visits"),
    ("tasks", "assignee_id", "users"),
    ("tasks", "creator_id", "users"),
    ("tasks", "finished_by_id", "users"),
    ("tasks", "parent_id", "tasks"),
    ("tasks", "series_id", "series"),
    ("tasks", "team_id", "teams"),
    ("tasks", "visit_id", "visits"),
    ("teams", "parent_id", "teams"),
    ("time_entries", "creator_id", "users"),
    ("time_entries", "task_id", "tasks"),
    ("time_entries", "user_id", "users"),
    ("visits", "assignee_id", "users"),
    ("visits", "creator_id", "users"),
    ("visits", "customer_id", "customers"),
    ("visits", "location_id", "locations"),
    ("visits", "team_id", "teams"),
)

SEARCHED = {
    "tasks": ("title", "description"),
    "customers": ("name", "reference"),
    "locations": ("name", "city"),
    "users": ("name", "email"),
    "teams": ("name",),
    "visits": ("purpose",),
}

DUE = {"SERIES": "series", "REMINDER": "reminders", "CONVERSION": "conversions"}


def identity(table):
    name = f"{table}_in_workspace"
    return (
        f"alter table {table} add constraint {name} unique (workspace_id, id)",
        f"alter table {table} drop constraint {name}",
    )


def key(table, column, target):
    name = f"{table}_{column.removesuffix('_id')}_key"
    return (
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table {table} drop constraint {table}_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {name},"
        f" add constraint {table}_{column}_fkey foreign key ({column}) references {target} (id)",
    )


LOCATION_OF_CUSTOMER = (
    "alter table visits add constraint visits_location_of_customer foreign key"
    " (workspace_id, customer_id, location_id) references locations (workspace_id, customer_id, id)",
    "alter table visits drop constraint visits_location_of_customer",
)


def searched(table, columns):
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    return (
        f"alter table {table} add column search_text text generated always as (lower({text})) stored;"
        f"create index {table}_search_words on {table} using gin (to_tsvector('simple', search_text));"
        f"create index {table}_search_typos on {table} using gin (search_text gin_trgm_ops)",
        f"alter table {table} drop column search_text",
    )


QUEUE = (  # Tortoise's partial indexes know equality only
    "create index tasks_queue on tasks (team_id, due_on, id) where finished_at is null",
    "drop index tasks_queue",
)
FAILED_WORK = (
    "create view failed_work as "
    + " union all ".join(
        f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
        f" from {table} where failed_at is not null"
        for kind, table in DUE.items()
    ),
    "drop view failed_work",
)


def together(*steps):
    """One operation of many steps, undone in the opposite order: Tortoise copies the whole state for each operation."""
    return ops.RunSQL(
        tuple(forward for forward, _ in steps), tuple(backward for _, backward in reversed(steps))
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0002_constraints")]

    operations = [
        together(
            ("create extension if not exists pg_trgm", "drop extension pg_trgm"),
            *(identity(table) for table in ROWS),
            *(key(*each) for each in KEYS),
            LOCATION_OF_CUSTOMER,
            *(searched(table, columns) for table, columns in SEARCHED.items()),
            QUEUE,
            FAILED_WORK,
        ),
    ]
