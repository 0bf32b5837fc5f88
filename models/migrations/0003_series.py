"""Series have all that their occurrences are made of, exceptions, an anchor, pauses and halves; visits come again too."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.recurrence import HolidayPolicy, MonthEnd, SeriesAnchor, SeriesKind
from orjson import loads
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


def _key(table, column, target):
    """Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it."""
    name, simple = f"{table}_{column}_key", f"{table}_{column}_id_fkey"
    return (
        f"alter table {table} drop constraint {simple}, add constraint {name}"
        f" foreign key (workspace_id, {column}_id) references {target} (workspace_id, id);"
        f"create index {table}_{column} on {table} ({column}_id)",
        f"drop index {table}_{column}; alter table {table} drop constraint {name}, add constraint {simple}"
        f" foreign key ({column}_id) references {target} (id)",
    )


KEYS = (
    _key("series", "custom_type", "custom_task_types"),
    _key("series", "location", "locations"),
    _key("series", "predecessor", "series"),
    _key("visits", "series", "series"),
)
OFFSETS = (
    "update series set reminders = jsonb_build_array(jsonb_build_object("
    "'anchor', 'SCHEDULED', 'offset_minutes', reminder_minutes)) where reminder_minutes is not null",
    "update series set reminder_minutes = (reminders -> 0 ->> 'offset_minutes')::int where reminders is not null",
)


class Migration(migrations.Migration):
    dependencies = [('models', '0002_guarantees')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Series',
            name='series_reminder_minutes',
            fields=None,
        ),
        ops.AlterModelOptions(
            name='Series',
            options={'table': 'series', 'app': 'models', 'constraints': [CheckConstraint(check='ended_at is null or due_at is null', name='series_ended'), CheckConstraint(check='paused_at is null or due_at is null', name='series_paused'), CheckConstraint(check="holidays = 'KEEP' or holiday_country is not null", name='series_holidays'), CheckConstraint(check="kind = 'TASK' or location_id is not null and expected_minutes > 0", name='series_visits')], 'indexes': [Index(fields=['due_at'], name='series_due')], 'pk_attr': 'id', 'table_description': 'A task or a visit that comes again by RFC 5545 rules, at a local time in a zone.'},
        ),
        ops.AddField(
            model_name='Series',
            name='anchor',
            field=fields.CharEnumField(default=SeriesAnchor.SCHEDULE, description='SCHEDULE: SCHEDULE\nCOMPLETION: COMPLETION', db_default='SCHEDULE', enum_type=SeriesAnchor, max_length=20),
        ),
        ops.AddField(
            model_name='Series',
            name='before_occurrence',
            field=fields.CharField(null=True, max_length=19),
        ),
        ops.AddField(
            model_name='Series',
            name='checklist',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Series',
            name='holiday_country',
            field=fields.CharField(null=True, max_length=2),
        ),
        ops.AddField(
            model_name='Series',
            name='custom_type',
            field=fields.ForeignKeyField('models.CustomTaskType', source_field='custom_type_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Series',
            name='exdates',
            field=ArrayField(null=True, element_type='TEXT'),
        ),
        ops.AddField(
            model_name='Series',
            name='from_occurrence',
            field=fields.CharField(null=True, max_length=19),
        ),
        ops.AddField(
            model_name='Series',
            name='holidays',
            field=fields.CharEnumField(default=HolidayPolicy.KEEP, description='KEEP: KEEP\nSKIP: SKIP\nNEXT_WORKING_DAY: NEXT_WORKING_DAY\nPREVIOUS_WORKING_DAY: PREVIOUS_WORKING_DAY', db_default='KEEP', enum_type=HolidayPolicy, max_length=20),
        ),
        ops.AddField(
            model_name='Series',
            name='kind',
            field=fields.CharEnumField(default=SeriesKind.TASK, description='TASK: TASK\nVISIT: VISIT', db_default='TASK', enum_type=SeriesKind, max_length=20),
        ),
        ops.AddField(
            model_name='Series',
            name='links',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Series',
            name='location',
            field=fields.ForeignKeyField('models.Location', source_field='location_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Series',
            name='month_end',
            field=fields.CharEnumField(default=MonthEnd.SKIP, description='SKIP: SKIP\nLAST_DAY: LAST_DAY\nNEXT: NEXT', db_default='SKIP', enum_type=MonthEnd, max_length=20),
        ),
        ops.AddField(
            model_name='Series',
            name='paused_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Series',
            name='place',
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name='Series',
            name='predecessor',
            field=fields.ForeignKeyField('models.Series', source_field='predecessor_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Series',
            name='purpose',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Series',
            name='rdates',
            field=ArrayField(null=True, element_type='TEXT'),
        ),
        ops.AddField(
            model_name='Series',
            name='holiday_region',
            field=fields.CharField(null=True, max_length=10),
        ),
        ops.AddField(
            model_name='Series',
            name='reminders',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Series',
            name='subtasks',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Series',
            name='workflow',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.RunSQL(*OFFSETS),
        ops.RemoveField(model_name='Series', name='reminder_minutes'),
        ops.AddConstraint(
            model_name='Series',
            constraint=CheckConstraint(check='paused_at is null or due_at is null', name='series_paused'),
        ),
        ops.AddConstraint(
            model_name='Series',
            constraint=CheckConstraint(check="holidays = 'KEEP' or holiday_country is not null", name='series_holidays'),
        ),
        ops.AddConstraint(
            model_name='Series',
            constraint=CheckConstraint(check="kind = 'TASK' or location_id is not null and expected_minutes > 0", name='series_visits'),
        ),
        ops.AddField(
            model_name='Visit',
            name='occurrence',
            field=fields.CharField(null=True, max_length=19),
        ),
        ops.AddField(
            model_name='Visit',
            name='series',
            field=fields.ForeignKeyField('models.Series', source_field='series_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Visit',
            constraint=UniqueConstraint(fields=('series_id', 'occurrence'), name='visits_occurrence_once'),
        ),
        ops.AddConstraint(
            model_name='Visit',
            constraint=CheckConstraint(check='(series_id is null) = (occurrence is null)', name='visits_occurrence_of_series'),
        ),
        ops.RunSQL(tuple(forward for forward, _ in KEYS), tuple(backward for _, backward in reversed(KEYS))),
    ]
