"""Workflows become rows: the three that every workspace has, and those that it publishes."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.history import SubjectType
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from uuid_utils.compat import uuid7
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

STANDARD = """{
    "steps": [
        {"name": "START", "from": ["PENDING"], "to": "IN_PROGRESS", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["ASSIGNEE"], "guards": [], "reasonRequired": false},
        {"name": "COMPLETE", "from": ["PENDING", "IN_PROGRESS"], "to": "COMPLETED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["ASSIGNEE", "REACH"], "guards": ["SUBTASKS_DONE", "CHECKLIST_DONE"], "reasonRequired": false},
        {"name": "CANCEL", "from": ["PENDING", "IN_PROGRESS"], "to": "CANCELLED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["CREATOR", "ASSIGNEE", "REACH"], "guards": [], "reasonRequired": false}
    ],
    "editors": ["CREATOR", "ASSIGNEE", "REACH"],
    "planners": []
}"""
REVIEWED = """{
    "steps": [
        {"name": "START", "from": ["PENDING"], "to": "IN_PROGRESS", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["ASSIGNEE"], "guards": [], "reasonRequired": false},
        {"name": "RELEASE", "from": ["PENDING", "IN_PROGRESS"], "to": "RELEASED", "roles": ["REP"], "relations": ["ASSIGNEE", "CREATOR"], "guards": ["SUBTASKS_DONE", "CHECKLIST_DONE"], "reasonRequired": false},
        {"name": "CLOSE", "from": ["RELEASED"], "to": "CLOSED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["REACH"], "guards": ["SUBTASKS_DONE", "CHECKLIST_DONE"], "reasonRequired": false},
        {"name": "CANCEL", "from": ["PENDING", "IN_PROGRESS"], "to": "CANCELLED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["CREATOR", "ASSIGNEE"], "guards": [], "reasonRequired": false},
        {"name": "CANCEL", "from": ["RELEASED"], "to": "CANCELLED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["REACH"], "guards": [], "reasonRequired": false}
    ],
    "editors": ["CREATOR"],
    "planners": ["ASSIGNEE"]
}"""
DIRECT = """{
    "steps": [
        {"name": "START", "from": ["PENDING"], "to": "IN_PROGRESS", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["ASSIGNEE"], "guards": [], "reasonRequired": false},
        {"name": "RELEASE", "from": ["PENDING", "IN_PROGRESS"], "to": "RELEASED", "roles": ["REP"], "relations": ["ASSIGNEE", "CREATOR"], "guards": ["SUBTASKS_DONE", "CHECKLIST_DONE"], "reasonRequired": false},
        {"name": "CLOSE", "from": ["RELEASED"], "to": "CLOSED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["REACH"], "guards": ["SUBTASKS_DONE", "CHECKLIST_DONE"], "reasonRequired": false},
        {"name": "COMPLETE", "from": ["PENDING", "IN_PROGRESS"], "to": "COMPLETED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["ASSIGNEE"], "guards": ["SUBTASKS_DONE", "CHECKLIST_DONE"], "reasonRequired": false},
        {"name": "CANCEL", "from": ["PENDING", "IN_PROGRESS"], "to": "CANCELLED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["CREATOR", "ASSIGNEE"], "guards": [], "reasonRequired": false},
        {"name": "CANCEL", "from": ["RELEASED"], "to": "CANCELLED", "roles": ["REP", "SUPERVISOR", "ADMIN"], "relations": ["REACH"], "guards": [], "reasonRequired": false}
    ],
    "editors": ["CREATOR"],
    "planners": ["ASSIGNEE"]
}"""

# PostgreSQL 15 has no uuidv7(); what these rows sort by is their name.
SEED = (
    "insert into workflows (id, workspace_id, name, definition)"
    " select gen_random_uuid(), w.id, f.name, f.definition::jsonb from workspaces w,"
    f" (values ('STANDARD', '{STANDARD}'), ('REVIEWED', '{REVIEWED}'), ('DIRECT', '{DIRECT}')) f (name, definition)"
)


def key(table, column, target):
    name = f"{table}_{column.removesuffix('_id')}_key"
    return ops.RunSQL(
        # Tortoise's migrations add the simple key whatever db_constraint says; the composite one replaces it.
        f"alter table {table} drop constraint {table}_{column}_fkey,"
        f" add constraint {name} foreign key (workspace_id, {column}) references {target} (workspace_id, id)",
        f"alter table {table} drop constraint {name},"
        f" add constraint {table}_{column}_fkey foreign key ({column}) references {target} (id)",
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0007_checklists"), ("models", "0006_workload"), ("models", "0008_attachments")]

    operations = [
        ops.CreateModel(
            name='WorkflowVersion',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('workspace', fields.ForeignKeyField('models.Workspace', source_field='workspace_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('name', fields.CharField(max_length=40)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('definition', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('publisher', fields.ForeignKeyField('models.User', source_field='publisher_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('retired_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'workflows', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One version of a workflow; nobody published the built-in ones.'},
            bases=['Row'],
        ),
        ops.AlterField(
            model_name='Event',
            name='subject_type',
            field=fields.CharEnumField(description='USER: USER\nTEAM: TEAM\nAPI_KEY: API_KEY\nCUSTOMER: CUSTOMER\nLOCATION: LOCATION\nTASK: TASK\nVISIT: VISIT\nTICKET: TICKET\nOPPORTUNITY: OPPORTUNITY\nSERIES: SERIES\nNOTE: NOTE\nRATE: RATE\nWORKFLOW: WORKFLOW\nTASK_WEIGHT: TASK_WEIGHT', enum_type=SubjectType, max_length=20),
        ),
        ops.AddField(
            model_name='Task',
            name='released_by',
            field=fields.ForeignKeyField('models.User', source_field='released_by_id', null=True, db_index=True, db_constraint=False, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='WorkflowVersion',
            constraint=UniqueConstraint(fields=('workspace_id', 'name', 'version'), name='workflows_once'),
        ),
        ops.AddConstraint(
            model_name='WorkflowVersion',
            constraint=CheckConstraint(check='publisher_id is not null or retired_at is null', name='workflows_built_in_stay'),
        ),
        key('workflows', 'publisher_id', 'users'),
        key('tasks', 'released_by_id', 'users'),
        ops.RunSQL(SEED, "delete from workflows"),
    ]
