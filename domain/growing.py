"""What the occurrences of series consist of: rows of every table, made of their blueprints."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import links, reminder_rules
from domain.alike import Alike, Columns, ids
from domain.rule_set import Occurrence
from domain.series_dates import name
from domain.statements import Values
from models.links import LinkKind
from models.recurrence import Series, SeriesKind
from models.reminders import Recipient
from models.task_types import CustomTaskType

_COPIED = ("title", "type", "priority", "description", "purpose", "place", "expected_minutes", "creator_id", "team_id")
_NONE = {"customer_id": None, "location_id": None, "visit_id": None, "ticket_id": None, "opportunity_id": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is so beside the series themselves."""

    now: datetime
    active: frozenset[UUID]
    """Those of their people who still work here."""
    zones: Mapping[UUID | None, ZoneInfo]
    """By person; that of nobody is the workspace's."""
    kinds: Mapping[UUID, CustomTaskType]
    """The types that go on."""
    customers: Mapping[UUID, LinkKind]


@dataclass(slots=True)
class Crop:
    """The new rows, by table; those of one table have the same columns. Numbers of tasks count from nothing."""

    visits: list[Alike] = field(default_factory=list)
    tasks: list[Alike] = field(default_factory=list)
    links: list[Alike] = field(default_factory=list)
    lines: list[Alike] = field(default_factory=list)
    reminders: list[Alike] = field(default_factory=list)
    numbers: int = 0

    def plant(self, tasks: Sequence[tuple[Values, Columns]], size: int) -> None:
        """Add tasks of so many occurrences; those of one occurrence are numbered in a row."""
        end = self.numbers + len(tasks) * size
        for number, (same, own) in enumerate(tasks, self.numbers):
            one = {name: value for name, value in same.items() if name not in own}
            self.tasks.append(Alike(one, {"id": ids(size), **own, "number": range(number, end, len(tasks))}))
        self.numbers = end


class _Dates(NamedTuple):
    """What a reminder goes by."""

    due_on: date
    scheduled_at: datetime


def grow(crop: Crop, series: Series, found: Sequence[Occurrence], ground: Ground) -> None:
    """Add what these occurrences consist of; what is for somebody who is no longer active waits to be claimed."""
    holder = series.assignee_id if series.assignee_id in ground.active else None
    if found and series.kind is SeriesKind.VISIT:
        _visits(crop, series, found, holder)
    elif found:
        _tasks(crop, series, found, holder, ground)


def _tasks(crop: Crop, series: Series, found: Sequence[Occurrence], holder: UUID | None, ground: Ground) -> None:
    kind = ground.kinds.get(series.custom_type_id) if series.custom_type_id else None
    like = {name: getattr(series, name) for name in _COPIED} | {"assignee_id": holder, "visit_id": None}
    like |= {"custom_type_id": kind and kind.id, "workflow": series.workflow or (kind and kind.workflow)}
    keys, dates = ids(len(found)), [_Dates(at.local.date(), at.at) for at in found]
    days, times = ([*column] for column in zip(*dates, strict=True))
    own: Columns = {"id": keys, "occurrence": [*map(name, found)], "due_on": days, "scheduled_at": times}
    top = {**like, "series_id": series.id, "parent_id": None}
    crop.plant([(top, own), *((each, {"parent_id": keys}) for each in _below(series, like))], len(found))
    crop.links += [Alike(each, {"task_id": keys}) for each in _about(series, ground)]
    lines = series.checklist or (kind and kind.checklist) or ()
    crop.lines += [Alike({**line, "position": n}, {"task_id": keys}) for n, line in enumerate(lines, 1)]
    for wish in _wishes(series, kind):
        due = _moments(wish, {Recipient.ASSIGNEE: holder, Recipient.CREATOR: series.creator_id}, dates, ground)
        crop.reminders.append(Alike({**wish, "creator_id": series.creator_id}, {"task_id": keys, "due_at": due}))


def _visits(crop: Crop, series: Series, found: Sequence[Occurrence], holder: UUID | None) -> None:
    people = {"creator_id": series.creator_id, "assignee_id": holder, "team_id": series.team_id}
    place = {"customer_id": series.customer_id, "location_id": series.location_id, "purpose": series.purpose}
    length = timedelta(minutes=series.expected_minutes or 0)
    starts, keys = [at.at for at in found], ids(len(found))
    times: Columns = {"planned_start": starts, "planned_end": [at + length for at in starts]}
    own: Columns = {"id": keys, "occurrence": [*map(name, found)], **times}
    crop.visits.append(Alike({**people, **place, "series_id": series.id}, own))
    like = dict.fromkeys(_COPIED) | people | {"custom_type_id": None}
    below: Columns = {"visit_id": keys, "due_on": [at.local.date() for at in found]}
    crop.plant([({**each, "parent_id": None}, below) for each in _below(series, like)], len(found))


def _below(series: Series, like: Values) -> Iterator[dict[str, Any]]:
    """The tasks below an occurrence, in their order; they have no times of their own."""
    none = {"purpose": None, "place": None, "custom_type_id": None, "workflow": series.workflow}
    own = {"series_id": None, "occurrence": None, "due_on": None, "scheduled_at": None}
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


def _wishes(series: Series, kind: CustomTaskType | None) -> list[dict[str, Any]]:
    """What each occurrence is reminded of, each once; of what the series does not say, its type does."""
    told = {"recipient": Recipient.ASSIGNEE, "channel": None}
    said = series.reminders or (kind and kind.reminders) or ()
    wishes = [reminder_rules.complete({**told, **each}) for each in said]
    return [each for n, each in enumerate(wishes) if each not in wishes[:n]]


def _moments(
    wish: Values, people: Mapping[str, UUID | None], dates: Sequence[_Dates], ground: Ground
) -> list[datetime | None]:
    """When a reminder of each occurrence is due; one whose moment is past waits for another date."""
    zone = ground.zones[people.get(wish["recipient"])]
    found = (reminder_rules.moment(wish, each, zone) for each in dates)
    return [at if at and at > ground.now else None for at in found]
