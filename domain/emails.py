"""E-mail: what is to be mailed leaves, or its row says why it did not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain import audience, letters, notification_rules, policy, post, tokens, unsubscribing
from domain.letters import Letter, Section
from domain.post import Undelivered
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.notifications import ChannelUse, Notification, NotificationKind, NotificationStatus
from models.reminders import Channel
from models.tasks import Task
from settings import settings

SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)
"""The shortest and the longest pause before a letter is tried again: half its age, between these."""
PATIENCE = timedelta(days=3)
"""How long a letter is tried, as mail servers do among themselves."""
_WHY = MappingProxyType(
    {
        NotificationKind.REMINDER: "You get this because a reminder was set for you.",
        NotificationKind.MENTION: "You get this because a note mentions you.",
        NotificationKind.UPDATE: "You get this because you take part in the task.",
        NotificationKind.DIGEST: "You get this at the hour that you chose for it.",
        NotificationKind.ESCALATION: "You get this because you lead whoever holds the task, or its team.",
    }
)
_LINES = """
select t.number, t.title, t.due_on,
    t.due_on < (now() at time zone (select w.time_zone from workspaces w where w.id = t.workspace_id))::date as overdue
from digest_lines l join tasks t on t.id = l.task_id
where l.notification_id = $1 and t.finished_at is null and {seen} order by t.due_on, t.number
"""
_AFRESH: MappingProxyType[str, Any] = MappingProxyType({"attempts": 0, "error": None, "failed_at": None})


async def send(notification_id: UUID, *, by: Principal) -> None:
    """Mail a notification, unless by now there is a reason not to.

    At least once: the row stays locked while the mail server is asked, so nobody else sends it; but if the worker dies
    after the server has promised and before that is noted, the letter goes again, with the same Message-ID.
    """
    async with Work(by) as work:
        row = await work.load(Notification, notification_id, to="send")
        if row.status is not NotificationStatus.PENDING or row.channel is not Channel.EMAIL:
            return
        user, reason = await User.get(id=row.user_id), await _reason_not_to(work, row)
        sections = [] if reason else await _sections(work, row, user)
        if not (reason or sections) and row.kind is NotificationKind.DIGEST:
            reason = "Nothing in it is to be done any more."
        letter = _letter(row, user, sections, work.now) if reason is None else None
        outcome = await _posted(row, letter, work.now) if letter else _skipped(reason or "")
        await work.change(row, "mailed", **{**_AFRESH, **outcome})


async def _reason_not_to(work: Work, row: Notification) -> str | None:
    """Why nothing is mailed."""
    if not post.offered():
        return "No mail server is set up."
    wishes = await audience.wishes(work, [row.user_id])
    if wishes[row.user_id].use(row.kind, Channel.EMAIL) is ChannelUse.NEVER:
        return notification_rules.UNWANTED
    return (await audience.of_notifications(work, [row.id]))[row.id]


async def _sections(work: Work, row: Notification, user: User) -> list[Section]:
    """What a letter is about: its task, or, of a digest, what is overdue and then the rest, as far as it still is."""
    place = ZoneInfo(user.time_zone)
    if row.kind is not NotificationKind.DIGEST:
        task = await Task.get_or_none(id=row.task_id)
        return [Section("The task", list(_facts(task, place)))] if task else []
    by = await tokens.of_user(user.id)
    if by is None:
        return []
    seen, values = policy.bind(by, "tasks", t="t", first=2)
    found = await work.fetch(_LINES.format(seen=seen), row.id, *values)
    late, rest = [each for each in found if each["overdue"]], [each for each in found if not each["overdue"]]
    both = (("Overdue", late), ("Due", rest))
    return [Section(title, [_line(each) for each in rows]) for title, rows in both if rows]


def _line(row: Mapping[str, Any]) -> str:
    due = f", due on {row['due_on']}" if row["due_on"] else ""
    return f"T-{row['number']} {row['title']}{due}"


async def _posted(row: Notification, letter: Letter, now: datetime) -> dict[str, Any]:
    """What is to be noted of a letter once the mail server was asked."""
    try:
        await post.send(letters.written(letter, sender=settings().mail_sender or "", now=now))
    except ValueError:
        return _skipped("No mail can be sent to this address.")
    except Undelivered as error:
        return _skipped(str(error)) if error.for_good else _later(row, str(error), now)
    return {"status": NotificationStatus.SENT, "sent_at": now, "due_at": None}


def _later(row: Notification, reason: str, now: datetime) -> dict[str, Any]:
    age = now - row.created_at
    if age > PATIENCE:
        return _skipped(f"It was tried for {PATIENCE.days} days. {reason}")
    return {"due_at": now + min(max(age / 2, SOONEST), LATEST), "error": reason}


def _skipped(reason: str) -> dict[str, Any]:
    return {"status": NotificationStatus.SKIPPED, "due_at": None, "error": reason}


def _letter(row: Notification, user: User, sections: Sequence[Section], now: datetime) -> Letter:
    return Letter(
        key=row.id,
        name=user.name,
        address=user.email,
        heading=row.message,
        why=_WHY[row.kind],
        unsubscribe=unsubscribing.url(user.id, row.kind),
        sections=sections,
        late=row.late or now - max(row.moment, row.created_at) > notification_rules.LATE,
    )


def _facts(task: Task, place: ZoneInfo) -> Iterator[str]:
    yield f"T-{task.number} {task.title}"
    if task.due_on:
        yield f"Due {task.due_on}"
    if task.scheduled_at:
        yield f"Scheduled {task.scheduled_at.astimezone(place):%Y-%m-%d %H:%M} ({place.key})"
    yield f"Priority {task.priority.name}"
