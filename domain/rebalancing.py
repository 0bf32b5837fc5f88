"""Moves that would even out what people carry, proposed and not made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

MOST = 20


@dataclass(slots=True)
class Carrier:
    """Somebody who carries so much of at most what, and whether they can be given more."""

    id: UUID
    name: str
    load: int
    capacity: int | None
    here: bool


@dataclass(frozen=True, slots=True)
class Movable:
    """A task that nobody has begun, with its holder and its weight."""

    id: UUID
    holder_id: UUID
    weight: int


@dataclass(frozen=True, slots=True)
class Move:
    """A task that would go from one person to another, and why."""

    task_id: UUID
    sender_id: UUID
    receiver_id: UUID
    reason: str


def suggest(people: Sequence[Carrier], tasks: Sequence[Movable], most: int = MOST) -> Iterator[Move]:
    """Move after move from whoever carries most to whoever carries least, while that brings the two closer together.

    Tasks are tried in the order in which they are given.
    """
    left = list(tasks)
    for _ in range(most):
        found = next(_better(people, left), None)
        if found is None:
            return
        task, sender, receiver = found
        yield Move(
            task.id, sender.id, receiver.id, f"{sender.name} carries {sender.load}, {receiver.name} {receiver.load}."
        )
        sender.load -= task.weight
        receiver.load += task.weight
        left.remove(task)


def _better(people: Sequence[Carrier], tasks: Sequence[Movable]) -> Iterator[tuple[Movable, Carrier, Carrier]]:
    """The moves that bring two people closer together, the furthest apart first."""
    by_load = sorted(people, key=lambda each: (each.load, each.name, each.id))
    for sender in reversed(by_load):
        for receiver in by_load:
            for task in tasks:
                closer = 0 < task.weight < sender.load - receiver.load
                if task.holder_id == sender.id and closer and _fits(receiver, task):
                    yield task, sender, receiver


def _fits(receiver: Carrier, task: Movable) -> bool:
    return receiver.here and (receiver.capacity is None or receiver.load + task.weight <= receiver.capacity)
