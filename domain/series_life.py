"""Pausing series, resuming, ending and deleting them."""

from datetime import timedelta
from uuid import UUID

from domain import withdrawing
from domain.principal import Principal
from domain.series_edits import again, load
from domain.series_rules import SeriesAction
from domain.work import Work
from models.recurrence import Series

_REST = "update series set due_at = null, attempts = 0, error = null, failed_at = null where id = $1"
_SINCE = "update series set expanded_until = $2 where id = $1"
_LOOSEN = (
    "update tasks set series_id = null, occurrence = null where series_id = $1",
    "update visits set series_id = null, occurrence = null where series_id = $1",
    "update series set predecessor_id = null where predecessor_id = $1",
    "delete from series where id = $1",
)


async def pause(series_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Make no occurrences until the series is resumed; those to come that nobody has touched are taken back."""
    async with Work(by) as work:
        await withdrawing.lock_tree(work)
        series = await load(work, series_id, SeriesAction.PAUSE, version)
        if series.paused_at is None:
            await work.fetch(_REST, series.id)
            await work.change(series, "paused", paused_at=work.now)
            await withdrawing.withdraw(work, series, work.now)


async def resume(series_id: UUID, *, catch_up: bool = False, by: Principal, version: int | None = None) -> None:
    """Make occurrences again; those of the pause too, when asked."""
    async with Work(by) as work:
        series = await load(work, series_id, SeriesAction.RESUME, version)
        if (paused_at := series.paused_at) is not None:
            await work.change(series, "resumed", paused_at=None)
            await work.fetch(_SINCE, series.id, paused_at if catch_up else work.now)
            await again(work, series, work.now + timedelta(days=36_500))


async def end(series_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Make no occurrences any more, for ever; those to come that nobody has touched are taken back."""
    async with Work(by) as work:
        await withdrawing.lock_tree(work)
        series = await load(work, series_id, SeriesAction.END, version)
        if series.ended_at is None:
            await _end(work, series)


async def delete(series_id: UUID, *, by: Principal, version: int | None = None) -> None:
    """Remove a series; what is left of its occurrences stays as tasks and visits of their own."""
    async with Work(by) as work:
        await withdrawing.lock_tree(work)
        series = await load(work, series_id, SeriesAction.DELETE, version)
        await withdrawing.withdraw(work, series, work.now)
        await work.record(series, "deleted", {"title": [series.title, None]})
        for statement in _LOOSEN:
            await work.fetch(statement, series.id)


async def _end(work: Work, series: Series) -> None:
    await work.fetch(_REST, series.id)
    await work.change(series, "ended", ended_at=work.now)
    await withdrawing.withdraw(work, series, work.now)
