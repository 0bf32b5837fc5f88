"""What the occurrences of series consist of: rows of every table, made of their blueprints."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from domain import links, reminder_rules
from domain.rule_set import Occurrence
from domain.series_dates import name
from domain.statements import Values
from models.links import LinkKind
from models.recurrence import Series, SeriesKind
from models.task_types import CustomTaskType

_COPIED = ("title", "type", "priority", "description", "purpose", "place", "expected_minutes", "creator_id", "team_id")
_NONE = {"customer_id": None, "location_id": None, "visit_id": None, "ticket_id": None, "opportunity_id": None}


@dataclass(frozen=True, slots=True)
class Ground:
    """What is so beside the series themselves: who is active and where, which types go on, and what customers are."""

    zones: Mapping[UUID, ZoneInfo]
    kinds: Mapping[UUID, CustomTaskType]
    customers: Mapping[UUID, LinkKind]


@dataclass(slots=True)
class Crop:
    """The new rows, by table; those of one table have the same columns."""

    visits: list[Values] = field(default_factory=list)
    tasks: list[Values] = field(default_factory=list)
    links: list[Values] = field(default_factory=list)
    lines: list[Values] = field(default_factory=list)
    reminders: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Dates:
    """What a reminder goes by."""

    due_on: date
    scheduled_at: datetime


def grow(crop: Crop, series: Series, found: Sequence[Occurrence], ground: Ground) -> None:
    """Add what these occurrences consist of; what is for somebody who is no longer active waits to be claimed."""
    holder = series.assignee_id if series.assignee_id in ground.zones else None
    if series.kind is SeriesKind.VISIT:
        _visits(crop, series, found, holder)
        return
    kind = ground.kinds.get(series.custom_type_id) if series.custom_type_id else None
    like = {name: getattr(series, name) for name in _COPIED} | {"assignee_id": holder, "visit_id": None}
    like |= {"custom_type_id": kind and kind.id, "workflow": series.workflow or (kind and kind.workflow)}
    about = list(_about(series, ground))
    lines = [{**line, "position": n} for n, line in enumerate(series.checklist or (kind and kind.checklist) or (), 1)]
    told = holder or series.creator_id
    tell = _telling(series, told, ground) if series.reminders and told in ground.zones else None
    below = list(_below(series, like))
    for at in found:
        day, key = at.local.date(), uuid7()
        mine = {"id": key, "parent_id": None, "series_id": series.id, "occurrence": name(at)}
        crop.tasks.append({**like, **mine, "due_on": day, "scheduled_at": at.at})
        crop.tasks += [{**each, "id": uuid7(), "parent_id": key} for each in below]
        crop.links += [{**each, "task_id": key} for each in about]
        crop.lines += [{**each, "task_id": key} for each in lines]
        if tell:
            crop.reminders += [{**each, "task_id": key} for each in tell(_Dates(day, at.at))]


def _visits(crop: Crop, series: Series, found: Sequence[Occurrence], holder: UUID | None) -> None:
    people = {"creator_id": series.creator_id, "assignee_id": holder, "team_id": series.team_id}
    place = {"customer_id": series.customer_id, "location_id": series.location_id, "purpose": series.purpose}
    like = dict.fromkeys(_COPIED) | people | {"custom_type_id": None, "workflow": None}
    length = timedelta(minutes=series.expected_minutes or 0)
    for at in found:
        key = uuid7()
        planned = {"planned_start": at.at, "planned_end": at.at + length}
        own = {"id": key, "series_id": series.id, "occurrence": name(at)}
        crop.visits.append({**own, **people, **place, **planned})
        more = {"parent_id": None, "visit_id": key, "due_on": at.local.date()}
        crop.tasks += [{**each, **more, "id": uuid7()} for each in _below(series, like)]


def _below(series: Series, like: Values) -> Iterator[dict[str, Any]]:
    """The tasks below an occurrence, in their order; they have no times of their own."""
    none = {"purpose": None, "place": None, "custom_type_id": None, "workflow": series.workflow, "visit_id": None}
    own = {"series_id": None, "occurrence": None, "due_on": None, "scheduled_at": None, "parent_id": None}
    for each in series.subtasks or ():
        yield {**like, **none, **own, **each}


def _about(series: Series, ground: Ground) -> Iterator[dict[str, Any]]:
    """What an occurrence is linked to; the customer above all, or else what comes first."""
    found = [(LinkKind(each["kind"]), UUID(each["id"])) for each in series.links or ()]
    if series.customer_id is not None:
        customer = (ground.customers[series.customer_id], series.customer_id)
        found = [customer, *(each for each in found if each != customer)]
    for place, (kind, key) in enumerate(found):
        yield {**_NONE, "kind": kind, links.column(kind): key, "is_primary": place == 0}


def _telling(series: Series, user_id: UUID, ground: Ground) -> Callable[[_Dates], Iterator[Values]]:
    """Tells who holds the task, or, while nobody does, who made the series."""
    zone, wanted = ground.zones[user_id], [reminder_rules.complete(each) for each in series.reminders or ()]
    same = {"user_id": user_id, "creator_id": series.creator_id}

    def tell(dates: _Dates) -> Iterator[Values]:
        for each in wanted:
            yield {**same, **each, "due_at": reminder_rules.moment(each, dates, zone)}

    return tell
