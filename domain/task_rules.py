"""Who may claim, hand over and edit a task, and all that a person may do with it now."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from domain import workflow
from domain.actions import Action
from domain.columns import spelled
from domain.deletion_errors import BillingRequested, TimeBilled
from domain.errors import (
    AlreadyClaimed,
    DomainError,
    Forbidden,
    NotClaimable,
    NotClaimed,
    NotHolder,
    TaskFinal,
    TimerRunning,
)
from domain.principal import Principal
from domain.relations import Relation, stands, words
from domain.workflow import FINAL, TaskFacts
from models.accounts import Role, Scope
from models.tasks import TaskStatus

PLANNING = frozenset(
    {"priority", "due_on", "scheduled_at", "notes", "attachments", "subtasks", "blockers", "checklist", "indicators"}
)
"""What the assignee edits where the content is the creator's."""
CONTENT = PLANNING | {
    "title",
    "type",
    "custom_type_id",
    "description",
    "purpose",
    "outcome",
    "expected_minutes",
    "place",
    "billable",
    "team_id",
    "parent_id",
    "progress_weight",
    "progress_by",
    "finish_with_subtasks",
    "visit_id",
    "links",
}
_APART = frozenset({"links", "subtasks", "blockers", "checklist", "indicators", "notes", "attachments"})
"""What is given by mutations of its own, whose input has no part of this name."""
CLAIMABLE = frozenset({TaskStatus.PENDING, TaskStatus.IN_PROGRESS})
CLAIMANTS = "the members of its team and those who lead it"


class TaskAction(StrEnum):
    """Everything that a person may want to do with a task."""

    START = "START"
    RELEASE = "RELEASE"
    CLOSE = "CLOSE"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    REJECT = "REJECT"
    CLAIM = "CLAIM"
    UNCLAIM = "UNCLAIM"
    ASSIGN = "ASSIGN"
    EDIT = "EDIT"
    DELETE = "DELETE"


def claim(facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """Why the person may not claim the task; claiming what one holds is allowed and changes nothing."""
    if facts.status in FINAL:
        return (TaskFinal(status=facts.status),)
    if by.is_one_of(facts.assignee_id):
        return ()
    if facts.assignee_id is not None:
        return (AlreadyClaimed(holder=facts.assignee_name),)
    stale = () if facts.status in CLAIMABLE else (NotClaimable(status=facts.status),)
    mine = facts.team_id is None or facts.team_id in by.teams or facts.in_reach
    if by.role is Role.SYSTEM or not mine:
        return (*stale, Forbidden(action="claim this task", who=CLAIMANTS))
    return (*stale, *(facts.room.lacks() if facts.room else ()))


def unclaim(facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """Why the person may not give the task back to its team."""
    if facts.status in FINAL:
        return (TaskFinal(status=facts.status),)
    if facts.assignee_id is None:
        return (NotClaimed(),)
    mine = stands((Relation.ASSIGNEE, Relation.REACH), facts, by)
    return () if mine else (NotHolder(holder=facts.assignee_name),)


def assign(facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """Why the person may not hand the task to somebody."""
    if facts.status in FINAL:
        return (TaskFinal(status=facts.status),)
    mine = stands((Relation.REACH,), facts, by)
    return () if mine else (Forbidden(action="assign this task", who=words((Relation.REACH,))),)


def may_edit(facts: TaskFacts, by: Principal) -> frozenset[str]:
    """The fields whose content this person may edit, as the task's workflow says."""
    if facts.status in FINAL:
        return frozenset()
    if stands(facts.flow.editors, facts, by):
        return CONTENT
    return PLANNING if stands(facts.flow.planners, facts, by) else frozenset()


def edit(facts: TaskFacts, by: Principal, fields: Collection[str] = ()) -> tuple[DomainError, ...]:
    """Why the person may not edit these fields, or, when none is named, any at all."""
    if facts.status in FINAL:
        return (TaskFinal(status=facts.status),)
    mine = may_edit(facts, by)
    who = words(facts.flow.editors)
    if not fields:
        return () if mine else (Forbidden(action="edit this task", who=who),)
    names = sorted(map(spelled, set(fields) - mine))
    return tuple(Forbidden(path=() if name in _APART else (name,), action=f"edit {name}", who=who) for name in names)


_TIES: Mapping[str, Callable[[tuple[str, ...]], DomainError]] = MappingProxyType(
    {
        "BILLED": lambda keys: TimeBilled(tasks=keys),
        "REQUESTED": lambda keys: BillingRequested(tasks=keys),
        "RUNNING": lambda keys: TimerRunning(task=keys),
    }
)


def delete(facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """Why the person may not delete the task with all below it; what is final is not its creator's any more."""
    owners = (Relation.REACH,) if facts.status in FINAL else (Relation.CREATOR, Relation.REACH)
    wrong = () if stands(owners, facts, by) else (Forbidden(action="delete this task", who=words(owners)),)
    ties = [tie.split(maxsplit=1) for tie in facts.ties]
    found = {kind: tuple(key for each, key in ties if each == kind) for kind in _TIES}
    return (*wrong, *(_TIES[kind](keys) for kind, keys in found.items() if keys))


_RULES: dict[str, Callable[[TaskFacts, Principal], tuple[DomainError, ...]]] = {
    TaskAction.CLAIM: claim,
    TaskAction.UNCLAIM: unclaim,
    TaskAction.ASSIGN: assign,
    TaskAction.EDIT: edit,
    TaskAction.DELETE: delete,
}


def check(action: str, facts: TaskFacts, by: Principal) -> tuple[DomainError, ...]:
    """All reasons why the person may not do this now."""
    if rule := _RULES.get(action):
        return rule(facts, by)
    return workflow.check(action, facts, by)


def actions(facts: TaskFacts, by: Principal) -> list[Action]:
    """Every action, and every other step of the workflow; whether this person may do it now, and why not."""
    lacking, names = by.missing(Scope.WRITE), dict.fromkeys((*TaskAction, *facts.flow.steps))
    return [Action.of(name, lacking or check(name, facts, by)) for name in names]
