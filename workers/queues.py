"""The actor that tends queues."""

from domain import queues
from domain.jobs import Job
from models import Team
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.TEND_QUEUES, seconds=120)
async def tend_queues() -> None:
    """Return to their queues the tasks that their holders leave lying."""
    await sweep(Team, queues.tend)
