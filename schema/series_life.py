"""Pausing series, resuming, ending and deleting them."""

from uuid import UUID

import strawberry

from domain import series_life
from schema.compiler.fields import changed
from schema.context import Info
from schema.inputs import expected_version, key
from schema.mutation import mutation
from schema.payload import Payload
from schema.recurrence import Series


@strawberry.input(description="Which series is to rest.")
class SeriesPauseInput:
    """What `series_life.pause` takes."""

    series_id: UUID = key("The series.", "Series")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which series is to go on.")
class SeriesResumeInput:
    """What `series_life.resume` takes."""

    series_id: UUID = key("The series.", "Series")
    catch_up: bool = strawberry.field(description="Whether what fell into the pause is made too.", default=False)
    expected_version: int | None = expected_version()


@strawberry.input(description="Which series is to end.")
class SeriesEndInput:
    """What `series_life.end` takes."""

    series_id: UUID = key("The series.", "Series")
    expected_version: int | None = expected_version()


@strawberry.input(description="Which series is to be deleted.")
class SeriesDeleteInput:
    """What `series_life.delete` takes."""

    series_id: UUID = key("The series.", "Series")
    expected_version: int | None = expected_version()


@strawberry.type(description="What became of `seriesPause`.")
class SeriesPausePayload(Payload):
    """What `seriesPause` answers."""

    series: UUID | None = changed("The series as it is now.", Series)


@strawberry.type(description="What became of `seriesResume`.")
class SeriesResumePayload(Payload):
    """What `seriesResume` answers."""

    series: UUID | None = changed("The series as it is now.", Series)


@strawberry.type(description="What became of `seriesEnd`.")
class SeriesEndPayload(Payload):
    """What `seriesEnd` answers."""

    series: UUID | None = changed("The series as it is now.", Series)


@strawberry.type(description="What became of `seriesDelete`.")
class SeriesDeletePayload(Payload):
    """What `seriesDelete` answers."""

    series: UUID | None = changed("The series as it is now; null once it is deleted.", Series)


@strawberry.type
class SeriesLifeMutations:
    """Letting series rest, go on and end."""

    @mutation
    async def series_pause(self, info: Info, input: SeriesPauseInput) -> SeriesPausePayload:
        """Make no occurrences until the series is resumed; untouched ones to come are taken back."""
        await series_life.pause(input.series_id, by=info.context.by, version=input.expected_version)
        return SeriesPausePayload(series=input.series_id)

    @mutation
    async def series_resume(self, info: Info, input: SeriesResumeInput) -> SeriesResumePayload:
        """Make occurrences again."""
        by, version = info.context.by, input.expected_version
        await series_life.resume(input.series_id, catch_up=input.catch_up, by=by, version=version)
        return SeriesResumePayload(series=input.series_id)

    @mutation
    async def series_end(self, info: Info, input: SeriesEndInput) -> SeriesEndPayload:
        """Make no occurrences any more, for ever; untouched ones to come are taken back."""
        await series_life.end(input.series_id, by=info.context.by, version=input.expected_version)
        return SeriesEndPayload(series=input.series_id)

    @mutation
    async def series_delete(self, info: Info, input: SeriesDeleteInput) -> SeriesDeletePayload:
        """Remove a series; occurrences that are not taken back stay as tasks and visits of their own."""
        await series_life.delete(input.series_id, by=info.context.by, version=input.expected_version)
        return SeriesDeletePayload(series=input.series_id)
