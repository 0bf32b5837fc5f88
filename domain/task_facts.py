"""What the rules need to know of a task, from its row or from columns that a read fetched."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import loads
from domain.loads import Room
from domain.principal import Principal
from domain.relations import in_reach
from domain.work import Work
from domain.workflow import TaskFacts
from domain.workflow_tables import BUILT_IN, read
from models.tasks import Task, TaskStatus

ASSIGNEE_NAME = "(select u.name from users u where u.id = {t}.assignee_id)"
OPEN_SUBTASKS = (
    "array(select 'T-' || s.number from tasks s"
    " where s.workspace_id = {t}.workspace_id and s.parent_id = {t}.id"
    " and s.finished_at is null and s.deletion_id is null order by s.number)"
)
OPEN_BLOCKERS = (
    "array(select 'T-' || b.number from dependencies d join tasks b on b.id = d.predecessor_id"
    " where d.successor_id = {t}.id and b.finished_at is null and b.deletion_id is null order by b.number)"
)
OPEN_CHECKLIST = (
    "array(select i.text from checklist_items i"
    " where i.task_id = {t}.id and i.required and i.ticked_at is null order by i.position)"
)
OPEN_INDICATORS = (
    "array(select a.name from task_indicators i join assessment_indicators a on a.id = i.indicator_id"
    " where i.task_id = {t}.id and i.required and i.captured_at is null order by i.id)"
)
TIES = """
array(with recursive below (id) as (
    select {t}.id union all select s.id from tasks s join below b on s.parent_id = b.id where s.deletion_id is null
)
select k.tie || ' T-' || s.number from below b join tasks s on s.id = b.id cross join lateral (
    select 'BILLED' where exists (select from billables x where x.task_id = s.id)
    union all select 'REQUESTED' where exists (
        select from conversions x where x.task_id = s.id and x.finished_at is null and x.failed_at is null)
    union all select 'RUNNING' where exists (
        select from time_entries x where x.task_id = s.id and x.ended_at is null and x.minutes is null)
) k (tie) order by s.number)
"""
"""What keeps a task from being deleted, at itself and at all below it."""
DEFINITION = (
    f"(select w.definition::text from workflows w where {{t}}.workflow not in ({', '.join(map(repr, BUILT_IN))})"
    " and w.workspace_id = {t}.workspace_id and w.name = {t}.workflow and w.version = {t}.workflow_version)"
)
COLUMNS = (
    "status",
    "workflow",
    "workflow_version",
    "creator_id",
    "assignee_id",
    "team_id",
    "released_by_id",
    "finished_by_id",
)
MORE = MappingProxyType(
    {
        "assignee_name": ASSIGNEE_NAME,
        "open_subtasks": OPEN_SUBTASKS,
        "open_blockers": OPEN_BLOCKERS,
        "open_checklist": OPEN_CHECKLIST,
        "open_indicators": OPEN_INDICATORS,
        "has_outcome": "{t}.outcome is not null",
        "definition": DEFINITION,
    }
)
"""What `of_columns` needs beside `COLUMNS` of the row, and for who claims `loads.OWN`."""

_OPEN = ("open_subtasks", "open_blockers", "open_checklist", "open_indicators")
_MORE = f"select {', '.join(f'{sql} as {name}' for name, sql in MORE.items())} from tasks t where t.id = $1"


async def gather(work: Work, task: Task) -> TaskFacts:
    """The facts of a locked task; while it is locked nobody adds a subtask."""
    (more,) = await work.fetch(_MORE.replace("{t}", "t"), task.id)
    return of_columns(_known(task) | dict(more), work.by)


async def gather_ties(work: Work, task: Task) -> TaskFacts:
    """The facts of a locked task, and what keeps it from being deleted."""
    (more,) = await work.fetch(f"select {TIES.replace('{t}', 't')} as ties from tasks t where t.id = $1", task.id)
    return replace(await gather(work, task), ties=tuple(more["ties"]))


def of_row(task: Task, by: Principal) -> TaskFacts:
    """The facts that a row tells, which keeps to a built-in workflow."""
    more = {"assignee_name": None, "has_outcome": task.outcome is not None, "definition": None}
    return of_columns(_known(task) | more | dict.fromkeys(_OPEN, ()), by)


def _known(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in COLUMNS}


def of_columns(columns: Mapping[str, Any], by: Principal) -> TaskFacts:
    """The facts from columns, whose ids and status may be text, as JSON has them."""
    people = {name: _id(columns[name]) for name in ("creator_id", "assignee_id", "team_id")}
    return TaskFacts(
        **people,
        room=_room(columns, by),
        status=TaskStatus(columns["status"]),
        flow=read(columns["workflow"], columns["workflow_version"], columns["definition"]),
        assignee_name=columns["assignee_name"],
        in_reach=in_reach(by, **people),
        released_by_id=_id(columns["released_by_id"]),
        finished_by_id=_id(columns["finished_by_id"]),
        has_outcome=columns["has_outcome"],
        open_subtasks=tuple(columns["open_subtasks"]),
        open_blockers=tuple(columns["open_blockers"]),
        open_checklist=tuple(columns["open_checklist"]),
        open_indicators=tuple(columns["open_indicators"]),
        ties=tuple(columns.get("ties", ())),
    )


def _room(columns: Mapping[str, Any], by: Principal) -> Room | None:
    if columns.get("capacity") is None:
        return None
    return Room(name=by.name, **{name: columns[name] for name in loads.OWN})


def _id(value: UUID | str | None) -> UUID | None:
    return UUID(value) if isinstance(value, str) else value
