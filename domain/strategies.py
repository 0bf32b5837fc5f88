"""Who gets a task of a queue that nobody claims, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from models.accounts import Strategy


@dataclass(slots=True)
class Person:
    """Somebody who may get tasks: what they carry of at most what, and until when they are away."""

    id: UUID
    name: str
    active: bool
    load: int
    capacity: int | None
    away_until: date | None
    substitute_id: UUID | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits: what it weighs, whom it just left, and who looks after its customer."""

    weight: int
    left_id: UUID | None = None
    rep_id: UUID | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a task, in whose turn, and why."""

    person: Person
    turn: Person
    reason: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who may be chosen, by id; the members of the team in their order; and whose turn was last."""

    people: Mapping[UUID, Person]
    members: Sequence[UUID]
    served_id: UUID | None

    def receiver(self, whose: Person, task: Waiting) -> Person | None:
        """Who gets a task that falls to a person: they, or who stands in for them, if either is here and has room.

        Nobody gets back what they just gave back.
        """
        found: Person | None = whose
        if whose.away_until is not None:
            found = self.people.get(whose.substitute_id) if whose.substitute_id else None
        if found is None or found.away_until is not None or not found.active or found.id == task.left_id:
            return None
        return found if found.capacity is None or found.load + task.weight <= found.capacity else None

    def in_turn(self) -> Iterator[Person]:
        """The members, from the one after whoever was served last."""
        known = [self.people[each] for each in self.members]
        after = next((place for place, each in enumerate(known, 1) if each.id == self.served_id), 0)
        yield from (*known[after:], *known[:after])


def by_turns(roster: Roster, task: Waiting) -> Choice | None:
    """The next member who can take it."""
    for whose in roster.in_turn():
        if found := roster.receiver(whose, task):
            return Choice(found, whose, _why(whose, found, f"It was the turn of {whose.name}"))
    return None


def least_loaded(roster: Roster, task: Waiting) -> Choice | None:
    """Whoever carries least of those who can take it; of several, the first by name."""
    members = (roster.people[each] for each in roster.members)
    able = [(found, whose) for whose in members if (found := roster.receiver(whose, task))]
    if not able:
        return None
    found, whose = min(able, key=lambda pair: (pair[0].load, pair[0].name, pair[0].id, pair[0] is not pair[1]))
    reason = f"{found.name} carried least, {found.load}, of the {len({each.id for each, _ in able})} who had room"
    return Choice(found, whose, f"{reason}.")


def default_rep(roster: Roster, task: Waiting) -> Choice | None:
    """Whoever looks after the customer that the task is about."""
    whose = roster.people.get(task.rep_id) if task.rep_id else None
    found = whose and roster.receiver(whose, task)
    if not (whose and found):
        return None
    return Choice(found, whose, _why(whose, found, f"{whose.name} looks after {task.customer}"))


CHOOSE: Mapping[Strategy, Callable[[Roster, Waiting], Choice | None]] = MappingProxyType(
    {
        Strategy.ROUND_ROBIN: by_turns,
        Strategy.LEAST_LOADED: least_loaded,
        Strategy.CUSTOMER_DEFAULT_REP: default_rep,
    }
)


def _why(whose: Person, found: Person, reason: str) -> str:
    if found is whose:
        return f"{reason}."
    return f"{reason}, who is away until {whose.away_until}; {found.name} stands in."
