"""The occurrences of a series, those that are still to be made as well."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain import occurrences
from domain.errors import DomainError, NotFound
from schema.compiler.errors import CompileError
from schema.compiler.fields import changed
from schema.compiler.values import decode_id
from schema.context import Info
from schema.tasks import Task
from schema.visits import Visit

SeriesId = Annotated[strawberry.ID, strawberry.argument(description="The series.")]
From = Annotated[datetime, strawberry.argument(name="from", description="The first instant.")]
To = Annotated[datetime, strawberry.argument(description="The last instant, at most two years after the first.")]


@strawberry.type(description="An occurrence of a series: made already, or still to be made.")
class SeriesOccurrence:
    """A row of `seriesOccurrences`."""

    original: str = strawberry.field(description="Its name within the series, for ever: the local start that it had.")
    local: str = strawberry.field(description="When it is, as the clock there says.")
    at: datetime = strawberry.field(description="When it is.")
    skipped: bool = strawberry.field(description="Whether it was left out.")
    moved: bool = strawberry.field(description="Whether it is at another time than its original one.")
    task: UUID | None = changed("The task, once it is made.", Task)
    visit: UUID | None = changed("The visit, once it is made.", Visit)


async def _occurrences(info: Info, series_id: SeriesId, start: From, to: To) -> list[SeriesOccurrence] | None:
    try:
        found = await occurrences.listed(decode_id("series", series_id), start, to, by=info.context.by)
    except NotFound:
        return None
    except DomainError as refusal:
        raise CompileError(refusal.message) from refusal
    return [
        SeriesOccurrence(
            original=each.original,
            local=each.local.isoformat(),
            at=each.at,
            skipped=each.skipped,
            moved=each.moved,
            task=each.task_id,
            visit=each.visit_id,
        )
        for each in found
    ]


@strawberry.type
class OccurrenceQueries:
    """When something comes again."""

    series_occurrences: list[SeriesOccurrence] | None = strawberry.field(
        resolver=_occurrences,
        description="The occurrences of a series between two instants, at most 1000, made or still to be made; null "
        "when there is no such series.",
    )
