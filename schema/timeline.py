"""What was recorded about a customer, a location, a ticket, an opportunity or a task, in one list."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import strawberry

from schema.compiler.catalog import Column, Kind, Table
from schema.compiler.fields import Connection, column, inside, merged, named, node, one
from schema.compiler.merged import Branch, Merged, Tree
from schema.enums import enum
from schema.records import Record

if TYPE_CHECKING:
    from schema.accounts import User


class TimelineKind(StrEnum):
    """What an entry of a timeline tells of."""

    TASK = "TASK"
    VISIT = "VISIT"
    NOTE = "NOTE"
    TIME = "TIME"
    BILLING = "BILLING"
    STATUS = "STATUS"


enum(
    TimelineKind,
    TASK="A task that was made.",
    VISIT="A visit that was planned.",
    NOTE="A note that was written.",
    TIME="Time that was tracked.",
    BILLING="Time that was billed.",
    STATUS="A task, visit, ticket or opportunity that went to another status or stage.",
)
ENTRIES = Table(
    "timeline",
    {
        each.name: each
        for each in (
            Column("kind", Kind.TEXT, enum=TimelineKind),
            Column("at", Kind.INSTANT),
            Column("actor_id", Kind.UUID, nullable=True),
        )
    },
)


@node(ENTRIES, prefix="")
class TimelineEntry:
    """Something that was recorded, and when."""

    kind: TimelineKind = column("What it is.", sortable=False)
    at: datetime = column("When it was recorded.")
    actor: "User | None" = one("Who made, planned, wrote, did or changed it; null for the system.")
    record: Record | None = named("The record itself; for STATUS, the event that tells of it.", "{t}.type", "{t}.id")


def _branch(kind: TimelineKind, type: str, actor: str, where: str, **more: str) -> Branch:
    columns = {"id": "{t}.id", "at": "{t}.created_at", "kind": f"'{kind}'", "type": f"'{type}'"}
    return Branch(type, where, {**columns, "actor_id": f"{{t}}.{actor}"}, **more)


BELOW = "select id from below"
TASKS = _branch(TimelineKind.TASK, "Task", "creator_id", "{t}.id = {of}.id", of=BELOW, follows="id")
TIME = _branch(TimelineKind.TIME, "TimeEntry", "user_id", "{t}.task_id = {of}.id", of=BELOW, follows="task_id")
BILLED = _branch(TimelineKind.BILLING, "Billable", "user_id", "{t}.task_id = {of}.id", of=BELOW)
CHANGED = "{t}.subject_id = {of}.id and {t}.changes ?| array['status', 'stage'] and {t}.verb <> 'created'"
ITS_VISITS = "select k.visit_id as id from below b join tasks k on k.id = b.id where k.visit_id is not null"


def _visits(where: str, **more: str) -> Branch:
    return _branch(TimelineKind.VISIT, "Visit", "creator_id", where, **more)


def _notes(where: str, **more: str) -> Branch:
    return _branch(TimelineKind.NOTE, "Note", "creator_id", where, **more)


def _changes(of: str) -> Branch:
    return _branch(TimelineKind.STATUS, "Event", "actor_id", CHANGED, of=of)


def _of(roots: str, *branches: Branch) -> Any:
    tree = Tree("Task", roots, "parent_id")
    notes = _notes("{t}.task_id = {of}.id", of=BELOW)
    return merged(
        "What was recorded about it and all that belongs to it: its tasks with their subtasks, and their visits, "
        "notes, time, bills and changes of status. Newest first.",
        Merged(tree, (TASKS, TIME, notes, *branches), "-at"),
    )


HOLDERS = {"visit": "visits", "ticket": "tickets", "opportunity": "opportunities"}
"""What belongs to a customer beside tasks: the keys that point at it, and its tables."""
HELD = "select x.id from {} x where x.customer_id = {{parent}}.id"
CUSTOMER = _of(
    "select l.task_id from task_links l where l.customer_id = {parent}.id"
    " union all select l.task_id from locations x join task_links l on l.location_id = x.id"
    " where x.customer_id = {parent}.id"
    " union all select l.task_id from customers x join task_links l on l.customer_id = x.id"
    " where x.organization_id = {parent}.id"
    " union all select l.task_id from tickets x join task_links l on l.ticket_id = x.id"
    " where x.customer_id = {parent}.id"
    " union all select l.task_id from opportunities x join task_links l on l.opportunity_id = x.id"
    " where x.customer_id = {parent}.id"
    " union all select k.id from visits x join tasks k on k.visit_id = x.id where x.customer_id = {parent}.id",
    _visits("{t}.customer_id = {parent}.id"),
    _notes("{t}.customer_id = {parent}.id"),
    *(_notes(f"{{t}}.{table}_id = {{of}}.id", of=HELD.format(many)) for table, many in HOLDERS.items()),
    _branch(TimelineKind.BILLING, "Billable", "user_id", "{t}.customer_id = {parent}.id"),
    _changes(
        " union all ".join((BELOW, *map(HELD.format, HOLDERS.values()))),
    ),
)
LOCATION = _of(
    "select l.task_id from task_links l where l.location_id = {parent}.id"
    " union all select k.id from visits x join tasks k on k.visit_id = x.id where x.location_id = {parent}.id",
    _visits("{t}.location_id = {parent}.id"),
    _notes("{t}.visit_id = {of}.id", of="select x.id from visits x where x.location_id = {parent}.id"),
    BILLED,
    _changes(f"{BELOW} union all select x.id from visits x where x.location_id = {{parent}}.id"),
)


def _of_record(roots: str, *branches: Branch) -> Any:
    """The list of a record whose visits are those of its tasks."""
    return _of(
        roots,
        *branches,
        _visits(f"{{t}}.id in ({ITS_VISITS})"),
        _notes(f"{{t}}.visit_id in ({ITS_VISITS})"),
        BILLED,
        _changes(f"{BELOW} union {ITS_VISITS} union select {{parent}}.id"),
    )


TICKET = _of_record(
    "select l.task_id from task_links l where l.ticket_id = {parent}.id", _notes("{t}.ticket_id = {parent}.id")
)
OPPORTUNITY = _of_record(
    "select l.task_id from task_links l where l.opportunity_id = {parent}.id",
    _notes("{t}.opportunity_id = {parent}.id"),
)
TASK = _of_record("{parent}.id")


@strawberry.type
class TimelineQueries:
    """What was recorded."""

    timeline: "Connection[TimelineEntry] | None" = inside(
        "What was recorded about a customer, a location, a ticket, an opportunity or a task, and all that belongs to "
        "it, newest first; null when you see no such record.",
        argument="entityId",
        what="The customer, location, ticket, opportunity or task.",
        field="timeline",
    )
