"""Task types of a workspace's own."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.history import SubjectType
from models.tasks import Priority, TaskType
from orjson import loads
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

KEYS = (
    (
        "alter table custom_task_types add constraint custom_task_types_in_workspace unique (workspace_id, id)",
        "alter table custom_task_types drop constraint custom_task_types_in_workspace",
    ),
    (
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        "alter table tasks drop constraint tasks_custom_type_id_fkey,"
        " add constraint tasks_custom_type_key foreign key (workspace_id, custom_type_id)"
        " references custom_task_types (workspace_id, id)",
        "alter table tasks drop constraint tasks_custom_type_key,"
        " add constraint tasks_custom_type_id_fkey foreign key (custom_type_id) references custom_task_types (id)",
    ),
)


class Migration(migrations.Migration):
    dependencies = [('models', '0010_deletions')]

    operations = [
        ops.CreateModel(
            name='CustomTaskType',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('key', fields.CharField(max_length=40)),
                ('name', fields.CharField(max_length=80)),
                ('type', fields.CharEnumField(default=TaskType.OTHER, description='CALL: CALL\nEMAIL: EMAIL\nMEETING: MEETING\nFOLLOW_UP: FOLLOW_UP\nDEMO: DEMO\nPROPOSAL: PROPOSAL\nCONTRACT: CONTRACT\nOTHER: OTHER', db_default='OTHER', enum_type=TaskType, max_length=20)),
                ('priority', fields.IntEnumField(null=True, description='LOW: 1\nMEDIUM: 2\nHIGH: 3\nURGENT: 4', enum_type=Priority, generated=False)),
                ('expected_minutes', fields.IntField(null=True)),
                ('workflow', fields.CharField(null=True, max_length=40)),
                ('weight', fields.IntField(null=True)),
                ('required_fields', ArrayField(element_type='TEXT')),
                ('checklist', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('archived_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'custom_task_types', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What new tasks of a type begin with, and what they must have.'},
            bases=['Versioned'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nWORKFLOW: WORKFLOW\nTASK_WEIGHT: TASK_WEIGHT\nFOLLOW_UP_RULE: FOLLOW_UP_RULE\nCUSTOM_TASK_TYPE: CUSTOM_TASK_TYPE', enum_type=SubjectType, max_length=20),
        ),
        ops.AddField(
            model_name='Task',
            name='custom_type',
            field=fields.ForeignKeyField('models.CustomTaskType', source_field='custom_type_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='CustomTaskType',
            constraint=UniqueConstraint(fields=('workspace_id', 'key'), name='custom_task_types_key_once'),
        ),
        ops.AddConstraint(
            model_name='CustomTaskType',
            constraint=CheckConstraint(check='priority between 1 and 4', name='custom_task_types_priority'),
        ),
        ops.AddConstraint(
            model_name='CustomTaskType',
            constraint=CheckConstraint(check='expected_minutes between 0 and 525600', name='custom_task_types_expected_minutes'),
        ),
        ops.AddConstraint(
            model_name='CustomTaskType',
            constraint=CheckConstraint(check='weight between 0 and 1000', name='custom_task_types_weight'),
        ),
        ops.RunSQL(tuple(forward for forward, _ in KEYS), tuple(backward for _, backward in reversed(KEYS))),
    ]
