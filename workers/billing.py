"""The actor that bills time."""

from domain import billing
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.CONVERT_TIME, seconds=120)
async def convert_time() -> None:
    """Turn tracked time into billables where somebody asked for it."""
    await sweep(Job.CONVERT_TIME, billing.bill)
