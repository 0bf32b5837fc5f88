"""The actor that keeps every series expanded."""

from domain import expansion
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep_together


@actor(Job.EXPAND_SERIES, seconds=120)
async def expand_series() -> None:
    """Make the tasks of series up to the horizon."""
    await sweep_together(Job.EXPAND_SERIES, expansion.expand, most=100)
