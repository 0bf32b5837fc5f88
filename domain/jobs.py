"""Every nudge that may be sent: it says that something may be due, never what."""

from collections.abc import Callable
from enum import StrEnum
from uuid import UUID


class Job(StrEnum):
    """A look at what is due of one kind."""

    EXPAND_SERIES = "EXPAND_SERIES"
    SEND_REMINDERS = "SEND_REMINDERS"
    SHOW_NOTIFICATIONS = "SHOW_NOTIFICATIONS"
    MAKE_DIGESTS = "MAKE_DIGESTS"
    ESCALATE_OVERDUE = "ESCALATE_OVERDUE"
    SEND_EMAILS = "SEND_EMAILS"
    CONVERT_TIME = "CONVERT_TIME"
    TEND_QUEUES = "TEND_QUEUES"
    TEND_ATTACHMENTS = "TEND_ATTACHMENTS"
    PURGE_DELETED = "PURGE_DELETED"


def _nowhere(job: Job, *ids: UUID) -> None:
    """Without a broker nothing is lost: the clock finds what is due."""


send: Callable[..., None] = _nowhere
"""Takes a job and its ids to the workers; `workers.broker` puts its own here."""
