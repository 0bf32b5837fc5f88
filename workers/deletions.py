"""The actor that purges deleted tasks."""

from domain import deletions
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.PURGE_DELETED, seconds=120)
async def purge_deleted() -> None:
    """Remove deleted tasks for good that nobody has restored in time."""
    await sweep(Job.PURGE_DELETED, deletions.purge)
