"""Blueprints of series: what their occurrences are like, and what may be said of that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Required, TypedDict
from uuid import UUID

from domain import checklists, columns, links, people, task_types, workflows
from domain.errors import DomainError, InvalidInput, LimitExceeded, refuse
from domain.errors import Required as Missing
from domain.task_types import Line
from domain.work import Work
from models.accounts import Team
from models.checklists import ChecklistItem
from models.customers import Customer, Location
from models.recurrence import Series, SeriesAnchor, SeriesKind
from models.reminders import Anchor
from models.task_types import RequiredField
from models.tasks import Priority, Task, TaskType

LONGEST_MINUTES = 525_600
MOST = {"subtasks": 50, "checklist": checklists.MOST, "links": 20, "reminders": 10}
"""How many of each one occurrence has."""
_LISTS = tuple(MOST)


class Subtask(TypedDict):
    """One of the tasks below an occurrence, or, of a visit, one of its tasks."""

    title: str
    type: TaskType
    priority: Priority
    description: str | None
    expected_minutes: int | None


class Telling(TypedDict):
    """When whoever holds an occurrence is told of it: so many minutes before the time that it goes by."""

    anchor: Anchor
    offset_minutes: int


class Blueprint(TypedDict, total=False):
    """What each occurrence of a series will be like; what is absent has its default."""

    kind: SeriesKind
    anchor: SeriesAnchor
    title: Required[str]
    type: TaskType
    custom_type_id: UUID | None
    priority: Priority
    description: str | None
    purpose: str | None
    place: str | None
    expected_minutes: int | None
    workflow: str | None
    subtasks: Sequence[Subtask] | None
    checklist: Sequence[Line] | None
    links: Sequence[tuple[links.Target, UUID]] | None
    reminders: Sequence[Telling] | None
    assignee_id: UUID | None
    team_id: UUID | None
    customer_id: UUID | None
    location_id: UUID | None


async def stored(work: Work, said: Mapping[str, Any], before: Series | None = None) -> dict[str, Any]:
    """A blueprint, or what changes about one, as the columns hold it, once all that it refers to is seen."""
    refuse(_wrong(said, before))
    if said.get("assignee_id") or before is None:
        holder = await people.chosen(work, said.get("assignee_id"), "plan work for", path=("assigneeId",))
        said = {**said, "assignee_id": holder.id} if said.get("kind") is SeriesKind.VISIT else said
    found = {name: value for name, value in said.items() if name not in _LISTS}
    found |= {
        name: [dict(each) for each in said[name]] or None for name in _LISTS if said.get(name) and name != "links"
    }
    found |= {name: None for name in _LISTS if name in said and not said[name]}
    if said.get("links"):
        found["links"] = [await _about(work, place, *each) for place, each in enumerate(said["links"])]
    await _refer(work, said)
    if location_id := said.get("location_id"):
        location = await work.see(Location, location_id, path=("locationId",))
        found["customer_id"] = location.customer_id
    kind = await task_types.chosen(work, said.get("custom_type_id"))
    begun = task_types.begun(kind, found) if before is None else found
    refuse(task_types.lacking(kind, {**_of(before), **begun, "due_on": True, "scheduled_at": True, "visit_id": True}))
    return dict(begun)


def _of(before: Series | None) -> dict[str, Any]:
    return {name: getattr(before, name, None) for name in RequiredField} if before else {}


async def _refer(work: Work, said: Mapping[str, Any]) -> None:
    """Whoever acts sees the team, the customer and the workflow of the occurrences."""
    if team := said.get("team_id"):
        await work.see(Team, team, path=("teamId",))
    if customer := said.get("customer_id"):
        await work.see(Customer, customer, path=("customerId",))
    if said.get("workflow"):
        await workflows.offered(work, said["workflow"])


async def _about(work: Work, place: int, target: links.Target, key: UUID) -> dict[str, Any]:
    """A link as a blueprint keeps it."""
    row = await work.see(target, key, path=("linkIds", str(place)))
    return {"kind": links.kind(row), "id": str(key)}


def _wrong(said: Mapping[str, Any], before: Series | None) -> Iterator[DomainError]:
    after = {name: getattr(before, name) for name in ("kind", "location_id", "expected_minutes")} if before else {}
    after |= said
    yield from columns.faults(Series, {name: value for name, value in said.items() if name not in _LISTS})
    yield from _too_long(after.get("expected_minutes"), ("expectedDuration",))
    if after.get("kind") is SeriesKind.VISIT:
        if after.get("location_id") is None:
            yield Missing(path=("locationId",), field="The location of a visit")
        if not after.get("expected_minutes"):
            yield Missing(path=("expectedDuration",), field="The length of a visit")
    for name, most in MOST.items():
        if len(said.get(name) or ()) > most:
            yield LimitExceeded(
                path=("linkIds" if name == "links" else name,),
                what=f"The {name} of a series",
                limit=most,
                actual=len(said[name]),
            )
    yield from _wrong_in_lists(said)


def _wrong_in_lists(said: Mapping[str, Any]) -> Iterator[DomainError]:
    for place, subtask in enumerate(said.get("subtasks") or ()):
        yield from columns.faults(Task, subtask, inside=("subtasks", str(place)))
        yield from _too_long(subtask["expected_minutes"], ("subtasks", str(place), "expectedDuration"))
    for place, line in enumerate(said.get("checklist") or ()):
        yield from columns.faults(ChecklistItem, line, inside=("checklist", str(place)))
    for place, telling in enumerate(said.get("reminders") or ()):
        path = ("reminders", str(place))
        yield from _too_long(telling["offset_minutes"], (*path, "offset"))
        if telling["anchor"] is Anchor.INSTANT:
            yield InvalidInput(
                path=(*path, "anchor"), reason="an occurrence is told of before its due or scheduled time"
            )


def _too_long(minutes: int | None, path: tuple[str, ...]) -> Iterator[DomainError]:
    if not 0 <= (minutes or 0) <= LONGEST_MINUTES:
        yield InvalidInput(path=path, reason="it must be between nothing and 365 days")
