"""Who may change a series, and what a person may do with it now."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.actions import Action
from domain.errors import DomainError, Forbidden
from domain.principal import Principal
from domain.relations import Relation, in_reach, stands, words
from domain.series_errors import SeriesEnded
from models.accounts import Scope
from models.recurrence import Series

RELATIONS = (Relation.CREATOR, Relation.REACH)


class SeriesAction(StrEnum):
    """Everything that a person may want to do with a series."""

    UPDATE = "UPDATE"
    SKIP = "SKIP"
    UNSKIP = "UNSKIP"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    END = "END"
    DELETE = "DELETE"


_WHEN_ENDED = frozenset({SeriesAction.END, SeriesAction.DELETE})
"""What can be done with a series that has ended; to end it again changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesFacts:
    """What the rules need to know of a series, seen by one person."""

    creator_id: UUID | None
    assignee_id: UUID | None
    in_reach: bool
    """What `relations.in_reach` says of the person who acts."""
    ended: bool


def facts(series: Series, by: Principal) -> SeriesFacts:
    """What the rules need to know of a series."""
    who = {"creator_id": series.creator_id, "assignee_id": series.assignee_id}
    reach = in_reach(by, team_id=series.team_id, **who)
    return SeriesFacts(**who, in_reach=reach, ended=series.ended_at is not None)


def check(action: SeriesAction, facts: SeriesFacts, by: Principal) -> tuple[DomainError, ...]:
    """Why the person may not do this now; none means that it succeeds, perhaps as a repeat that changes nothing."""
    if not stands(RELATIONS, facts, by):
        return (Forbidden(action="change this series", who=words(RELATIONS)),)
    return (SeriesEnded(),) if facts.ended and action not in _WHEN_ENDED else ()


def actions(facts: SeriesFacts, by: Principal) -> list[Action]:
    """Every action, whether this person may do it now, and why not."""
    lacking = by.missing(Scope.WRITE)
    return [Action.of(action, lacking or check(action, facts, by)) for action in SeriesAction]
