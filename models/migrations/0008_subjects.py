"""Notes and attachments on tickets and opportunities."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

TARGETS = {"ticket": "tickets", "opportunity": "opportunities"}


def key(table, name, target):
    return (
        f"alter table {table} drop constraint {table}_{name}_id_fkey, add constraint {table}_{name}_key"
        f" foreign key (workspace_id, {name}_id) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {table}_{name}_key, add constraint {table}_{name}_id_fkey"
        f" foreign key ({name}_id) references {target} (id)",
    )


STEPS = [key(table, *each) for table in ("notes", "attachments") for each in TARGETS.items()]


class Migration(migrations.Migration):
    dependencies = [('models', '0006_workload'), ('models', '0007_checklists'), ('models', '0008_attachments')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Attachment',
            name='attachments_one_subject',
            fields=None,
        ),
        ops.AddField(
            model_name='Attachment',
            name='opportunity',
            field=fields.ForeignKeyField('models.Opportunity', source_field='opportunity_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Attachment',
            name='ticket',
            field=fields.ForeignKeyField('models.Ticket', source_field='ticket_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Attachment',
            constraint=CheckConstraint(check='num_nonnulls(task_id, customer_id, visit_id, ticket_id, opportunity_id) = 1', name='attachments_one_subject'),
        ),
        ops.RemoveConstraint(
            model_name='Note',
            name='notes_one_subject',
            fields=None,
        ),
        ops.AddField(
            model_name='Note',
            name='opportunity',
            field=fields.ForeignKeyField('models.Opportunity', source_field='opportunity_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Note',
            name='ticket',
            field=fields.ForeignKeyField('models.Ticket', source_field='ticket_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='Note',
            constraint=CheckConstraint(check='num_nonnulls(task_id, customer_id, visit_id, ticket_id, opportunity_id) = 1', name='notes_one_subject'),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in STEPS), tuple(backward for _, backward in reversed(STEPS))
        ),
    ]
