"""Which files share their bytes is found fast."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [('models', '0018_indicators')]

    operations = [
        ops.AlterModelOptions(
            name='Attachment',
            options={'table': 'attachments', 'app': 'models', 'constraints': [CheckConstraint(check='num_nonnulls(task_id, customer_id, visit_id, ticket_id, opportunity_id) = 1', name='attachments_one_subject'), CheckConstraint(check='size > 0', name='attachments_size'), CheckConstraint(check="(type is not null) = (status <> 'STAGED') and (place is not null) = (status <> 'STAGED')", name='attachments_status')], 'indexes': [Index(fields=['due_at'], name='attachments_due'), Index(fields=['place'], name='attachments_place')], 'pk_attr': 'id', 'table_description': 'A file on a record; `place` is where the bytes are kept that were looked at, for it and its copies.'},
        ),
        ops.AddIndex(
            model_name='Attachment',
            index=Index(fields=['place'], name='attachments_place'),
        ),
    ]
