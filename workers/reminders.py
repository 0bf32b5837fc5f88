"""The actors that tell people what they wanted to know."""

from domain import digests, escalations, firing, showing
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep, sweep_together


@actor(Job.SEND_REMINDERS, seconds=120)
async def send_reminders() -> None:
    """Tell people what they wanted to be reminded of."""
    await sweep_together(Job.SEND_REMINDERS, firing.send, most=500)


@actor(Job.SHOW_NOTIFICATIONS, seconds=120)
async def show_notifications() -> None:
    """Put what waited for its hour into the inboxes."""
    await sweep_together(Job.SHOW_NOTIFICATIONS, showing.show, most=500)


@actor(Job.MAKE_DIGESTS, seconds=120)
async def make_digests() -> None:
    """Tell people of all that is due, at their hour."""
    await sweep(Job.MAKE_DIGESTS, digests.make)


@actor(Job.ESCALATE_OVERDUE, seconds=120)
async def escalate_overdue() -> None:
    """Tell supervisors of what has been overdue for too long."""
    await sweep(Job.ESCALATE_OVERDUE, escalations.escalate)
