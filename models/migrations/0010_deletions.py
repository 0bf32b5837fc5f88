"""Deleted tasks, which can be restored for a while."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.indexes import Index

DUE = {
    "SERIES": "series", "REMINDER": "reminders", "CONVERSION": "conversions", "QUEUE": "teams",
    "ATTACHMENT": "attachments",
}
IDENTITY = (
    "alter table deletions add constraint deletions_in_workspace unique (workspace_id, id)",
    "alter table deletions drop constraint deletions_in_workspace",
)


def key(table, column, target):
    name = f"{table}_{column.removesuffix('_id')}_key"
    return (
        f"alter table {table} drop constraint {table}_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {name},"
        f" add constraint {table}_{column}_fkey foreign key ({column}) references {target} (id)",
    )


def failed_work(due):
    return "create or replace view failed_work as " + " union all ".join(
        f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
        f" from {table} where failed_at is not null"
        for kind, table in due.items()
    )


STEPS = (
    IDENTITY,
    key("deletions", "task_id", "tasks"),
    key("deletions", "creator_id", "users"),
    key("tasks", "deletion_id", "deletions"),
    (failed_work(DUE | {"DELETION": "deletions"}), failed_work(DUE)),
)


class Migration(migrations.Migration):
    dependencies = [('models', '0011_dependencies')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Deletion',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0, db_default=0)),
                ('error', fields.TextField(null=True, unique=False)),
                ('failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('creator', fields.ForeignKeyField('models.User', source_field='creator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('reason', fields.CharField(null=True, max_length=500)),
                ('purge_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deletions', 'app': 'models', 'indexes': [Index(fields=['due_at'], name='deletions_due')], 'pk_attr': 'id', 'table_description': 'A task was deleted with all below it, which are those that point here; `due_at` is when the purge looks at it.'},
            bases=['Row', 'Due'],
        ),
        ops.AddField(
            model_name='Task',
            name='deletion',
            field=fields.ForeignKeyField('models.Deletion', source_field='deletion_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in STEPS), tuple(backward for _, backward in reversed(STEPS))
        ),
    ]
