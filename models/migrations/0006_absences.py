"""When people are away."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

def key(column):
    name = f"absences_{column.removesuffix('_id')}_key"
    return (
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table absences drop constraint absences_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references users (workspace_id, id)",
        f"alter table absences drop constraint {name},"
        f" add constraint absences_{column}_fkey foreign key ({column}) references users (id)",
    )


class Migration(migrations.Migration):
    dependencies = [('models', '0006_lease'), ('models', '0008_notes')]

    operations = [
        ops.CreateModel(
            name='Absence',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('substitute', fields.ForeignKeyField('models.User', source_field='substitute_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('starts_on', fields.DateField()),
                ('ends_on', fields.DateField()),
            ],
            options={'table': 'absences', 'app': 'models', 'pk_attr': 'id', 'table_description': "Some days on which a person is away; why is nobody's business, and is not kept."},
            bases=['Versioned'],
        ),
        ops.AddConstraint(
            model_name='Absence',
            constraint=CheckConstraint(check='starts_on <= ends_on', name='absences_forward'),
        ),
        ops.AddConstraint(
            model_name='Absence',
            constraint=CheckConstraint(check='substitute_id <> user_id', name='absences_by_another'),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in map(key, ("user_id", "substitute_id"))),
            tuple(backward for _, backward in map(key, ("user_id", "substitute_id"))),
        ),
    ]
