"""What follows when a task or a visit is done: by hand, and by rules."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.follow_ups import FollowUpHolder, FollowUpTrigger
from models.history import SubjectType
from models.tasks import Priority, TaskType
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


def identity(table):
    name = f"{table}_in_workspace"
    return ops.RunSQL(
        f"alter table {table} add constraint {name} unique (workspace_id, id)",
        f"alter table {table} drop constraint {name}",
    )


def key(table, column, target):
    name = f"{table}_{column.removesuffix('_id')}_key"
    return ops.RunSQL(
        f"alter table {table} drop constraint {table}_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {name},"
        f" add constraint {table}_{column}_fkey foreign key ({column}) references {target} (id)",
    )


class Migration(migrations.Migration):
    dependencies = [('models', '0005_workflows')]

    operations = [
        ops.CreateModel(
            name='FollowUpRule',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('name', fields.CharField(max_length=120)),
                ('trigger', fields.CharEnumField(description='TASK: TASK\nVISIT: VISIT', enum_type=FollowUpTrigger, max_length=20)),
                ('task_type', fields.CharEnumField(null=True, description='CALL: CALL\nEMAIL: EMAIL\nMEETING: MEETING\nFOLLOW_UP: FOLLOW_UP\nDEMO: DEMO\nPROPOSAL: PROPOSAL\nCONTRACT: CONTRACT\nOTHER: OTHER', enum_type=TaskType, max_length=20)),
                ('creator', fields.ForeignKeyField('models.User', source_field='creator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'follow_up_rules', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Says what follows when a task, perhaps only of one type, or a visit is done.'},
            bases=['Versioned'],
        ),
        ops.CreateModel(
            name='FollowUpItem',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('follow_up_rule', fields.ForeignKeyField('models.FollowUpRule', source_field='follow_up_rule_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('place', fields.IntField()),
                ('title', fields.CharField(max_length=200)),
                ('type', fields.CharEnumField(description='CALL: CALL\nEMAIL: EMAIL\nMEETING: MEETING\nFOLLOW_UP: FOLLOW_UP\nDEMO: DEMO\nPROPOSAL: PROPOSAL\nCONTRACT: CONTRACT\nOTHER: OTHER', enum_type=TaskType, max_length=20)),
                ('priority', fields.IntEnumField(description='LOW: 1\nMEDIUM: 2\nHIGH: 3\nURGENT: 4', enum_type=Priority, generated=False)),
                ('description', fields.TextField(null=True, unique=False)),
                ('after_days', fields.IntField(default=0, db_default=0)),
                ('holder', fields.CharEnumField(description='ASSIGNEE: ASSIGNEE\nCREATOR: CREATOR\nTEAM: TEAM', enum_type=FollowUpHolder, max_length=20)),
            ],
            options={'table': 'follow_up_items', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One task that a rule makes.'},
            bases=['Row'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nWORKFLOW: WORKFLOW\nTASK_WEIGHT: TASK_WEIGHT\nFOLLOW_UP_RULE: FOLLOW_UP_RULE', enum_type=SubjectType, max_length=20),
        ),
        ops.AddField(
            model_name='Task',
            name='follow_up_item',
            field=fields.ForeignKeyField('models.FollowUpItem', source_field='follow_up_item_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Task',
            name='follow_up_of',
            field=fields.ForeignKeyField('models.Task', source_field='follow_up_of_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Task',
            name='follow_up_visit',
            field=fields.ForeignKeyField('models.Visit', source_field='follow_up_visit_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=UniqueConstraint(fields=('follow_up_of_id', 'follow_up_item_id'), name='tasks_follow_up_once'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=UniqueConstraint(fields=('follow_up_visit_id', 'follow_up_item_id'), name='tasks_visit_follow_up_once'),
        ),
        ops.AddConstraint(
            model_name='Task',
            constraint=CheckConstraint(check='follow_up_of_id <> id', name='tasks_not_own_follow_up'),
        ),
        ops.AddConstraint(
            model_name='FollowUpRule',
            constraint=CheckConstraint(check="task_type is null or trigger = 'TASK'", name='follow_up_rules_task_type'),
        ),
        ops.AddConstraint(
            model_name='FollowUpItem',
            constraint=UniqueConstraint(fields=('follow_up_rule_id', 'place'), name='follow_up_items_place'),
        ),
        ops.AddConstraint(
            model_name='FollowUpItem',
            constraint=CheckConstraint(check='after_days between 0 and 3650', name='follow_up_items_after_days'),
        ),
        ops.AddConstraint(
            model_name='FollowUpItem',
            constraint=CheckConstraint(check='priority between 1 and 4', name='follow_up_items_priority'),
        ),
        identity('follow_up_rules'),
        identity('follow_up_items'),
        key('follow_up_rules', 'creator_id', 'users'),
        key('follow_up_items', 'follow_up_rule_id', 'follow_up_rules'),
        key('tasks', 'follow_up_of_id', 'tasks'),
        key('tasks', 'follow_up_visit_id', 'visits'),
        key('tasks', 'follow_up_item_id', 'follow_up_items'),
    ]
