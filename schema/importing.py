"""Importing calendars into series."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry

from domain import bulk, importing
from domain.errors import DomainError
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import given, idempotency_key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload, UserError
from schema.recurrence import Series
from schema.scalars import TimeZone


@strawberry.input(description="A calendar to import.")
class SeriesImportInput:
    """What `importing.series_import` takes."""

    ics: str = strawberry.field(
        description="An iCalendar text (RFC 5545) of up to 250000 characters and 100 entries (VEVENT and VTODO)."
    )
    time_zone: TimeZone | None = part("The zone of times that name none; your own, unless given.")
    assignee_id: UUID | None = optional_key("Who gets each occurrence; null leaves tasks to be claimed.", "User")
    team_id: UUID | None = optional_key("The team of each occurrence; null for everybody.", "Team")
    customer_id: UUID | None = optional_key("The customer that each occurrence is linked to.", "Customer")
    error_policy: bulk.ErrorPolicy = strawberry.field(
        description="What it means for the others when one entry is refused.", default=bulk.ErrorPolicy.REJECT_ALL
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of one entry of a calendar.")
class SeriesImportResult:
    """One entry's outcome."""

    index: int = strawberry.field(description="The place of the entry among those of the calendar that recur, from 0.")
    object: UUID | None = changed("Its series, also if it was imported before; null when it was refused.", Series)
    user_errors: list[UserError] = strawberry.field(
        description="All reasons why this one was refused.", default_factory=list
    )


@strawberry.type(description="What became of `seriesImport`.")
class SeriesImportPayload(Payload):
    """What `seriesImport` answers."""

    results: list[SeriesImportResult] = strawberry.field(
        description="What became of each entry, in their order; when all were refused because of some, those have "
        "reasons, and no series was made.",
        default_factory=list,
    )


@strawberry.type
class ImportMutations:
    """Importing calendars."""

    @mutation
    async def series_import(self, info: Info, input: SeriesImportInput) -> SeriesImportPayload:
        """Make series of what recurs in an iCalendar text; an entry that you imported before stays as it is."""
        shared = given(input, ("assignee_id", "team_id", "customer_id"))
        about: dict[str, Any] = {"time_zone": input.time_zone, "errors": input.error_policy}
        try:
            keys, outcomes = await importing.series_import(
                input.ics, shared=shared, **about, by=info.context.by, once=once(input)
            )
        except bulk.BulkRefused as refusal:
            results = [_result(place, None, errors) for place, errors in enumerate(refusal.outcomes)]
            return SeriesImportPayload(results=results, user_errors=UserError.all_of(refusal))
        found = enumerate(zip(keys, outcomes, strict=True))
        return SeriesImportPayload(results=[_result(place, key, errors) for place, (key, errors) in found])


def _result(place: int, key: UUID | None, errors: Sequence[DomainError]) -> SeriesImportResult:
    return SeriesImportResult(index=place, object=None if errors else key, user_errors=UserError.each(errors))
