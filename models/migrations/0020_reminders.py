"""Reminders of whom and by what they say, at local times and on working days; notifications by channels."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.notifications import NotificationKind, NotificationStatus
from models.reminders import Channel, Recipient
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

KINDS = (
    "update notifications set sent_at = created_at, kind ="
    " case when note_id is not null then 'MENTION' when reminder_id is not null then 'REMINDER' else 'UPDATE' end"
)
# Tortoise cannot declare that nulls count as equal.
ONCE = (
    "alter table reminders drop constraint reminders_once, add constraint reminders_once unique {nulls} (task_id,"
    " recipient, user_id, channel, anchor, offset_minutes, days, working_days, after, local_time, remind_at)"
)
DUE = {
    "SERIES": "series", "REMINDER": "reminders", "CONVERSION": "conversions", "QUEUE": "teams",
    "ATTACHMENT": "attachments", "DELETION": "deletions",
}


def failed_work(due):
    return "create or replace view failed_work as " + " union all ".join(
        f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
        f" from {table} where failed_at is not null"
        for kind, table in due.items()
    )


class Migration(migrations.Migration):
    dependencies = [('models', '0019_shared_files')]

    operations = [
        ops.AddField(
            model_name='CustomTaskType',
            name='reminders',
            field=fields.JSONField(default=list, db_default='[]', encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.RemoveConstraint(
            model_name='Notification',
            name='notifications_once',
            fields=None,
        ),
        ops.AlterModelOptions(
            name='Notification',
            options={'table': 'notifications', 'app': 'models', 'constraints': [UniqueConstraint(fields=('task_id', 'moment', 'user_id', 'channel', 'kind'), name='notifications_once', condition='note_id is null'), UniqueConstraint(fields=('note_id', 'user_id', 'channel'), name='notifications_mention_once'), CheckConstraint(check='num_nonnulls(task_id, note_id) > 0', name='notifications_about'), CheckConstraint(check="(sent_at is not null) = (status = 'SENT')", name='notifications_sent_at'), CheckConstraint(check="status = 'PENDING' or due_at is null", name='notifications_done')], 'indexes': [Index(fields=['due_at'], name='notifications_due')], 'pk_attr': 'id', 'table_description': 'Tells one person something by one channel, once; what is sent in the app is a line in their inbox.'},
        ),
        ops.AlterField(
            model_name='Notification',
            name='channel',
            field=fields.CharEnumField(default=Channel.IN_APP, description='IN_APP: IN_APP\nEMAIL: EMAIL\nWEBHOOK: WEBHOOK', db_default='IN_APP', enum_type=Channel, max_length=20),
        ),
        ops.AddField(
            model_name='Notification',
            name='attempts',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Notification',
            name='due_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Notification',
            name='error',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Notification',
            name='failed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Notification',
            name='kind',
            field=fields.CharEnumField(null=True, description='REMINDER: REMINDER\nMENTION: MENTION\nUPDATE: UPDATE', enum_type=NotificationKind, max_length=20),
        ),
        ops.AddField(
            model_name='Notification',
            name='late',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Notification',
            name='sent_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Notification',
            name='status',
            field=fields.CharEnumField(db_default='SENT', description='PENDING: PENDING\nSENT: SENT\nSKIPPED: SKIPPED', enum_type=NotificationStatus, max_length=20),
        ),
        ops.RunSQL(KINDS, ""),
        ops.AlterField(
            model_name='Notification',
            name='kind',
            field=fields.CharEnumField(description='REMINDER: REMINDER\nMENTION: MENTION\nUPDATE: UPDATE', enum_type=NotificationKind, max_length=20),
        ),
        ops.AlterField(
            model_name='Notification',
            name='status',
            field=fields.CharEnumField(description='PENDING: PENDING\nSENT: SENT\nSKIPPED: SKIPPED', enum_type=NotificationStatus, max_length=20),
        ),
        ops.AddIndex(
            model_name='Notification',
            index=Index(fields=['due_at'], name='notifications_due'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=UniqueConstraint(fields=('task_id', 'moment', 'user_id', 'channel', 'kind'), name='notifications_once', condition='note_id is null'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=CheckConstraint(check="(sent_at is not null) = (status = 'SENT')", name='notifications_sent_at'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=CheckConstraint(check="status = 'PENDING' or due_at is null", name='notifications_done'),
        ),
        ops.RemoveConstraint(
            model_name='Reminder',
            name='reminders_once',
            fields=None,
        ),
        ops.AlterModelOptions(
            name='Reminder',
            options={'table': 'reminders', 'app': 'models', 'constraints': [UniqueConstraint(fields=('task_id', 'recipient', 'user_id', 'channel', 'anchor', 'offset_minutes', 'days', 'working_days', 'after', 'local_time', 'remind_at'), name='reminders_once'), CheckConstraint(check="(user_id is not null) = (recipient = 'PERSON')", name='reminders_person'), CheckConstraint(check="(remind_at is not null) = (anchor = 'INSTANT')", name='reminders_instant'), CheckConstraint(check="anchor <> 'INSTANT' or (days, working_days) = (0, 0) and local_time is null", name='reminders_of_instant'), CheckConstraint(check='least(offset_minutes, days, working_days) >= 0', name='reminders_forward'), CheckConstraint(check="(sent_at is not null) = (status = 'SENT')", name='reminders_sent_at'), CheckConstraint(check="status = 'PENDING' or due_at is null", name='reminders_done')], 'indexes': [Index(fields=['due_at'], name='reminders_due')], 'pk_attr': 'id', 'table_description': 'Tells people about a task at a moment: so long before, or after, a date of the task, or at an instant.'},
        ),
        ops.AlterField(
            model_name='Reminder',
            name='channel',
            field=fields.CharEnumField(null=True, description='IN_APP: IN_APP\nEMAIL: EMAIL\nWEBHOOK: WEBHOOK', enum_type=Channel, max_length=20),
        ),
        ops.AlterField(
            model_name='Reminder',
            name='user',
            field=fields.ForeignKeyField('models.User', source_field='user_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Reminder',
            name='after',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Reminder',
            name='days',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Reminder',
            name='local_time',
            field=fields.CharField(null=True, max_length=5),
        ),
        ops.AddField(
            model_name='Reminder',
            name='recipient',
            field=fields.CharEnumField(default=Recipient.PERSON, description='PERSON: PERSON\nASSIGNEE: ASSIGNEE\nCREATOR: CREATOR\nWATCHERS: WATCHERS\nTEAM: TEAM', db_default='PERSON', enum_type=Recipient, max_length=20),
        ),
        ops.AddField(
            model_name='Reminder',
            name='updated_at',
            field=fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Reminder',
            name='version',
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name='Reminder',
            name='working_days',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=UniqueConstraint(fields=('task_id', 'recipient', 'user_id', 'channel', 'anchor', 'offset_minutes', 'days', 'working_days', 'after', 'local_time', 'remind_at'), name='reminders_once'),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=CheckConstraint(check="(user_id is not null) = (recipient = 'PERSON')", name='reminders_person'),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=CheckConstraint(check="anchor <> 'INSTANT' or (days, working_days) = (0, 0) and local_time is null", name='reminders_of_instant'),
        ),
        ops.AddConstraint(
            model_name='Reminder',
            constraint=CheckConstraint(check='least(offset_minutes, days, working_days) >= 0', name='reminders_forward'),
        ),
        ops.RunSQL(ONCE.format(nulls="nulls not distinct"), ONCE.format(nulls="nulls distinct")),
        ops.RunSQL(failed_work(DUE | {"NOTIFICATION": "notifications"}), failed_work(DUE)),
    ]
