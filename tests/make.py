"""Builders of what tests start from: people, teams and tasks through the verbs, all else as bare rows."""

from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

from tortoise.models import Model

import models
from domain import accounts, tasks, tokens
from domain.relations import Relation
from domain.workflow import Guard, Row, Workflow
from models import (
    Customer,
    CustomerKind,
    Event,
    Location,
    Membership,
    Notification,
    NotificationKind,
    NotificationStatus,
    Role,
    Task,
    TaskStatus,
    Visit,
)

NEXT = count(1)
TABLES = sorted(
    each._meta.db_table
    for each in vars(models).values()
    if isinstance(each, type) and issubclass(each, Model) and each._meta.db_table
)


async def workspace(name):
    """Through the verbs: a workspace with an admin, the reps Ada and Bob, Sue who leads them, and their team."""
    mail = f"{name.lower()}.example"
    key, first = await accounts.workspace_create(name, admin="Ann Admin", email=f"ann@{mail}")
    by = await tokens.of_user(first)
    ada = await accounts.user_create(name="Ada Rep", email=f"ada@{mail}", role=Role.REP, by=by)
    bob = await accounts.user_create(name="Bob Rep", email=f"bob@{mail}", role=Role.REP, by=by)
    sue = await accounts.user_create(name="Sue Lead", email=f"sue@{mail}", role=Role.SUPERVISOR, by=by)
    team = await accounts.team_create(name="North", by=by)
    await accounts.team_members_set(team, members=[ada, bob], leads=[sue], by=by)
    return SimpleNamespace(id=key, admin=first, ada=ada, bob=bob, sue=sue, team=team)


async def person(by, *, role=Role.REP, team=None, leads=False, **values):
    """Through the verb: a person as a principal, with a bare row for their place in a team."""
    number = next(NEXT)
    values = {"name": f"Person {number}", "email": f"person{number}@example.org"} | values
    key = await accounts.user_create(**values, role=role, by=by)
    if team is not None:
        await row(Membership, by, team_id=team, user_id=key, leads=leads)
    return await tokens.of_user(key)


async def task(by, **content):
    """Through the verb: the id of a task."""
    return await tasks.create(**{"title": f"Task {next(NEXT)}"} | content, by=by)


def audit(**more):
    """A workflow whose tasks are released with an outcome, and closed by somebody else or sent back."""
    begun, released = frozenset({TaskStatus.PENDING, TaskStatus.IN_PROGRESS}), frozenset({TaskStatus.RELEASED})
    mine, reach = (Relation.ASSIGNEE,), (Relation.REACH,)
    rows = (
        Row("START", frozenset({TaskStatus.PENDING}), TaskStatus.IN_PROGRESS, mine),
        Row("PARK", frozenset({TaskStatus.IN_PROGRESS}), TaskStatus.PENDING, mine, reason_required=True),
        Row("RELEASE", begun, TaskStatus.RELEASED, mine, guards=(Guard.SUBTASKS_DONE, Guard.OUTCOME_GIVEN)),
        Row("REJECT", released, TaskStatus.IN_PROGRESS, reach, reason_required=True),
        Row("CLOSE", released, TaskStatus.CLOSED, reach, guards=(Guard.SUBTASKS_DONE, Guard.NOT_RELEASER)),
        Row("CANCEL", begun, TaskStatus.CANCELLED, (Relation.CREATOR, *mine)),
    )
    wanted = {"name": "Audit", "version": 0, "rows": rows, "editors": (Relation.CREATOR, *mine)}
    return Workflow(**wanted | more)


async def row(model, by, **values):
    """A bare row of the principal's workspace, past all rules."""
    return await model.create(workspace_id=by.workspace_id, **values)


async def customer(by, *, kind=CustomerKind.ORGANIZATION, **values):
    """A bare row."""
    return await row(Customer, by, **{"kind": kind, "name": f"Customer {next(NEXT)}"} | values)


async def location(by, customer, **values):
    """A bare row."""
    return await row(Location, by, **{"customer_id": customer.id, "name": f"Location {next(NEXT)}"} | values)


async def visit(by, location, **values):
    """A bare row: a visit tomorrow, by whoever makes it."""
    start = datetime.now(UTC) + timedelta(days=1)
    planned = {"planned_start": start, "planned_end": start + timedelta(hours=1), "creator_id": by.id}
    place = {"customer_id": location.customer_id, "location_id": location.id, "assignee_id": by.id}
    return await row(Visit, by, **planned | place | values)


async def line(by, **values):
    """A bare row: a line in the inbox of whoever acts."""
    now = datetime.now(UTC)
    told = {"kind": NotificationKind.UPDATE, "status": NotificationStatus.SENT, "sent_at": now, "moment": now}
    return await row(Notification, by, user_id=by.id, message=f"Line {next(NEXT)}", **told | values)


async def stored(key):
    """A task as it is now."""
    return await Task.get(id=key)


async def history(key):
    """What the log tells of a record, oldest first, as (verb, changes)."""
    return [(event.verb, event.changes) for event in await Event.filter(subject_id=key).order_by("created_at", "id")]


async def everything(connection):
    """All rows of all tables, as text."""
    rows = " union all ".join(f"select '{name}' as place, t::text as row from {name} t" for name in TABLES)
    return [tuple(record) for record in await connection.fetch(f"{rows} order by place, row")]


async def empty(connection):
    """Delete all rows of all tables."""
    deletes = "".join(f"delete from {name};" for name in TABLES)
    await connection.execute(f"set session_replication_role = replica; {deletes} reset session_replication_role")
