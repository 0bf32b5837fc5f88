"""Which step leads a visit from where to where, and for whom; that one was MISSED only the system finds."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.actions import Action
from domain.errors import DomainError, ForbiddenTransition, InvalidTransition, VisitFinal, refuse
from domain.principal import Principal
from domain.relations import Relation, stands, words
from models.accounts import Scope
from models.visits import VisitStatus

FINAL = frozenset({VisitStatus.COMPLETED, VisitStatus.CANCELLED, VisitStatus.MISSED})


class VisitAction(StrEnum):
    """What moves a visit from one status to another at a person's word."""

    CHECK_IN = "CHECK_IN"
    CHECK_OUT = "CHECK_OUT"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitFacts:
    """What the rules need to know of a visit, seen by one person."""

    status: VisitStatus
    creator_id: UUID | None
    assignee_id: UUID | None
    in_reach: bool
    """What `relations.in_reach` says of the person who acts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: from which status to which, and for whom."""

    source: VisitStatus
    target: VisitStatus
    relations: tuple[Relation, ...]


STEPS = {
    VisitAction.CHECK_IN: Row(VisitStatus.PLANNED, VisitStatus.IN_PROGRESS, (Relation.ASSIGNEE,)),
    VisitAction.CHECK_OUT: Row(VisitStatus.IN_PROGRESS, VisitStatus.COMPLETED, (Relation.ASSIGNEE,)),
    VisitAction.CANCEL: Row(VisitStatus.PLANNED, VisitStatus.CANCELLED, tuple(Relation)),
}


def check(action: VisitAction, facts: VisitFacts, by: Principal) -> tuple[DomainError, ...]:
    """Why the person may not take the step now; none means that it succeeds, perhaps as a repeat.

    A step that already led here is repeated by whom it is for, and changes nothing.
    """
    row = STEPS[action]
    mine = stands(row.relations, facts, by)
    if mine and facts.status is row.target:
        return ()
    if facts.status in FINAL:
        return (VisitFinal(status=facts.status),)
    now = tuple(a for a, r in STEPS.items() if facts.status is r.source and stands(r.relations, facts, by))
    if facts.status is not row.source:
        return (InvalidTransition(step=action, status=facts.status, allowed=now),)
    return () if mine else (ForbiddenTransition(step=action, who=words(row.relations), allowed=now),)


def move(action: VisitAction, facts: VisitFacts, by: Principal) -> VisitStatus:
    """The status to which the step leads, which is the present one when the step repeats what was done."""
    refuse(check(action, facts, by))
    return STEPS[action].target


def actions(facts: VisitFacts, by: Principal) -> list[Action]:
    """Every action, whether this person may do it now, and why not."""
    lacking = by.missing(Scope.WRITE)
    return [Action.of(action, lacking or check(action, facts, by)) for action in VisitAction]
