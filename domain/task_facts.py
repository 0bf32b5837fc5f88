"""What the rules need to know of a task, from its row or from columns that a read fetched."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from domain import loads
from domain.loads import Room
from domain.principal import Principal
from domain.relations import in_reach
from domain.work import Work
from domain.workflow import TaskFacts
from models.tasks import Task, TaskStatus

ASSIGNEE_NAME = "(select u.name from users u where u.id = {t}.assignee_id)"
OPEN_SUBTASKS = (
    "array(select 'T-' || s.number from tasks s"
    " where s.workspace_id = {t}.workspace_id and s.parent_id = {t}.id and s.finished_at is null order by s.number)"
)
COLUMNS = ("status", "workflow", "workflow_version", "creator_id", "assignee_id", "team_id", "finished_by_id")
"""What `of_columns` needs of the row; besides it needs `assignee_name` and `open_subtasks`, as the SQL above says, and
for who claims `loads.OWN`."""

_MORE = f"select {ASSIGNEE_NAME} as name, {OPEN_SUBTASKS} as open from tasks t where t.id = $1".replace("{t}", "t")


async def gather(work: Work, task: Task) -> TaskFacts:
    """The facts of a locked task; while it is locked nobody adds a subtask."""
    (more,) = await work.fetch(_MORE, task.id)
    return of_row(task, work.by, assignee_name=more["name"], open_subtasks=more["open"])


def of_row(
    task: Task, by: Principal, *, assignee_name: str | None = None, open_subtasks: Sequence[str] = ()
) -> TaskFacts:
    """The facts of a row, as far as the row tells them."""
    known = {name: getattr(task, name) for name in COLUMNS}
    return of_columns(known | {"assignee_name": assignee_name, "open_subtasks": open_subtasks}, by)


def of_columns(columns: Mapping[str, Any], by: Principal) -> TaskFacts:
    """The facts from columns, whose ids and status may be text, as JSON has them."""
    people = {name: _id(columns[name]) for name in ("creator_id", "assignee_id", "team_id")}
    return TaskFacts(
        **people,
        room=_room(columns, by),
        status=TaskStatus(columns["status"]),
        workflow=columns["workflow"],
        workflow_version=columns["workflow_version"],
        assignee_name=columns["assignee_name"],
        in_reach=in_reach(by, **people),
        finished_by_id=_id(columns["finished_by_id"]),
        open_subtasks=tuple(columns["open_subtasks"]),
    )


def _room(columns: Mapping[str, Any], by: Principal) -> Room | None:
    if columns.get("capacity") is None:
        return None
    return Room(name=by.name, **{name: columns[name] for name in loads.OWN})


def _id(value: UUID | str | None) -> UUID | None:
    return UUID(value) if isinstance(value, str) else value
