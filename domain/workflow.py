"""Which step leads a task from where to where, and for whom: named, versioned, immutable tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.dependency_errors import OpenBlockers
from domain.errors import (
    ActionNotInWorkflow,
    DomainError,
    ForbiddenTransition,
    InvalidTransition,
    OpenChecklist,
    OpenSubtasks,
    Required,
    TaskFinal,
    refuse,
)
from domain.loads import Room
from domain.principal import Principal
from domain.relations import Relation, stands, words
from domain.workflow_errors import IndicatorsMissing, OutcomeMissing, ReleasedByYou
from models.accounts import Role
from models.tasks import TaskStatus

PEOPLE = frozenset(Role) - {Role.SYSTEM}
FINAL = frozenset({TaskStatus.COMPLETED, TaskStatus.CLOSED, TaskStatus.CANCELLED})


class Step(StrEnum):
    """The steps that have a name and a mutation of their own; a published workflow may have others."""

    START = "START"
    RELEASE = "RELEASE"
    CLOSE = "CLOSE"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    REJECT = "REJECT"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFacts:
    """What the rules need to know of a task, seen by one person."""

    status: TaskStatus
    flow: "Workflow"
    """The workflow that the task keeps to."""
    creator_id: UUID | None
    assignee_id: UUID | None
    assignee_name: str | None
    team_id: UUID | None
    in_reach: bool
    """What `relations.in_reach` says of the person who acts."""
    released_by_id: UUID | None = None
    finished_by_id: UUID | None = None
    """Who took the final step; none for the system."""
    open_subtasks: tuple[str, ...] = ()
    """Keys of the children that are not finished."""
    open_blockers: tuple[str, ...] = ()
    """Keys of the tasks for which it waits that are not finished."""
    open_checklist: tuple[str, ...] = ()
    """Lines of the checklist that are required, and not ticked."""
    open_indicators: tuple[str, ...] = ()
    """Names of the indicators that are required, and not captured."""
    ties: tuple[str, ...] = ()
    """What keeps it from being deleted: words such as "BILLED T-12", where somebody asked for them."""
    has_outcome: bool = False
    """Whether somebody said what came of it."""
    room: Room | None = None
    """How it fits the person who acts; none for whoever has no capacity."""


class Guard(StrEnum):
    """What must hold, beside the right person, before a step is taken."""

    SUBTASKS_DONE = "SUBTASKS_DONE"
    BLOCKERS_DONE = "BLOCKERS_DONE"
    CHECKLIST_DONE = "CHECKLIST_DONE"
    INDICATORS_CAPTURED = "INDICATORS_CAPTURED"
    OUTCOME_GIVEN = "OUTCOME_GIVEN"
    NOT_RELEASER = "NOT_RELEASER"


def subtasks_done(facts: TaskFacts, by: Principal) -> DomainError | None:
    """A parent is not done before its children are."""
    return OpenSubtasks(subtasks=facts.open_subtasks) if facts.open_subtasks else None


def blockers_done(facts: TaskFacts, by: Principal) -> DomainError | None:
    """A task goes on once that for which it waits is finished."""
    return OpenBlockers(blockers=facts.open_blockers) if facts.open_blockers else None


def checklist_done(facts: TaskFacts, by: Principal) -> DomainError | None:
    """A task is not done before what its checklist requires is."""
    return OpenChecklist(items=facts.open_checklist) if facts.open_checklist else None


def indicators_captured(facts: TaskFacts, by: Principal) -> DomainError | None:
    """A task is not done before what must be known of it is."""
    return IndicatorsMissing(indicators=facts.open_indicators) if facts.open_indicators else None


def outcome_given(facts: TaskFacts, by: Principal) -> DomainError | None:
    """What came of a task is said before it ends."""
    return None if facts.has_outcome else OutcomeMissing()


def not_releaser(facts: TaskFacts, by: Principal) -> DomainError | None:
    """Four eyes: nobody signs off what they released."""
    return ReleasedByYou() if by.is_one_of(facts.released_by_id) else None


_GUARDS: Mapping[Guard, Callable[[TaskFacts, Principal], DomainError | None]] = MappingProxyType(
    {
        Guard.SUBTASKS_DONE: subtasks_done,
        Guard.BLOCKERS_DONE: blockers_done,
        Guard.CHECKLIST_DONE: checklist_done,
        Guard.INDICATORS_CAPTURED: indicators_captured,
        Guard.OUTCOME_GIVEN: outcome_given,
        Guard.NOT_RELEASER: not_releaser,
    }
)
_NAMES = MappingProxyType({Role.REP: "a rep", Role.SUPERVISOR: "a supervisor", Role.ADMIN: "an admin"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a workflow: a step from these statuses to that one, for those people, under these guards."""

    step: str
    sources: frozenset[TaskStatus]
    target: TaskStatus
    relations: tuple[Relation, ...]
    roles: frozenset[Role] = PEOPLE
    guards: tuple[Guard, ...] = ()
    reason_required: bool = False

    def is_for(self, facts: TaskFacts, by: Principal) -> bool:
        """Whether the person may take the step, as far as that depends on who they are."""
        return by.role in self.roles | {Role.SYSTEM} and stands(self.relations, facts, by)

    def failures(self, facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
        """Every guard that does not hold."""
        return tuple(error for guard in self.guards if (error := _GUARDS[guard](facts, by)))

    @property
    def who(self) -> str:
        """Whom the step is for, as a sentence says it."""
        named = " or ".join(name for role, name in _NAMES.items() if role in self.roles)
        return words(self.relations) if self.roles >= PEOPLE else f"{named} who is {words(self.relations)}"


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps that tasks pinned to this version may take, and who edits their content."""

    name: str
    version: int
    rows: tuple[Row, ...]
    editors: tuple[Relation, ...]
    planners: tuple[Relation, ...] = ()
    """Those who may edit only what `task_rules.PLANNING` names."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Every step that there is, once, in the order of the rows."""
        return tuple(dict.fromkeys(row.step for row in self.rows))

    def row(self, step: str, status: TaskStatus) -> Row | None:
        """The line that says where the step leads from this status."""
        return next((row for row in self.rows if row.step == step and status in row.sources), None)


def allowed(facts: TaskFacts, by: Principal) -> tuple[str, ...]:
    """The steps that this person may take now."""
    rows = (facts.flow.row(step, facts.status) for step in facts.flow.steps)
    return tuple(row.step for row in rows if row and row.is_for(facts, by) and not row.failures(facts, by))


def check(step: str, facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """All reasons why the person may not take the step now; none means that it succeeds, perhaps as a repeat.

    A final status, a step that the workflow lacks and one that does not start here each stand alone, for then no line
    of the table applies. Where one does, the wrong person and every failed guard are reported together.
    """
    flow = facts.flow
    row = flow.row(step, facts.status)
    if row is None and _repeats(step, facts, by):
        return ()
    if facts.status in FINAL:
        return (TaskFinal(status=facts.status),)
    now = allowed(facts, by)
    if step not in flow.steps:
        return (ActionNotInWorkflow(step=step, workflow=flow.name, allowed=now),)
    if row is None:
        return (InvalidTransition(step=step, status=facts.status, allowed=now),)
    wrong = () if row.is_for(facts, by) else (ForbiddenTransition(step=step, who=row.who, allowed=now),)
    return (*wrong, *row.failures(facts, by))


def move(step: str, facts: TaskFacts, by: Principal, *, reason: str | None = None) -> TaskStatus:
    """The status to which the step leads, which is the present one when the step repeats what was done."""
    refuse(refusals(step, facts, by, reason))
    row = facts.flow.row(step, facts.status)
    return row.target if row else facts.status


def refusals(step: str, facts: TaskFacts, by: Principal, reason: str | None) -> tuple[DomainError, ...]:
    """All reasons why the person may not take the step with this reason."""
    row = facts.flow.row(step, facts.status)
    unsaid = row is not None and row.reason_required and not (reason or "").strip()
    return (*check(step, facts, by), *((Required(path=("reason",), field="The reason"),) if unsaid else ()))


def _repeats(step: str, facts: TaskFacts, by: Principal) -> bool:
    """Whether the step already led here: a final one is repeated by who took it, another by whom it is for."""
    rows = [row for row in facts.flow.rows if row.step == step and row.target is facts.status]
    if facts.status in FINAL:
        return bool(rows) and facts.finished_by_id == by.id
    return any(row.is_for(facts, by) for row in rows)
