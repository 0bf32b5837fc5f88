"""Which step leads a task from where to where, and for whom: named, versioned, immutable tables."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.errors import (
    ActionNotInWorkflow,
    DomainError,
    ForbiddenTransition,
    InvalidTransition,
    NotFound,
    OpenChecklist,
    OpenSubtasks,
    TaskFinal,
    refuse,
)
from domain.loads import Room
from domain.principal import Principal
from domain.relations import Relation, stands, words
from models.accounts import Role
from models.tasks import TaskStatus

FINAL = frozenset({TaskStatus.COMPLETED, TaskStatus.CLOSED, TaskStatus.CANCELLED})


class Step(StrEnum):
    """What moves a task from one status to another."""

    START = "START"
    RELEASE = "RELEASE"
    CLOSE = "CLOSE"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFacts:
    """What the rules need to know of a task, seen by one person."""

    status: TaskStatus
    workflow: str
    workflow_version: int
    creator_id: UUID | None
    assignee_id: UUID | None
    assignee_name: str | None
    team_id: UUID | None
    in_reach: bool
    """What `relations.in_reach` says of the person who acts."""
    finished_by_id: UUID | None = None
    """Who took the final step; none for the system."""
    open_subtasks: tuple[str, ...] = ()
    """Keys of the children that are not finished."""
    open_checklist: tuple[str, ...] = ()
    """Lines of the checklist that are required, and not ticked."""
    room: Room | None = None
    """How it fits the person who acts; none for whoever has no capacity."""


Guard = Callable[[TaskFacts], DomainError | None]


def subtasks_finished(facts: TaskFacts) -> DomainError | None:
    """A parent is not done before its children are."""
    return OpenSubtasks(subtasks=facts.open_subtasks) if facts.open_subtasks else None


def checklist_ticked(facts: TaskFacts) -> DomainError | None:
    """A task is not done before what its checklist requires is."""
    return OpenChecklist(items=facts.open_checklist) if facts.open_checklist else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a workflow: a step from these statuses to that one, for those people, under these guards."""

    step: Step
    sources: frozenset[TaskStatus]
    target: TaskStatus
    relations: tuple[Relation, ...]
    roles: frozenset[Role] = frozenset(Role)
    guards: tuple[Guard, ...] = ()

    def is_for(self, facts: TaskFacts, by: Principal) -> bool:
        """Whether the person may take the step, as far as that depends on who they are."""
        return by.role in self.roles | {Role.SYSTEM} and stands(self.relations, facts, by)

    def failures(self, facts: TaskFacts) -> tuple[DomainError, ...]:
        """Every guard that does not hold."""
        return tuple(error for guard in self.guards if (error := guard(facts)))

    @property
    def who(self) -> str:
        """Whom the step is for, as a sentence says it."""
        return f"a rep who is {words(self.relations)}" if self.roles == {Role.REP} else words(self.relations)


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps that tasks pinned to this version may take, and who edits their content."""

    name: str
    version: int
    rows: tuple[Row, ...]
    editors: tuple[Relation, ...]
    planners: tuple[Relation, ...] = ()
    """Those who may edit only what `task_rules.PLANNING` names."""

    def row(self, step: Step, status: TaskStatus) -> Row | None:
        """The line that says where the step leads from this status."""
        return next((row for row in self.rows if row.step is step and status in row.sources), None)


_BEGUN = frozenset({TaskStatus.PENDING, TaskStatus.IN_PROGRESS})
_RELEASED = frozenset({TaskStatus.RELEASED})
_ASSIGNEE, _CREATOR, _REACH = Relation.ASSIGNEE, Relation.CREATOR, Relation.REACH
_GUARDS = (subtasks_finished, checklist_ticked)

_START = Row(Step.START, frozenset({TaskStatus.PENDING}), TaskStatus.IN_PROGRESS, (_ASSIGNEE,))
_REVIEW = (
    _START,
    Row(Step.RELEASE, _BEGUN, TaskStatus.RELEASED, (_ASSIGNEE, _CREATOR), roles=frozenset({Role.REP}), guards=_GUARDS),
    Row(Step.CLOSE, _RELEASED, TaskStatus.CLOSED, (_REACH,), guards=_GUARDS),
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
REVIEWED = Workflow("REVIEWED", 1, rows=_REVIEW, editors=(_CREATOR,), planners=(_ASSIGNEE,))
DIRECT = Workflow(
    "DIRECT",
    1,
    rows=(*_REVIEW, Row(Step.COMPLETE, _BEGUN, TaskStatus.COMPLETED, (_ASSIGNEE,), guards=_GUARDS)),
    editors=(_CREATOR,),
    planners=(_ASSIGNEE,),
)
WORKFLOWS = MappingProxyType({(flow.name, flow.version): flow for flow in (STANDARD, REVIEWED, DIRECT)})
DEFAULT = REVIEWED


def find(name: str, version: int = 1) -> Workflow:
    """The workflow of this name and version; NOT_FOUND when nobody published it."""
    if (name, version) not in WORKFLOWS:
        raise NotFound(path=("workflow",), kind="workflow")
    return WORKFLOWS[name, version]


def allowed(facts: TaskFacts, by: Principal) -> tuple[Step, ...]:
    """The steps that this person may take now."""
    flow = find(facts.workflow, facts.workflow_version)
    rows = (flow.row(step, facts.status) for step in Step)
    return tuple(row.step for row in rows if row and row.is_for(facts, by) and not row.failures(facts))


def check(step: Step, facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """All reasons why the person may not take the step now; none means that it succeeds, perhaps as a repeat.

    A final status, a step that the workflow lacks and one that does not start here each stand alone, for then no line
    of the table applies. Where one does, the wrong person and every failed guard are reported together.
    """
    flow = find(facts.workflow, facts.workflow_version)
    row = flow.row(step, facts.status)
    if _repeats(flow, step, facts, by):
        return ()
    if facts.status in FINAL:
        return (TaskFinal(status=facts.status),)
    now = allowed(facts, by)
    if all(row.step is not step for row in flow.rows):
        return (ActionNotInWorkflow(step=step, workflow=flow.name, allowed=now),)
    if row is None:
        return (InvalidTransition(step=step, status=facts.status, allowed=now),)
    wrong = () if row.is_for(facts, by) else (ForbiddenTransition(step=step, who=row.who, allowed=now),)
    return (*wrong, *row.failures(facts))


def move(step: Step, facts: TaskFacts, by: Principal) -> TaskStatus:
    """The status to which the step leads, which is the present one when the step repeats what was done."""
    refuse(check(step, facts, by))
    row = find(facts.workflow, facts.workflow_version).row(step, facts.status)
    return row.target if row else facts.status


def _repeats(flow: Workflow, step: Step, facts: TaskFacts, by: Principal) -> bool:
    """Whether the step already led here: a final one is repeated by who took it, another by whom it is for."""
    rows = [row for row in flow.rows if row.step is step and row.target is facts.status]
    if facts.status in FINAL:
        return bool(rows) and facts.finished_by_id == by.id
    return any(row.is_for(facts, by) for row in rows)
