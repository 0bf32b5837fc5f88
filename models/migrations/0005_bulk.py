from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0006_capacity')]

    initial = False

    operations = [
        ops.AddField(
            model_name='StoredAnswer',
            name='outcomes',
            field=fields.JSONField(null=True),
        ),
    ]
