"""Calendar feeds."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.calendars import CalendarEntry
from models.history import SubjectType
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

KEY = (
    # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
    "alter table calendar_feeds drop constraint calendar_feeds_user_id_fkey,"
    " add constraint calendar_feeds_user_key foreign key (workspace_id, user_id) references users (workspace_id, id)",
    "alter table calendar_feeds drop constraint calendar_feeds_user_key,"
    " add constraint calendar_feeds_user_id_fkey foreign key (user_id) references users (id)",
)


class Migration(migrations.Migration):
    dependencies = [('models', '0013_finished')]

    operations = [
        ops.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(max_length=200)),
                ('tasks_as', fields.CharEnumField(default=CalendarEntry.EVENT, description='EVENT: EVENT\nTO_DO: TO_DO', db_default='EVENT', enum_type=CalendarEntry, max_length=20)),
                ('digest', fields.CharField(unique=True, max_length=64)),
                ('content', fields.CharField(null=True, max_length=64)),
                ('changed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'calendar_feeds', 'app': 'models', 'pk_attr': 'id', 'table_description': "A URL that shows a person's tasks and visits; only the digest of the secret in it is kept."},
            bases=['Row'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nWORKFLOW: WORKFLOW\nTASK_WEIGHT: TASK_WEIGHT\nFOLLOW_UP_RULE: FOLLOW_UP_RULE\nCUSTOM_TASK_TYPE: CUSTOM_TASK_TYPE\nCALENDAR_FEED: CALENDAR_FEED', enum_type=SubjectType, max_length=20),
        ),
        ops.AddConstraint(
            model_name='CalendarFeed',
            constraint=CheckConstraint(check='(content is null) = (changed_at is null)', name='calendar_feeds_shown'),
        ),
        ops.RunSQL(KEY[0], KEY[1]),
    ]
