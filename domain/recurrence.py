"""Series: tasks and visits that come again, kept as real ones up to a horizon."""

from collections.abc import Mapping
from typing import Any, Unpack
from uuid import UUID

from domain import blueprints, ruling
from domain.blueprints import Blueprint
from domain.jobs import Job
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.ruling import Options
from domain.work import Work
from models.recurrence import Series


class Said(Blueprint, Options, total=False):
    """What each occurrence of a series will be like, and what changes about the dates that its rule says."""


async def create(
    *, rule: str, start: str, time_zone: str, by: Principal, once: Once | None = None, **said: Unpack[Said]
) -> UUID:
    """Let a task or a visit come again by an RFC 5545 rule, from a local start in a time zone.

    Without an assignee its tasks wait to be claimed. A rule that cannot be expanded is refused now.
    """
    allow(by, "series_create")
    blueprint: Any = {name: value for name, value in said.items() if name not in ruling.COLUMNS}
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        rules = {**said, "rule": rule, "start": start, "time_zone": time_zone}
        return await work.answers(await add(work, rules, blueprint))


async def add(work: Work, rules: Mapping[str, Any], blueprint: Blueprint, **given: UUID) -> UUID:
    """Make a series of what says when it occurs, and of a blueprint; it can be given its id."""
    columns = {**await blueprints.stored(work, blueprint), **await ruling.stored(work.now, rules), **given}
    series = await work.create(Series, creator_id=work.by.id, **columns, due_at=work.now)
    work.enqueue(Job.EXPAND_SERIES)
    return series.id
