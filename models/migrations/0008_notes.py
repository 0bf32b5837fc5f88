"""Notes and mentions; a notification may tell of a mention. A task's one text of notes makes way for them."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.history import SubjectType
from models.notes import NoteKind
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

KEYS = (
    ("notes", "task_id", "tasks"),
    ("notes", "customer_id", "customers"),
    ("notes", "visit_id", "visits"),
    ("notes", "creator_id", "users"),
    ("mentions", "note_id", "notes"),
    ("mentions", "user_id", "users"),
    ("notifications", "note_id", "notes"),
)

IDENTITY = (
    "alter table notes add constraint notes_in_workspace unique (workspace_id, id)",
    "alter table notes drop constraint notes_in_workspace",
)
SEARCHED = (
    "alter table notes add column search_text text generated always as (lower(text)) stored;"
    "create index notes_search_words on notes using gin (to_tsvector('simple', search_text));"
    "create index notes_search_typos on notes using gin (search_text gin_trgm_ops)",
    "alter table notes drop column search_text",
)


def key(table, column, target):
    name = f"{table}_{column.removesuffix('_id')}_key"
    return (
        f"alter table {table} drop constraint {table}_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {name},"
        f" add constraint {table}_{column}_fkey foreign key ({column}) references {target} (id)",
    )


STEPS = (IDENTITY, *(key(*each) for each in KEYS), SEARCHED)


class Migration(migrations.Migration):
    dependencies = [('models', '0007_subtasks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Note',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('visit', fields.ForeignKeyField('models.Visit', source_field='visit_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='INTERNAL: INTERNAL\nOUTCOME: OUTCOME\nCUSTOMER_VISIBLE: CUSTOMER_VISIBLE', enum_type=NoteKind, max_length=20)),
                ('text', fields.CharField(max_length=10000)),
                ('html', fields.TextField(unique=False)),
                ('creator', fields.ForeignKeyField('models.User', source_field='creator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'notes', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What somebody wrote on a record, in Markdown, and the HTML that was made of it.'},
            bases=['Versioned', 'About'],
        ),
        ops.CreateModel(
            name='Mention',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('note', fields.ForeignKeyField('models.Note', source_field='note_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'mentions', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A person whom a note mentions.'},
            bases=['Row'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nTASK_WEIGHT: TASK_WEIGHT', enum_type=SubjectType, max_length=20),
        ),
        ops.RemoveConstraint(
            model_name='Notification',
            name='notifications_once',
            fields=None,
        ),
        ops.AlterField(
            model_name='Notification',
            name='task',
            field=fields.ForeignKeyField('models.Task', source_field='task_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Notification',
            name='note',
            field=fields.ForeignKeyField('models.Note', source_field='note_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=UniqueConstraint(fields=('task_id', 'moment', 'user_id', 'channel'), name='notifications_once', condition='note_id is null'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=UniqueConstraint(fields=('note_id', 'user_id', 'channel'), name='notifications_mention_once'),
        ),
        ops.AddConstraint(
            model_name='Notification',
            constraint=CheckConstraint(check='num_nonnulls(task_id, note_id) > 0', name='notifications_about'),
        ),
        ops.RemoveField(model_name='Task', name='notes'),
        ops.AddConstraint(
            model_name='Note',
            constraint=CheckConstraint(check='num_nonnulls(task_id, customer_id, visit_id) = 1', name='notes_one_subject'),
        ),
        ops.AddConstraint(
            model_name='Mention',
            constraint=UniqueConstraint(fields=('note_id', 'user_id'), name='mentions_once'),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in STEPS), tuple(backward for _, backward in reversed(STEPS))
        ),
    ]
