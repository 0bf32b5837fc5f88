"""Tickets and opportunities, and links to them."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.history import SubjectType
from models.links import LinkKind
from models.opportunities import OpportunityStage
from models.tasks import Priority
from models.tickets import TicketStatus
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


TABLES = {"tickets": ("subject", "description"), "opportunities": ("subject", "description")}
KEYS = (
    *((table, column, target) for table in TABLES for column, target in (
        ("customer_id", "customers"), ("owner_id", "users"), ("creator_id", "users")
    )),
    ("task_links", "ticket_id", "tickets"),
    ("task_links", "opportunity_id", "opportunities"),
)


def identity(table):
    name = f"{table}_in_workspace"
    return (
        f"alter table {table} add constraint {name} unique (workspace_id, id)",
        f"alter table {table} drop constraint {name}",
    )


def key(table, column, target):
    name = f"{table}_{column.removesuffix('_id')}_key"
    return (
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table {table} drop constraint {table}_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {name},"
        f" add constraint {table}_{column}_fkey foreign key ({column}) references {target} (id)",
    )


def searched(table, columns):
    text = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
    return (
        f"alter table {table} add column search_text text generated always as (lower({text})) stored;"
        f"create index {table}_search_words on {table} using gin (to_tsvector('simple', search_text));"
        f"create index {table}_search_typos on {table} using gin (search_text gin_trgm_ops)",
        f"alter table {table} drop column search_text",
    )


# Tortoise cannot declare keys that stay in their workspace, nor what is searched.
GUARANTEES = (
    *(identity(table) for table in TABLES),
    *(key(*each) for each in KEYS),
    *(searched(*each) for each in TABLES.items()),
)


class Migration(migrations.Migration):
    dependencies = [('models', '0006_strategies'), ('models', '0008_notes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Opportunity',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('number', fields.BigIntField()),
                ('subject', fields.CharField(max_length=200)),
                ('description', fields.TextField(null=True, unique=False)),
                ('stage', fields.CharEnumField(default=OpportunityStage.QUALIFYING, description='QUALIFYING: QUALIFYING\nPROPOSED: PROPOSED\nNEGOTIATING: NEGOTIATING\nWON: WON\nLOST: LOST', db_default='QUALIFYING', enum_type=OpportunityStage, max_length=20)),
                ('amount', fields.DecimalField(null=True, max_digits=18, decimal_places=4)),
                ('currency', fields.CharField(null=True, max_length=3)),
                ('expected_close_on', fields.DateField(null=True)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('owner', fields.ForeignKeyField('models.User', source_field='owner_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('creator', fields.ForeignKeyField('models.User', source_field='creator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'opportunities', 'app': 'models', 'indexes': [Index(fields=['workspace_id', 'expected_close_on', 'id'], name='opportunities_expected_close')], 'pk_attr': 'id', 'table_description': 'A sale that may come about.'},
            bases=['Versioned'],
        ),
        ops.CreateModel(
            name='Ticket',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('number', fields.BigIntField()),
                ('subject', fields.CharField(max_length=200)),
                ('description', fields.TextField(null=True, unique=False)),
                ('status', fields.CharEnumField(default=TicketStatus.OPEN, description='OPEN: OPEN\nWAITING: WAITING\nRESOLVED: RESOLVED\nCLOSED: CLOSED', db_default='OPEN', enum_type=TicketStatus, max_length=20)),
                ('priority', fields.IntEnumField(default=Priority.MEDIUM, description='LOW: 1\nMEDIUM: 2\nHIGH: 3\nURGENT: 4', db_default=2, enum_type=Priority, generated=False)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('owner', fields.ForeignKeyField('models.User', source_field='owner_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('creator', fields.ForeignKeyField('models.User', source_field='creator_id', db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'tickets', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Something that a customer asks for or complains about.'},
            bases=['Versioned'],
        ),
        ops.AddConstraint(
            model_name='Opportunity',
            constraint=UniqueConstraint(fields=('workspace_id', 'number'), name='opportunities_number_once'),
        ),
        ops.AddConstraint(
            model_name='Opportunity',
            constraint=CheckConstraint(check="(closed_at is not null) = (stage in ('WON', 'LOST'))", name='opportunities_closed_at'),
        ),
        ops.AddConstraint(
            model_name='Opportunity',
            constraint=CheckConstraint(check='(amount is null) = (currency is null)', name='opportunities_currency'),
        ),
        ops.AddConstraint(
            model_name='Opportunity',
            constraint=CheckConstraint(check="amount >= 0 and amount <> 'NaN'", name='opportunities_amount'),
        ),
        ops.AddConstraint(
            model_name='Ticket',
            constraint=UniqueConstraint(fields=('workspace_id', 'number'), name='tickets_number_once'),
        ),
        ops.AddConstraint(
            model_name='Ticket',
            constraint=CheckConstraint(check="(closed_at is not null) = (status = 'CLOSED')", name='tickets_closed_at'),
        ),
        ops.AddConstraint(
            model_name='Ticket',
            constraint=CheckConstraint(check='priority between 1 and 4', name='tickets_priority'),
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nTASK_WEIGHT: TASK_WEIGHT', enum_type=SubjectType, max_length=20),
        ),
        ops.RemoveConstraint(
            model_name='TaskLink',
            name='task_links_one_target',
            fields=None,
        ),
        ops.AlterField(
            model_name='TaskLink',
            name='kind',
            field=fields.CharEnumField(description='INDIVIDUAL: INDIVIDUAL\nORGANIZATION: ORGANIZATION\nLOCATION: LOCATION\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY', enum_type=LinkKind, max_length=20),
        ),
        ops.AddField(
            model_name='TaskLink',
            name='opportunity',
            field=fields.ForeignKeyField('models.Opportunity', source_field='opportunity_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='TaskLink',
            name='ticket',
            field=fields.ForeignKeyField('models.Ticket', source_field='ticket_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=UniqueConstraint(fields=('task_id', 'ticket_id'), name='task_links_ticket_once'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=UniqueConstraint(fields=('task_id', 'opportunity_id'), name='task_links_opportunity_once'),
        ),
        ops.AddConstraint(
            model_name='TaskLink',
            constraint=CheckConstraint(check="num_nonnulls(customer_id, location_id, visit_id, ticket_id, opportunity_id) = 1 and (customer_id is not null) = (kind in ('INDIVIDUAL', 'ORGANIZATION')) and (location_id is not null) = (kind = 'LOCATION') and (visit_id is not null) = (kind = 'VISIT') and (ticket_id is not null) = (kind = 'TICKET') and (opportunity_id is not null) = (kind = 'OPPORTUNITY')", name='task_links_one_target'),
        ),
        ops.AddField(
            model_name='Workspace',
            name='last_opportunity_number',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Workspace',
            name='last_ticket_number',
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.RunSQL(
            tuple(forward for forward, _ in GUARANTEES), tuple(backward for _, backward in reversed(GUARANTEES))
        ),
    ]
