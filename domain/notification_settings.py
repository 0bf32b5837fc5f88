"""How people wish to be told: by which channels, not in quiet hours, and of what is due in a digest."""

from collections.abc import Sequence
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from domain import notification_rules
from domain.errors import InvalidInput, refuse
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from models.accounts import User
from models.notifications import ChannelUse, Notification, NotificationKind, NotificationSettings, NotificationStatus
from models.reminders import Channel


class Choice(TypedDict):
    """Whether to be told of a kind by a channel."""

    kind: NotificationKind
    channel: Channel
    use: ChannelUse


class Patch(TypedDict, total=False):
    """What is changed; what is absent stays."""

    channels: Sequence[Choice]
    quiet_from: str | None
    quiet_until: str | None
    digest_at: str | None


async def update(patch: Patch, *, by: Principal, version: int | None = None) -> None:
    """Say how one wishes to be told from now on."""
    allow(by, "notification_settings_update")
    if by.id is None:
        raise InvalidInput(path=(), reason="only a person has such wishes")
    async with Work(by) as work:
        user = await work.see(User, by.id)
        await work.create_all(NotificationSettings, [{"user_id": user.id, "channels": {}}], unless_there=True)
        (found,) = await NotificationSettings.filter(user_id=user.id)
        row = await work.load(NotificationSettings, found.id, to="notification_settings_update", version=version)
        values: dict[str, Any] = {name: value for name, value in patch.items() if name != "channels"}
        values["channels"] = _chosen(row.channels, patch.get("channels", ()))
        hours = {name: values.get(name, getattr(row, name)) for name in ("quiet_from", "quiet_until", "digest_at")}
        refuse((*_wrong(patch.get("channels", ())), *notification_rules.faults(hours)))
        due_at = notification_rules.next_digest(hours["digest_at"], work.now, ZoneInfo(user.time_zone))
        if await Notification.exists(user_id=user.id, status=NotificationStatus.FOLDED, sent_at=None):
            due_at = work.now
        await work.change(row, "updated", **values, due_at=due_at)


def _chosen(known: dict[str, Any], choices: Sequence[Choice]) -> dict[str, Any]:
    found = {kind: dict(uses) for kind, uses in known.items()}
    for each in choices:
        found.setdefault(each["kind"].value, {})[each["channel"].value] = each["use"].value
    return found


def _wrong(choices: Sequence[Choice]) -> list[InvalidInput]:
    return [
        InvalidInput(path=("channels", str(place), "channel"), reason="it is not for people")
        for place, each in enumerate(choices)
        if each["channel"] not in notification_rules.PERSONAL
    ]
