"""Telling people what happened, and what they do with what they are told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import audience, notification_rules
from domain.errors import InvalidInput, refuse
from domain.policy import allow
from domain.principal import Principal
from domain.statements import Values
from domain.work import Work
from models.notifications import Notification, NotificationKind, NotificationStatus
from models.reminders import Channel

_READ = """
update notifications set read_at = clock_timestamp() where user_id = $1 and read_at is null
and channel = 'IN_APP' and status = 'SENT' and (cardinality($2::text[]) = 0 or kind = any($2))
"""


async def tell(work: Work, kind: NotificationKind, rows: Sequence[Values]) -> None:
    """Tell people something about a task or a note, each once, as they wish."""
    wishes = await audience.wishes(work, {row["user_id"] for row in rows})
    told = [
        {"kind": kind, "task_id": None, "note_id": None, **row, **state}
        for row in rows
        for state in notification_rules.told(kind, wishes[row["user_id"]], work.now)
    ]
    await work.create_all(Notification, told, unless_there=True)


async def read(notification_id: UUID, *, by: Principal) -> None:
    """Mark a line of one's inbox as read; what is read stays so."""
    async with Work(by) as work:
        line = await _opened(work, notification_id, "notification_read")
        if line.read_at is None:
            await work.change(line, "read", read_at=work.now)


async def read_all(kinds: Sequence[NotificationKind] = (), *, by: Principal) -> None:
    """Mark all of one's inbox as read, or all of some kinds."""
    allow(by, "notifications_read_all")
    async with Work(by) as work:
        await work.fetch(_READ, by.id, list(kinds))


async def snooze(notification_id: UUID, until: datetime, *, by: Principal) -> None:
    """Take a line out of one's inbox until an instant, when it comes back unread; no date of any task moves."""
    async with Work(by) as work:
        line = await _opened(work, notification_id, "notification_snooze")
        late = InvalidInput(path=("until",), reason="it must be in the future")
        refuse((late,) if until <= work.now else ())
        waits: dict[str, Any] = {"status": NotificationStatus.PENDING, "sent_at": None, "due_at": until}
        await work.change(line, "snoozed", **waits, read_at=None)


async def _opened(work: Work, notification_id: UUID, to: str) -> Notification:
    """A line of an inbox that is there, or that waits to come back."""
    path = ("notificationId",)
    line = await work.load(Notification, notification_id, to=to, path=path)
    there = line.channel is Channel.IN_APP and line.status in {NotificationStatus.SENT, NotificationStatus.PENDING}
    refuse(() if there else (InvalidInput(path=path, reason="it is no line of an inbox"),))
    return line
