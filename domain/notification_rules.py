"""By which channels people are told, and whether now: plain values, no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from domain.errors import DomainError, InvalidInput, Required
from models.notifications import ChannelUse, NotificationKind, NotificationStatus
from models.reminders import Channel
from settings import settings

LATE = timedelta(minutes=5)
"""What is sent so long after its moment is late, and says so."""
PERSONAL = (Channel.IN_APP, Channel.EMAIL)
"""The channels about which people have wishes; programs have none."""
UNWANTED = "The person does not wish to be told of this."
_USUAL = MappingProxyType({Channel.IN_APP: ChannelUse.ALWAYS, Channel.EMAIL: ChannelUse.ASKED})
_ALSO_BY_MAIL = frozenset({NotificationKind.DIGEST, NotificationKind.ESCALATION})


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wishes to be told."""

    zone: ZoneInfo
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quiet_from: str | None = None
    quiet_until: str | None = None

    def use(self, kind: NotificationKind, channel: Channel) -> ChannelUse:
        """Whether the person is told of this kind by this channel."""
        if said := self.channels.get(kind, {}).get(channel):
            return ChannelUse(said)
        if channel is Channel.EMAIL and kind in _ALSO_BY_MAIL:
            return ChannelUse.ALWAYS
        return _USUAL.get(channel, ChannelUse.ASKED)

    def waits(self, now: datetime) -> datetime | None:
        """When the quiet hours end, if it is quiet where the person is."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        local = now.astimezone(self.zone)
        start, end, at = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until), local.time()
        if not (start <= at < end if start < end else at >= start or at < end):
            return None
        day = local.date() + timedelta(days=start > end and at >= start)
        return datetime.combine(day, end, self.zone).astimezone(UTC)


def told(
    kind: NotificationKind, wishes: Wishes, now: datetime, *, asked: Channel | None = None, reason: str | None = None
) -> list[dict[str, Any]]:
    """What becomes of a notification now, for each channel: the one that is asked for, or those that are wished for.

    The inbox has it at once, mail waits to be sent; in quiet hours both wait for their end. What is not sent says why.
    """
    channels = [asked] if asked else [each for each in PERSONAL if wishes.use(kind, each) is ChannelUse.ALWAYS]
    if not channels:
        return [_left_out(Channel.IN_APP, reason or UNWANTED)]
    at = None if kind is NotificationKind.DIGEST else wishes.waits(now)
    return [_state(each, now, at, reason or _unwanted(kind, wishes, each)) for each in channels]


def told_of_moment(
    kind: NotificationKind,
    wishes: Wishes,
    now: datetime,
    moment: datetime,
    *,
    since: datetime | None = None,
    asked: Channel | None = None,
    reason: str | None = None,
) -> list[dict[str, Any]]:
    """What becomes now of a notification whose moment has passed, or only `since` another one is known of.

    One that comes late says so, and one that comes too late waits for the person's digest.
    """
    passed = now - max(moment, since or moment)
    states = told(kind, wishes, now, asked=asked, reason=reason)
    if passed > timedelta(hours=settings().fold_hours):
        states = [folded(each) for each in states]
    return [{"kind": kind, "moment": moment, "late": passed > LATE, **each} for each in states]


def folded(state: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of a notification that comes too late to be sent alone: the person's next digest tells of it."""
    if state["status"] is NotificationStatus.SKIPPED:
        return dict(state)
    return {**state, "status": NotificationStatus.FOLDED, "sent_at": None, "due_at": None, "error": None}


def faults(settings: Mapping[str, Any]) -> Iterator[DomainError]:
    """What is wrong with the hours that a person wishes for."""
    start, end = settings["quiet_from"], settings["quiet_until"]
    if start is None and end is not None:
        yield Required(path=("quietFrom",), field="The beginning of the quiet hours")
    elif end is None and start is not None:
        yield Required(path=("quietUntil",), field="The end of the quiet hours")
    elif start is not None and start == end:
        yield InvalidInput(path=("quietUntil",), reason="quiet hours end at another time than they begin")


def next_digest(at: str | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a digest at this local time is due next, if there is to be one."""
    return None if at is None else _digest(at, now, zone, days=(0, 1), after=True)


def last_digest(at: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When a digest at this local time was due last."""
    return _digest(at, now, zone, days=(0, -1), after=False)


def _digest(at: str, now: datetime, zone: ZoneInfo, *, days: Sequence[int], after: bool) -> datetime:
    today, wanted = now.astimezone(zone).date(), time.fromisoformat(at)
    both = [datetime.combine(today + timedelta(days=each), wanted, zone).astimezone(UTC) for each in days]
    return both[0] if (both[0] > now) is after else both[1]


def _unwanted(kind: NotificationKind, wishes: Wishes, channel: Channel) -> str | None:
    if channel is Channel.WEBHOOK:
        return "No webhook is subscribed."
    return UNWANTED if wishes.use(kind, channel) is ChannelUse.NEVER else None


def _state(channel: Channel, now: datetime, at: datetime | None, reason: str | None) -> dict[str, Any]:
    if reason is not None:
        return _left_out(channel, reason)
    if channel is Channel.IN_APP and at is None:
        return {"channel": channel, "status": NotificationStatus.SENT, "sent_at": now, "due_at": None, "error": None}
    waits = {"status": NotificationStatus.PENDING, "sent_at": None, "due_at": at or now, "error": None}
    return {"channel": channel, **waits}


def _left_out(channel: Channel, reason: str) -> dict[str, Any]:
    skipped = {"status": NotificationStatus.SKIPPED, "sent_at": None, "due_at": None, "error": reason}
    return {"channel": channel, **skipped}
