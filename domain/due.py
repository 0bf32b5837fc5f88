"""Taking what is due: attempts are counted before the work, so that work that kills its worker ends as failed."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from tortoise.connection import get_connection

from domain.errors import DomainError, NotFound
from domain.jobs import Job
from domain.principal import Principal
from domain.statements import table
from domain.work import Work
from models.accounts import Team
from models.attachments import Attachment
from models.billing import Conversion
from models.deletions import Deletion
from models.escalations import EscalationRule
from models.notifications import Notification, NotificationSettings
from models.recurrence import Series
from models.reminders import Reminder

Sweepable = (
    type[Series]
    | type[Reminder]
    | type[Notification]
    | type[NotificationSettings]
    | type[EscalationRule]
    | type[Conversion]
    | type[Team]
    | type[Attachment]
    | type[Deletion]
)
Verb = Callable[..., Awaitable[object]]


class Sweep(NamedTuple):
    """A kind of work: the table whose rows may be due, and which of them, as SQL."""

    model: Sweepable
    where: str = "true"


SWEEPS: MappingProxyType[Job, Sweep] = MappingProxyType(
    {
        Job.EXPAND_SERIES: Sweep(Series),
        Job.SEND_REMINDERS: Sweep(Reminder),
        Job.SHOW_NOTIFICATIONS: Sweep(Notification, "channel = 'IN_APP'"),
        Job.SEND_EMAILS: Sweep(Notification, "channel = 'EMAIL'"),
        Job.MAKE_DIGESTS: Sweep(NotificationSettings),
        Job.ESCALATE_OVERDUE: Sweep(EscalationRule),
        Job.CONVERT_TIME: Sweep(Conversion),
        Job.TEND_QUEUES: Sweep(Team),
        Job.TEND_ATTACHMENTS: Sweep(Attachment),
        Job.PURGE_DELETED: Sweep(Deletion),
    }
)
"""What each sweep looks for."""
MAX_ATTEMPTS = 5
STOPPED = "The worker stopped before it finished."
log = logging.getLogger(__name__)

_TAKE = """
with taken as materialized (
    select id from {table} where due_at <= clock_timestamp() and failed_at is null and {where} {which}
    order by due_at limit $1 for no key update skip locked
)
update {table} r set
    attempts = least(r.attempts + 1, $2),
    due_at = case when r.attempts < $2
        then clock_timestamp() + least(interval '1 hour', interval '30 seconds' * 2 ^ r.attempts) end,
    failed_at = case when r.attempts >= $2 then clock_timestamp() end,
    error = case when r.attempts >= $2 then coalesce(r.error, $3) else r.error end
from taken where r.id = taken.id
returning r.id, r.workspace_id, r.failed_at
"""
_FAILED = """
update {table} set error = $2,
    failed_at = case when $3 or attempts >= $4 then clock_timestamp() end,
    due_at = case when $3 or attempts >= $4 then null else due_at end
where id = $1 and failed_at is null and due_at is not null
"""


async def take(
    model: Sweepable, limit: int = 100, *, untried: bool = False, where: str = "true"
) -> list[tuple[UUID, UUID]]:
    """Lease the rows that are due, oldest first, as (id, workspace); nobody else gets them until the lease is over.

    `untried` keeps to those on which no attempt was spent yet. A lease is 30 s at the first attempt, doubles with
    each and is an hour at most. A row whose attempts are used up is marked as failed instead. Nothing is leased only
    when nothing is due.
    """
    sql = _TAKE.replace("{where}", where).replace("{which}", "and attempts = 0" if untried else "")
    while rows := await _query(model, sql, limit, MAX_ATTEMPTS, STOPPED):
        if leased := [(row["id"], row["workspace_id"]) for row in rows if row["failed_at"] is None]:
            return leased
    return []


async def run_together(model: Sweepable, rows: Sequence[tuple[UUID, UUID]], verb: Verb) -> None:
    """Do the work of many leased rows by a verb that takes many of one workspace, and answers which are left.

    Where that fails, each is done by itself.
    """

    async def one(key: UUID, *, by: Principal) -> None:
        await verb([key], by=by)

    for workspace_id in dict.fromkeys(workspace_id for _, workspace_id in rows):
        keys = [key for key, where in rows if where == workspace_id]
        left: Any = keys
        try:
            while left:
                left = await verb(left, by=Principal.system(workspace_id))
        except Exception:  # noqa: BLE001 -- what it was is found out one at a time
            for key in keys:
                await run(model, key, workspace_id, one)


async def run(model: Sweepable, key: UUID, workspace_id: UUID, verb: Verb) -> None:
    """Do the work of a leased row as the system; a fault is tried again when the lease is over, a refusal never.

    A verb that succeeds says so in its own transaction: it sets when the row is due again, and clears
    `attempts`, `error` and `failed_at`; the last because the row may have been given up when its lease was over.
    """
    try:
        await verb(key, by=Principal.system(workspace_id))
    except DomainError as refusal:
        await _query(model, _FAILED, key, refusal.message, True, MAX_ATTEMPTS)
    except Exception as fault:
        log.exception("%s %s failed", model.__name__, key)
        await _query(model, _FAILED, key, f"{type(fault).__name__}: {fault}", False, MAX_ATTEMPTS)


async def retry(key: UUID, *, by: Principal) -> None:
    """Make failed work due again at once, with all its attempts."""
    async with Work(by) as work:
        for job, (model, _) in SWEEPS.items():
            try:
                row: Any = await work.load(model, key, to="retry")
            except NotFound:
                continue
            if row.failed_at is None:
                return
            await work.change(row, "retried", failed_at=None, attempts=0, error=None, due_at=work.now)
            work.enqueue(job)
            return
        raise NotFound(kind="failed work")


async def _query(model: Sweepable, sql: str, *values: object) -> list[dict[str, Any]]:
    connection = get_connection("default")
    return list(await connection.execute_query_dict(sql.format(table=table(model)), list(values)))
