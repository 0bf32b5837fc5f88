"""Who takes part in a task beside the one who holds it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.participants import Participation
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

def key(column, target):
    name = f"participants_{column.removesuffix('_id')}_key"
    return (
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table participants drop constraint participants_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table participants drop constraint {name},"
        f" add constraint participants_{column}_fkey foreign key ({column}) references {target} (id)",
    )


KEYS = (key("task_id", "tasks"), key("user_id", "users"))


class Migration(migrations.Migration):
    dependencies = [('models', '0009_records')]

    operations = [
        ops.CreateModel(
            name='Participant',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('part', fields.CharEnumField(description='COLLABORATOR: COLLABORATOR\nWATCHER: WATCHER', enum_type=Participation, max_length=20)),
            ],
            options={'table': 'participants', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A person who takes part in a task.'},
            bases=['Row'],
        ),
        ops.AddField(
            model_name='Task',
            name='watched',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddConstraint(
            model_name='Participant',
            constraint=UniqueConstraint(fields=('task_id', 'user_id'), name='participants_once'),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in KEYS),
            tuple(backward for _, backward in KEYS),
        ),
        ops.RunSQL(
            "create index participants_shared on participants (user_id, task_id) where part = 'COLLABORATOR'",
            "drop index participants_shared",
        ),
    ]
