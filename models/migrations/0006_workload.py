"""How long people work in a week."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0006_participants')]

    operations = [
        ops.AddField(
            model_name='User',
            name='weekly_minutes',
            field=fields.IntField(default=2400, db_default=2400),
        ),
        ops.AddConstraint(
            model_name='User',
            constraint=CheckConstraint(check='weekly_minutes between 0 and 10080', name='users_weekly_minutes'),
        ),
    ]
