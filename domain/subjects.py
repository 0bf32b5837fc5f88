"""The records to which people add notes and attachments, and who may add to which."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain import task_facts, task_rules, visits
from domain.errors import DomainError, Forbidden, TaskFinal, refuse
from domain.relations import Relation, stands, words
from domain.telling import noun
from domain.work import Work
from domain.workflow import FINAL
from models.customers import Customer
from models.opportunities import Opportunity
from models.rows import Row
from models.subjects import About
from models.tasks import Task
from models.tickets import Ticket
from models.visits import Visit

Subject = type[Task] | type[Customer] | type[Visit] | type[Ticket] | type[Opportunity]
Refusals = tuple[DomainError, ...]


class Part(StrEnum):
    """What is added: talk is for everybody who sees the record, the others are for those who work on it."""

    TALK = "internal notes"
    NOTES = "notes"
    ATTACHMENTS = "attachments"


async def _of_task(work: Work, task: Task, part: Part) -> Refusals:
    if part is Part.TALK:
        return (TaskFinal(status=task.status),) if task.status in FINAL else ()
    return task_rules.edit(await task_facts.gather(work, task), work.by, (part,))


async def _of_visit(work: Work, visit: Visit, part: Part) -> Refusals:
    mine = part is Part.TALK or stands(tuple(Relation), visits.facts(visit, work.by), work.by)
    return () if mine else (Forbidden(action=f"edit {part} of this visit", who=words(tuple(Relation))),)


async def _of_all(work: Work, row: Row, part: Part) -> Refusals:
    return ()


RULES: Mapping[Subject, Callable[[Work, Any, Part], Awaitable[Refusals]]] = MappingProxyType(
    {Task: _of_task, Customer: _of_all, Visit: _of_visit, Ticket: _of_all, Opportunity: _of_all}
)


def column(model: Subject) -> str:
    """The key that points at a record of this kind."""
    return f"{noun(model)}_id"


async def opened(work: Work, model: Subject, key: UUID, part: Part, *, path: tuple[str, ...] = ("subjectId",)) -> Row:
    """The record, locked, if whoever acts sees it and may add this to it."""
    (row,) = await work.lock(model, [key], path=path)
    refuse(await RULES[model](work, row, part))
    return row


async def opened_of(work: Work, about: About, part: Part) -> Row:
    """The record of a note or an attachment, locked, if whoever acts may change this part of it."""
    (found,) = ((model, key) for model in RULES if (key := getattr(about, column(model))) is not None)
    return await opened(work, *found, part, path=())
