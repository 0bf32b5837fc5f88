"""Attachments, whose work can fail."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.attachments import AttachmentStatus, FileType
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

KEYS = (("task_id", "tasks"), ("customer_id", "customers"), ("visit_id", "visits"), ("creator_id", "users"))
DUE = {"SERIES": "series", "REMINDER": "reminders", "CONVERSION": "conversions", "QUEUE": "teams"}
IDENTITY = (
    "alter table attachments add constraint attachments_in_workspace unique (workspace_id, id)",
    "alter table attachments drop constraint attachments_in_workspace",
)


def key(column, target):
    name = f"attachments_{column.removesuffix('_id')}_key"
    return (
        f"alter table attachments drop constraint attachments_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table attachments drop constraint {name},"
        f" add constraint attachments_{column}_fkey foreign key ({column}) references {target} (id)",
    )


def failed_work(due):
    return "create or replace view failed_work as " + " union all ".join(
        f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
        f" from {table} where failed_at is not null"
        for kind, table in due.items()
    )


STEPS = (
    IDENTITY,
    *(key(*each) for each in KEYS),
    (failed_work(DUE | {"ATTACHMENT": "attachments"}), failed_work(DUE)),
)


class Migration(migrations.Migration):
    dependencies = [('models', '0006_participants')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Attachment',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('visit', fields.ForeignKeyField('models.Visit', source_field='visit_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0, db_default=0)),
                ('error', fields.TextField(null=True, unique=False)),
                ('failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('name', fields.CharField(max_length=200)),
                ('size', fields.IntField()),
                ('sha256', fields.CharField(max_length=64)),
                ('type', fields.CharEnumField(null=True, description='PNG: PNG\nJPEG: JPEG\nGIF: GIF\nWEBP: WEBP\nPDF: PDF\nDOCX: DOCX\nXLSX: XLSX\nPPTX: PPTX', enum_type=FileType, max_length=20)),
                ('status', fields.CharEnumField(default=AttachmentStatus.STAGED, description='STAGED: STAGED\nREADY: READY\nDELETED: DELETED', db_default='STAGED', enum_type=AttachmentStatus, max_length=20)),
                ('creator', fields.ForeignKeyField('models.User', source_field='creator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('place', fields.CharField(null=True, max_length=100)),
                ('thumbnail', fields.CharField(null=True, max_length=100)),
            ],
            options={'table': 'attachments', 'app': 'models', 'indexes': [Index(fields=['due_at'], name='attachments_due')], 'pk_attr': 'id', 'table_description': 'A file on a record; `place` is where the bytes are kept that were looked at.'},
            bases=['Row', 'About', 'Due'],
        ),
        ops.AddConstraint(
            model_name='Attachment',
            constraint=CheckConstraint(check='num_nonnulls(task_id, customer_id, visit_id) = 1', name='attachments_one_subject'),
        ),
        ops.AddConstraint(
            model_name='Attachment',
            constraint=CheckConstraint(check='size > 0', name='attachments_size'),
        ),
        ops.AddConstraint(
            model_name='Attachment',
            constraint=CheckConstraint(check="(type is not null) = (status <> 'STAGED') and (place is not null) = (status <> 'STAGED')", name='attachments_status'),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in STEPS), tuple(backward for _, backward in reversed(STEPS))
        ),
    ]
