"""How people wish to be told; digests, and the tasks that they name."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.notifications import NotificationKind, NotificationStatus
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

KEYS = (
    ("digest_lines", "notification_id", "notifications"),
    ("digest_lines", "task_id", "tasks"),
    ("notification_settings", "user_id", "users"),
)
IN_WORKSPACE = (
    "alter table notifications add constraint notifications_in_workspace unique (workspace_id, id)",
    "alter table notifications drop constraint notifications_in_workspace",
)
INBOX = (
    "create index notifications_unread on notifications (user_id, id)"
    " where channel = 'IN_APP' and status = 'SENT' and read_at is null;"
    "create index notifications_folded on notifications (user_id) where status = 'FOLDED' and sent_at is null",
    "drop index notifications_unread; drop index notifications_folded",
)
DUE = {
    "SERIES": "series", "REMINDER": "reminders", "CONVERSION": "conversions", "QUEUE": "teams",
    "ATTACHMENT": "attachments", "DELETION": "deletions", "NOTIFICATION": "notifications",
}


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
    IN_WORKSPACE,
    *(key(*each) for each in KEYS),
    INBOX,
    (failed_work(DUE | {"DIGEST": "notification_settings"}), failed_work(DUE)),
)


class Migration(migrations.Migration):
    dependencies = [('models', '0020_reminders')]

    operations = [
        ops.CreateModel(
            name='DigestLine',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('notification', fields.ForeignKeyField('models.Notification', source_field='notification_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'digest_lines', 'app': 'models', 'constraints': [UniqueConstraint(fields=('notification_id', 'task_id'), name='digest_lines_once')], 'pk_attr': 'id', 'table_description': 'A task that a digest names.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='NotificationSettings',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0, db_default=0)),
                ('error', fields.TextField(null=True, unique=False)),
                ('failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('channels', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('quiet_from', fields.CharField(null=True, max_length=5)),
                ('quiet_until', fields.CharField(null=True, max_length=5)),
                ('digest_at', fields.CharField(null=True, max_length=5)),
            ],
            options={'table': 'notification_settings', 'app': 'models', 'constraints': [UniqueConstraint(fields=('user_id',), name='notification_settings_once'), CheckConstraint(check='(quiet_from is null) = (quiet_until is null)', name='notification_settings_quiet')], 'indexes': [Index(fields=['due_at'], name='notification_settings_due')], 'pk_attr': 'id', 'table_description': 'How a person wishes to be told; `due_at` is when their next digest is made.'},
            bases=['Versioned', 'Due'],
        ),
        ops.RemoveConstraint(
            model_name='Notification',
            name='notifications_about',
            fields=None,
        ),
        ops.RemoveConstraint(
            model_name='Notification',
            name='notifications_sent_at',
            fields=None,
        ),
        ops.AlterField(
            model_name='Notification',
            name='kind',
            field=fields.CharEnumField(description='REMINDER: REMINDER\nMENTION: MENTION\nUPDATE: UPDATE\nDIGEST: DIGEST', enum_type=NotificationKind, max_length=20),
        ),
        ops.AlterField(
            model_name='Notification',
            name='status',
            field=fields.CharEnumField(description='PENDING: PENDING\nSENT: SENT\nSKIPPED: SKIPPED\nFOLDED: FOLDED', enum_type=NotificationStatus, max_length=20),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=UniqueConstraint(fields=('user_id', 'moment', 'channel'), name='notifications_digest_once', condition="kind = 'DIGEST'"),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=CheckConstraint(check="num_nonnulls(task_id, note_id) > 0 or kind = 'DIGEST'", name='notifications_about'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=CheckConstraint(check="status = 'FOLDED' or (sent_at is not null) = (status = 'SENT')", name='notifications_sent_at'),
        ),
        ops.AddConstraint(
            model_name='DigestLine',
            constraint=UniqueConstraint(fields=('notification_id', 'task_id'), name='digest_lines_once'),
        ),
        ops.AddConstraint(
            model_name='NotificationSettings',
            constraint=UniqueConstraint(fields=('user_id',), name='notification_settings_once'),
        ),
        ops.AddConstraint(
            model_name='NotificationSettings',
            constraint=CheckConstraint(check='(quiet_from is null) = (quiet_until is null)', name='notification_settings_quiet'),
        ),
        ops.RunSQL(tuple(forward for forward, _ in STEPS), tuple(backward for _, backward in reversed(STEPS))),
    ]
