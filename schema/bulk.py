"""The same done to many tasks at once: what such mutations take, and what they answer for each item."""

from collections.abc import Awaitable, Sequence
from typing import TypeVar
from uuid import UUID

import strawberry

from domain import bulk
from schema.compiler.fields import changed
from schema.enums import enum
from schema.inputs import expected_version, key
from schema.payload import Payload, UserError
from schema.tasks import Task

ErrorPolicy = enum(
    bulk.ErrorPolicy,
    REJECT_ALL="Nothing is done, and every reason of every item is told.",
    REJECT_FAILED="The others are done.",
)


@strawberry.input(description="One of the tasks, perhaps only at the version that you read.")
class TaskItemInput:
    """What `bulk.Item` is made of."""

    task_id: UUID = key("The task.", "Task")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of one task of a request in bulk.")
class TaskResult:
    """One item's outcome."""

    index: int = strawberry.field(description="The place of the item in the input, from 0.")
    object: UUID | None = changed("The task as it is now; null when there is none that you see.", Task)
    user_errors: list[UserError] = strawberry.field(
        description="All reasons why this one was refused.", default_factory=list
    )


@strawberry.type(description="What became of many tasks to which the same was done.")
class TaskBulkPayload(Payload):
    """What such mutations answer; each has a type of its own."""

    results: list[TaskResult] = strawberry.field(
        description="What became of each task, in the order of the input; when all were refused because of some, those "
        "have reasons, and no task changed.",
        default_factory=list,
    )


P = TypeVar("P", bound=TaskBulkPayload)


def items(given: Sequence[TaskItemInput]) -> list[bulk.Item]:
    """Take the items as verbs know them."""
    return [bulk.Item(each.task_id, each.expected_version) for each in given]


async def answered(payload: type[P], given: Sequence[TaskItemInput], doing: Awaitable[bulk.Outcomes]) -> P:
    """Do it, and say what became of each item; of all refused because of some, every reason stands on top too."""
    try:
        return payload(results=_results(given, await doing))
    except bulk.BulkRefused as refusal:
        return payload(results=_results(given, refusal.outcomes), user_errors=UserError.all_of(refusal))


def _results(given: Sequence[TaskItemInput], outcomes: bulk.Outcomes) -> list[TaskResult]:
    return [
        TaskResult(index=place, object=item.task_id, user_errors=UserError.each(errors))
        for place, (item, errors) in enumerate(zip(given, outcomes, strict=True))
    ]
