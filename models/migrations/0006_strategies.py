"""Who gets the tasks of a queue that nobody claims."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.accounts import Strategy
from models.tasks import Handover
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0006_absences')]

    operations = [
        ops.AlterField(
            model_name='Assignment',
            name='how',
            field=fields.CharEnumField(description='CREATED: CREATED\nCLAIMED: CLAIMED\nASSIGNED: ASSIGNED\nUNCLAIMED: UNCLAIMED\nLEASE_EXPIRED: LEASE_EXPIRED\nAUTOMATIC: AUTOMATIC', enum_type=Handover, max_length=20),
        ),
        ops.AddField(
            model_name='Team',
            name='served',
            field=fields.ForeignKeyField('models.User', source_field='served_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Team',
            name='strategy',
            field=fields.CharEnumField(default=Strategy.MANUAL, description='MANUAL: MANUAL\nROUND_ROBIN: ROUND_ROBIN\nLEAST_LOADED: LEAST_LOADED\nCUSTOMER_DEFAULT_REP: CUSTOMER_DEFAULT_REP', db_default='MANUAL', enum_type=Strategy, max_length=20),
        ),
        ops.RunSQL(
            # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
            "alter table teams drop constraint teams_served_id_fkey,"
            " add constraint teams_served_key foreign key (workspace_id, served_id) references users (workspace_id, id)",
            "alter table teams drop constraint teams_served_key,"
            " add constraint teams_served_id_fkey foreign key (served_id) references users (id)",
        ),
    ]
