"""Putting what waited for its hour into the inboxes."""

from collections.abc import Sequence
from uuid import UUID

from domain import audience
from domain.principal import Principal
from domain.work import Work
from models.notifications import Notification, NotificationStatus

_SHOWN = """
update notifications n set due_at = null, attempts = 0, failed_at = null, error = d.error,
    status = case when d.error is null then 'SENT' else 'SKIPPED' end,
    sent_at = case when d.error is null then $3::timestamptz end
from unnest($1::uuid[], $2::text[]) d (id, error) where n.id = d.id
"""


async def show(keys: Sequence[UUID], *, by: Principal) -> None:
    """Put lines into the inboxes of one workspace, unless by now there is a reason not to."""
    async with Work(by) as work:
        locked = await work.lock_seen(Notification, keys)
        due = [key for key, line in locked.items() if line.status is NotificationStatus.PENDING]
        if due:
            reasons = await audience.of_notifications(work, due)
            await work.fetch(_SHOWN, due, [reasons[key] for key in due], work.now)
