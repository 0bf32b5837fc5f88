"""The actor that mails."""

from domain import emails
from domain.jobs import Job
from workers.broker import actor
from workers.sweep import sweep


@actor(Job.SEND_EMAILS, seconds=600)
async def send_emails() -> None:
    """Mail what waits for it."""
    await sweep(Job.SEND_EMAILS, emails.send)
