"""Assessment indicators, and the values of them that are captured on tasks."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.history import SubjectType
from models.indicators import IndicatorDirection, IndicatorKind
from models.rows import NumericField
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

IN_WORKSPACE = (
    "alter table assessment_indicators add constraint assessment_indicators_in_workspace unique (workspace_id, id)",
    "alter table assessment_indicators drop constraint assessment_indicators_in_workspace",
)


def key(column, target):
    name = f"task_indicators_{column.removesuffix('_id')}_key"
    return (
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table task_indicators drop constraint task_indicators_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table task_indicators drop constraint {name},"
        f" add constraint task_indicators_{column}_fkey foreign key ({column}) references {target} (id)",
    )


KEYS = (
    IN_WORKSPACE,
    key("task_id", "tasks"),
    key("indicator_id", "assessment_indicators"),
    key("captured_by_id", "users"),
)


def built_in(before, after):
    replaced = f"replace(definition::text, '{before}', '{after}')::jsonb"
    return f"update workflows set definition = {replaced} where publisher_id is null"


# No task has an indicator yet, so what the built-in workflows let tasks do does not change.
UNGUARDED, GUARDED = '"CHECKLIST_DONE"]', '"CHECKLIST_DONE", "INDICATORS_CAPTURED"]'
GUARD, UNGUARD = built_in(UNGUARDED, GUARDED), built_in(GUARDED, UNGUARDED)


class Migration(migrations.Migration):
    dependencies = [('models', '0003_series')]

    operations = [
        ops.CreateModel(
            name='AssessmentIndicator',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('name', fields.CharField(max_length=80)),
                ('kind', fields.CharEnumField(description='NUMBER: NUMBER\nMONEY: MONEY\nPERCENT: PERCENT\nTEXT: TEXT\nBOOLEAN: BOOLEAN\nCHOICE: CHOICE', enum_type=IndicatorKind, max_length=20)),
                ('unit', fields.CharField(null=True, max_length=20)),
                ('choices', ArrayField(element_type='TEXT')),
                ('direction', fields.CharEnumField(null=True, description='HIGHER_IS_BETTER: HIGHER_IS_BETTER\nLOWER_IS_BETTER: LOWER_IS_BETTER\nNEARER_IS_BETTER: NEARER_IS_BETTER', enum_type=IndicatorDirection, max_length=20)),
                ('tolerance', NumericField(null=True)),
                ('archived_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'assessment_indicators', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Something that a workspace wants to know of its work.'},
            bases=['Versioned'],
        ),
        ops.CreateModel(
            name='TaskIndicator',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('indicator', fields.ForeignKeyField('models.AssessmentIndicator', source_field='indicator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('required', fields.BooleanField(default=False, db_default=False)),
                ('number', NumericField(null=True)),
                ('text', fields.CharField(null=True, max_length=2000)),
                ('yes', fields.BooleanField(null=True)),
                ('choice', fields.CharField(null=True, max_length=80)),
                ('captured_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('captured_by', fields.ForeignKeyField('models.User', source_field='captured_by_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'task_indicators', 'app': 'models', 'pk_attr': 'id', 'table_description': 'An indicator that is to be captured on a task, and the value once it is.'},
            bases=['Versioned'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nWORKFLOW: WORKFLOW\nTASK_WEIGHT: TASK_WEIGHT\nFOLLOW_UP_RULE: FOLLOW_UP_RULE\nCUSTOM_TASK_TYPE: CUSTOM_TASK_TYPE\nASSESSMENT_INDICATOR: ASSESSMENT_INDICATOR\nCALENDAR_FEED: CALENDAR_FEED', enum_type=SubjectType, max_length=20),
        ),
        ops.AddConstraint(
            model_name='AssessmentIndicator',
            constraint=UniqueConstraint(fields=('workspace_id', 'name'), name='assessment_indicators_name_once', condition='archived_at is null'),
        ),
        ops.AddConstraint(
            model_name='AssessmentIndicator',
            constraint=CheckConstraint(check="(kind = 'CHOICE') = (cardinality(choices) > 0)", name='assessment_indicators_choices'),
        ),
        ops.AddConstraint(
            model_name='AssessmentIndicator',
            constraint=CheckConstraint(check="(direction is null and tolerance is null) or kind in ('NUMBER', 'MONEY', 'PERCENT')", name='assessment_indicators_compared'),
        ),
        ops.AddConstraint(
            model_name='AssessmentIndicator',
            constraint=CheckConstraint(check="tolerance >= 0 and tolerance <> 'NaN'", name='assessment_indicators_tolerance'),
        ),
        ops.AddConstraint(
            model_name='TaskIndicator',
            constraint=UniqueConstraint(fields=('task_id', 'indicator_id'), name='task_indicators_once'),
        ),
        ops.AddConstraint(
            model_name='TaskIndicator',
            constraint=CheckConstraint(check='num_nonnulls(number, text, yes, choice) = (captured_at is not null)::int', name='task_indicators_one_value'),
        ),
        ops.AddConstraint(
            model_name='TaskIndicator',
            constraint=CheckConstraint(check="number <> 'NaN'", name='task_indicators_number'),
        ),
        ops.AddConstraint(
            model_name='TaskIndicator',
            constraint=CheckConstraint(check='captured_by_id is null or captured_at is not null', name='task_indicators_captured'),
        ),
        ops.RunSQL(tuple(forward for forward, _ in KEYS), tuple(backward for _, backward in reversed(KEYS))),
        ops.RunSQL(GUARD, UNGUARD),
    ]
