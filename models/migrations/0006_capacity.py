"""How much people can take on, and how much tasks count."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.history import SubjectType
from models.tasks import TaskType
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0006_queue')]

    operations = [
        ops.CreateModel(
            name='TaskWeight',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('type', fields.CharEnumField(description='CALL: CALL\nEMAIL: EMAIL\nMEETING: MEETING\nFOLLOW_UP: FOLLOW_UP\nDEMO: DEMO\nPROPOSAL: PROPOSAL\nCONTRACT: CONTRACT\nOTHER: OTHER', enum_type=TaskType, max_length=20)),
                ('weight', fields.IntField()),
            ],
            options={'table': 'task_weights', 'app': 'models', 'pk_attr': 'id', 'table_description': 'How much a task of a type counts for whoever holds it; one whose type has no row counts as 1.'},
            bases=['Row'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nSERIES: SERIES\nRATE: RATE\nTASK_WEIGHT: TASK_WEIGHT', enum_type=SubjectType, max_length=20),
        ),
        ops.AddField(
            model_name='User',
            name='capacity',
            field=fields.IntField(null=True),
        ),
        ops.AddConstraint(
            model_name='User',
            constraint=CheckConstraint(check='capacity between 0 and 10000', name='users_capacity'),
        ),
        ops.AddConstraint(
            model_name='TaskWeight',
            constraint=UniqueConstraint(fields=('workspace_id', 'type'), name='task_weights_once'),
        ),
        ops.AddConstraint(
            model_name='TaskWeight',
            constraint=CheckConstraint(check='weight between 0 and 1000', name='task_weights_weight'),
        ),
        ops.RunSQL(  # Tortoise's partial indexes know equality only
            "create index tasks_carried on tasks (assignee_id, type)"
            " where assignee_id is not null and status in ('PENDING', 'IN_PROGRESS')",
            "drop index tasks_carried",
        ),
    ]
