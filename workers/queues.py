"""The actor that tends queues."""

from domain import queues
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.TEND_QUEUES, seconds=120)
async def tend_queues() -> None:
    """Return to their queues what holders leave lying, and give out what waits there."""
    await sweep(Job.TEND_QUEUES, queues.tend)
