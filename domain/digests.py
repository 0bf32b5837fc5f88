"""Digests: at a local hour, one line about all that is due, and about what could not be told in time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from domain import audience, notification_rules, policy, tokens
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.notifications import DigestLine, Notification, NotificationKind, NotificationSettings

MOST = 100
"""Tasks that a digest names."""
_WAKE = """
insert into notification_settings (id, workspace_id, user_id, channels, due_at)
select gen_random_uuid(), $1, user_id, '{}', $3 from unnest($2::uuid[]) u (user_id)
on conflict (user_id) do update set due_at = coalesce(notification_settings.due_at, excluded.due_at)
"""
_TODAY = "(now() at time zone (select w.time_zone from workspaces w where w.id = t.workspace_id))::date"
_DUE = f"""
select t.id, t.due_on < {_TODAY} as overdue, f.late from tasks t
left join (
    select task_id, true as late from notifications where user_id = $1 and status = 'FOLDED' and sent_at is null
    group by task_id
) f on f.task_id = t.id
where t.finished_at is null and (f.late or $2 and t.assignee_id = $1 and t.due_on <= {_TODAY})
and {{seen}}
order by t.due_on, t.number limit {MOST}
"""
_TOLD = "update notifications set sent_at = $2 where user_id = $1 and status = 'FOLDED' and sent_at is null"
_NEXT = """
update notification_settings set due_at = $2, attempts = 0, error = null, failed_at = null where id = $1
"""


async def wake(work: Work, users: Collection[UUID]) -> None:
    """Have people told in their next digest, or at once where there is none, what could not be told in time."""
    if users:
        await work.fetch(_WAKE, work.by.workspace_id, sorted(users), work.now)


async def make(settings_id: UUID, *, by: Principal) -> None:
    """Tell a person of what is due and overdue, if anything is."""
    async with Work(by) as work:
        row = await work.load(NotificationSettings, settings_id, to="digest")
        user = await work.see(User, row.user_id)
        zone = ZoneInfo(user.time_zone)
        if (person := await tokens.of_user(user.id)) is not None:
            at = notification_rules.last_digest(row.digest_at, work.now, zone) if row.digest_at else work.now
            await _tell(work, person, at, daily=row.digest_at is not None)
        due_at = notification_rules.next_digest(row.digest_at, work.now, zone) if person else None
        await work.fetch(_NEXT, row.id, due_at)


async def _tell(work: Work, person: Principal, at: datetime, *, daily: bool) -> None:
    seen, values = policy.bind(person, "tasks", t="t", first=3)
    found = await work.fetch(_DUE.format(seen=seen), person.id, daily, *values)
    wishes = (await audience.wishes(work, [person.id]))[person.id] if person.id else None
    if found and wishes:
        about = {"kind": NotificationKind.DIGEST, "user_id": person.id, "moment": at, "message": _message(found)}
        late = {"late": work.now - at > notification_rules.LATE}
        states = notification_rules.told(NotificationKind.DIGEST, wishes, work.now)
        rows = [{"id": uuid7(), **about, **late, **state} for state in states]
        made = await work.create_all(Notification, rows, unless_there=True)
        lines = [{"notification_id": each.id, "task_id": task["id"]} for each in made for task in found]
        await work.create_all(DigestLine, lines)
    await work.fetch(_TOLD, person.id, work.now)


def _message(found: Sequence[Any]) -> str:
    """How many tasks are overdue, are due today, and could not be told of in time."""
    overdue = sum(bool(row["overdue"]) for row in found)
    late = sum(bool(row["late"]) and not row["overdue"] for row in found)
    counts = {"overdue": overdue, "due today": len(found) - overdue - late, "with a reminder that came late": late}
    words = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return f"{len(found)} {'task' if len(found) == 1 else 'tasks'}: {words}."
