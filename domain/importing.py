"""Importing calendars: what comes again in them becomes series, each once however often it is imported."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid5

from domain import blueprints, bulk, calendar_reading, recurrence
from domain.blueprints import Blueprint
from domain.bulk import ErrorPolicy, Outcomes
from domain.calendar_reading import Draft
from domain.errors import DuplicateValue, Required, refuse
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from domain.zones import zone
from models.accounts import User
from models.recurrence import Series

ONLY_DATES = "FREQ=DAILY;COUNT=1"
"""The rule of what has a start and further dates."""


async def series_import(
    ics: str, *, shared: Blueprint, time_zone: str | None, errors: ErrorPolicy, by: Principal, once: Once | None
) -> tuple[Sequence[UUID], Outcomes]:
    """Make series of an iCalendar text: their ids, in the order of its entries, and why some were refused.

    An entry is known by its UID and by who imports it: one that was imported before stays as it is. Times without a
    zone are read in the given one, or the person's own. `shared` is what all series have in common.
    """
    allow(by, "series_create")
    async with Work(by, once=once) as work:
        person = await _person(work)
        drafts = await asyncio.to_thread(calendar_reading.read, ics, local=zone(time_zone or person.time_zone))
        keys = [uuid5(person.id, draft.uid) for draft in drafts]
        there = {series.id for series in await Series.filter(id__in=keys)}
        first = {key: place for place, key in reversed(list(enumerate(keys)))}

        async def take(place: int) -> None:
            draft, key = drafts[place], keys[place]
            refuse([*draft.errors, *_repeated(draft, again=first[key] != place)])
            if key not in there:
                await _make(work, key, draft, shared)

        return keys, await bulk.attempts(work, range(len(drafts)), take, errors=errors, inside="ics")


async def _person(work: Work) -> User:
    """Whoever imports, and is known by the series that they have imported before."""
    if work.by.id is None:
        raise Required(path=("userId",), field="User")
    return await User.get(id=work.by.id)


async def _make(work: Work, key: UUID, draft: Draft, shared: Blueprint) -> None:
    said: Blueprint = {**shared, "title": draft.title, "description": draft.description, "place": draft.place}
    if draft.minutes is not None:
        said["expected_minutes"] = min(draft.minutes, blueprints.LONGEST_MINUTES)
    rules = {
        "rule": draft.rule or ONLY_DATES,
        "start": draft.start.isoformat(timespec="seconds"),
        "time_zone": draft.time_zone,
        "rdates": [each.isoformat(timespec="seconds") for each in draft.added],
        "exdates": [each.isoformat(timespec="seconds") for each in draft.left_out],
    }
    await recurrence.add(work, rules, said, id=key)


def _repeated(draft: Draft, *, again: bool) -> Sequence[DuplicateValue]:
    return (DuplicateValue(path=("uid",), field="The UID", value=draft.uid[:200]),) if again and draft.uid else ()
