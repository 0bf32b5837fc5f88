"""How a person stands to a task or a visit, and whether a step is theirs because of it."""

from collections.abc import Collection
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.principal import Principal
from models.accounts import Role


class Relation(StrEnum):
    """How a person stands to a subject; the value is how a sentence says it."""

    ASSIGNEE = "its assignee"
    CREATOR = "its creator"
    REACH = "a supervisor of its team or an admin"


class Subject(Protocol):
    """What a person may stand in a relation to."""

    @property
    def creator_id(self) -> UUID | None:
        """Who made it."""

    @property
    def assignee_id(self) -> UUID | None:
        """Who holds it."""

    @property
    def in_reach(self) -> bool:
        """Whether it is in the reach of whoever acts."""


def in_reach(by: Principal, *, team_id: UUID | None, assignee_id: UUID | None, creator_id: UUID | None) -> bool:
    """Whether a subject is in the reach of whoever acts.

    All is in an admin's reach. A supervisor reaches what belongs to a team they lead or to one below; where there is
    no team, what is held or was created by themselves or by a member of such a team. Nothing is in a rep's reach.
    """
    if by.reaches_all:
        return True
    if by.role is not Role.SUPERVISOR:
        return False
    if team_id is not None:
        return team_id in by.reach
    return by.is_one_of(assignee_id, creator_id) or not by.people.isdisjoint({assignee_id, creator_id})


def stands(relations: Collection[Relation], subject: Subject, by: Principal) -> bool:
    """Whether one of these relations holds; the system stands in every one."""
    return by.role is Role.SYSTEM or any(
        (
            Relation.ASSIGNEE in relations and by.is_one_of(subject.assignee_id),
            Relation.CREATOR in relations and by.is_one_of(subject.creator_id),
            Relation.REACH in relations and subject.in_reach,
        )
    )


def words(relations: Collection[Relation]) -> str:
    """The relations as a sentence says them: "its creator or its assignee"."""
    return " or ".join(relations)
