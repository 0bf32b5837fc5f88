"""What people are told, and the inbox that it fills."""

from datetime import datetime
from typing import TYPE_CHECKING

import models
from schema.compiler.fields import Connection, Node, column, node, one, page
from schema.enums import enum

if TYPE_CHECKING:
    from schema.notes import Note
    from schema.reminders import Reminder
    from schema.tasks import Task

NotificationKind = enum(
    models.NotificationKind,
    REMINDER="Somebody wished that the person be reminded.",
    MENTION="A note mentions the person.",
    UPDATE="Something became of a task in which the person takes part.",
    DIGEST="All that was due for the person at an hour, and what could not be told in time.",
    ESCALATION="A task of somebody whom the person leads has been overdue for too long.",
)
NotificationStatus = enum(
    models.NotificationStatus,
    PENDING="Still to be sent.",
    SENT="Sent; in the app that is to be in the inbox.",
    SKIPPED="Not sent, for a reason that `error` tells.",
    FOLDED="Not sent alone, because it came too late: a digest tells of it.",
)
ChannelUse = enum(
    models.ChannelUse,
    ALWAYS="The person is told by this channel, unless a reminder asks for another one.",
    ASKED="Only by a reminder that asks for this channel.",
    NEVER="Never, whatever is asked for.",
)


@node(models.Notification, prefix="notif")
class Notification(Node):
    """Tells one person something by one channel; in the app that is a line in their inbox. Only they see it."""

    message: str = column("The line.", sortable=False)
    kind: models.NotificationKind = column("Why the person is told.")
    task: "Task | None" = one("The task that it is about, if it is about one.")
    reminder: "Reminder | None" = one("The reminder that sent it, if one did that is still there.")
    note: "Note | None" = one("The note that mentions the person, if one does.")
    tasks: "Connection[Task]" = page(
        "The tasks that a digest names, what was due first of all.",
        where="exists (select from digest_lines x where x.notification_id = {parent}.id and x.task_id = {t}.id)",
        order="dueOn",
    )
    moment: datetime = column("The moment for which it was due.")
    late: bool = column("Whether it was sent long after that, because nothing could be sent then.")
    channel: models.Channel = column("How the person is told.")
    status: models.NotificationStatus = column("What became of it.")
    sent_at: datetime | None = column("When it was sent.")
    due_at: datetime | None = column("When it will be sent; null when that is done.")
    error: str | None = column("Why it was not sent.", sortable=False)
    read_at: datetime | None = column("When the person read it.")
    created_at: datetime = column("When it came in.")
