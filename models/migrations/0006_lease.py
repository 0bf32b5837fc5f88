"""A queue is tended: after a while without anything done about it, a task goes back."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.tasks import Handover
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

DUE = {"SERIES": "series", "REMINDER": "reminders", "CONVERSION": "conversions"}


def failed_work(due):
    return "create or replace view failed_work as " + " union all ".join(
        f"select id, workspace_id, '{kind}' as kind, attempts, error, failed_at, created_at"
        f" from {table} where failed_at is not null"
        for kind, table in due.items()
    )


class Migration(migrations.Migration):
    dependencies = [('models', '0005_bulk')]

    operations = [
        ops.AlterField(
            model_name='Assignment',
            name='how',
            field=fields.CharEnumField(description='CREATED: CREATED\nCLAIMED: CLAIMED\nASSIGNED: ASSIGNED\nUNCLAIMED: UNCLAIMED\nLEASE_EXPIRED: LEASE_EXPIRED', enum_type=Handover, max_length=20),
        ),
        ops.AlterModelOptions(
            name='Team',
            options={'table': 'teams', 'app': 'models', 'constraints': [CheckConstraint(check='claim_lease_minutes between 1 and 525600', name='teams_claim_lease'), UniqueConstraint(fields=('workspace_id', 'name'), name='teams_name_once'), CheckConstraint(check='parent_id <> id', name='teams_not_own_parent')], 'indexes': [Index(fields=['due_at'], name='teams_due')], 'pk_attr': 'id', 'table_description': 'A group of people and the queue from which they claim, which is tended when it is due; teams form a tree.'},
        ),
        ops.AddField(
            model_name='Team',
            name='attempts',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Team',
            name='claim_lease_minutes',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Team',
            name='due_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Team',
            name='error',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Team',
            name='failed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Team',
            index=Index(fields=['due_at'], name='teams_due'),
        ),
        ops.AddConstraint(
            model_name='Team',
            constraint=CheckConstraint(check='claim_lease_minutes between 1 and 525600', name='teams_claim_lease'),
        ),
        ops.RunSQL(failed_work(DUE | {"QUEUE": "teams"}), failed_work(DUE)),
    ]
