"""The three workflows that every workspace has, and how published ones are written down and read."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson

from domain.errors import NotFound
from domain.relations import Relation
from domain.workflow import Guard, Row, Step, Workflow
from models.accounts import Role
from models.tasks import TaskStatus

_BEGUN = frozenset({TaskStatus.PENDING, TaskStatus.IN_PROGRESS})
_RELEASED = frozenset({TaskStatus.RELEASED})
_ASSIGNEE, _CREATOR, _REACH = Relation.ASSIGNEE, Relation.CREATOR, Relation.REACH
_GUARDS = (Guard.SUBTASKS_DONE, Guard.CHECKLIST_DONE, Guard.INDICATORS_CAPTURED)

_START = Row(Step.START, frozenset({TaskStatus.PENDING}), TaskStatus.IN_PROGRESS, (_ASSIGNEE,))
_REVIEW = (
    _START,
    Row(Step.RELEASE, _BEGUN, TaskStatus.RELEASED, (_ASSIGNEE, _CREATOR), roles=frozenset({Role.REP}), guards=_GUARDS),
    Row(Step.CLOSE, _RELEASED, TaskStatus.CLOSED, (_REACH,), guards=_GUARDS),
)
_CANCEL = (
    Row(Step.CANCEL, _BEGUN, TaskStatus.CANCELLED, (_CREATOR, _ASSIGNEE)),
    Row(Step.CANCEL, _RELEASED, TaskStatus.CANCELLED, (_REACH,)),
)
STANDARD = Workflow(
    "STANDARD",
    1,
    rows=(
        _START,
        Row(Step.COMPLETE, _BEGUN, TaskStatus.COMPLETED, (_ASSIGNEE, _REACH), guards=_GUARDS),
        Row(Step.CANCEL, _BEGUN, TaskStatus.CANCELLED, (_CREATOR, _ASSIGNEE, _REACH)),
    ),
    editors=(_CREATOR, _ASSIGNEE, _REACH),
)
REVIEWED = Workflow("REVIEWED", 1, rows=(*_REVIEW, *_CANCEL), editors=(_CREATOR,), planners=(_ASSIGNEE,))
DIRECT = Workflow(
    "DIRECT",
    1,
    rows=(*_REVIEW, Row(Step.COMPLETE, _BEGUN, TaskStatus.COMPLETED, (_ASSIGNEE,), guards=_GUARDS), *_CANCEL),
    editors=(_CREATOR,),
    planners=(_ASSIGNEE,),
)
BUILT_IN = MappingProxyType({flow.name: flow for flow in (STANDARD, REVIEWED, DIRECT)})
MOST = 1_000
"""How many published workflows are remembered."""


def find(name: str, version: int = 1) -> Workflow:
    """The built-in workflow of this name and version; NOT_FOUND when there is none."""
    if name not in BUILT_IN or version != BUILT_IN[name].version:
        raise NotFound(path=("workflow",), kind="workflow")
    return BUILT_IN[name]


@lru_cache(MOST)
def read(name: str, version: int, definition: str | None) -> Workflow:
    """The workflow of this name and version: a built-in one, or what its definition, a JSON text, says."""
    if definition is None:
        return find(name, version)
    told = orjson.loads(definition)
    rows = tuple(map(_row, told["steps"]))
    return Workflow(name, version, rows, _relations(told["editors"]), _relations(told["planners"]))


def plain(flow: Workflow) -> Mapping[str, Any]:
    """The definition of a workflow: enums by their names, sets in the order of their enum."""
    steps = [
        {
            "name": row.step,
            "from": [status for status in TaskStatus if status in row.sources],
            "to": row.target,
            "roles": [role for role in Role if role in row.roles],
            "relations": [relation.name for relation in row.relations],
            "guards": list(row.guards),
            "reasonRequired": row.reason_required,
        }
        for row in flow.rows
    ]
    return {"steps": steps} | {
        name: [each.name for each in people]
        for name, people in (("editors", flow.editors), ("planners", flow.planners))
    }


def _row(told: Mapping[str, Any]) -> Row:
    return Row(
        told["name"],
        frozenset(map(TaskStatus, told["from"])),
        TaskStatus(told["to"]),
        _relations(told["relations"]),
        frozenset(map(Role, told["roles"])),
        tuple(map(Guard, told["guards"])),
        told["reasonRequired"],
    )


def _relations(names: list[str]) -> tuple[Relation, ...]:
    return tuple(Relation[name] for name in names)
