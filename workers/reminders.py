"""The actor that sends reminders."""

from domain import reminders
from domain.jobs import Job
from models import Reminder
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.SEND_REMINDERS, seconds=120)
async def send_reminders() -> None:
    """Tell people what they wanted to be reminded of."""
    await sweep(Reminder, reminders.send)
