"""The people of the viewer's workspace."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import accounts
from schema.compiler.fields import Connection, Node, changed, column, embed, item, listing, me, node, page, sql
from schema.context import Info
from schema.durations import duration
from schema.enums import enum
from schema.inputs import given, idempotency_key, once, part
from schema.mutation import mutation
from schema.payload import Payload
from schema.scalars import EmailAddress, LocalTime, TimeZone

if TYPE_CHECKING:
    from schema.absences import Absence
    from schema.history import Event
    from schema.notifications import Notification
    from schema.tasks import Task
    from schema.teams import Team
    from schema.timesheets import TimeEntry
    from schema.visits import Visit

Role = enum(
    models.Role,
    REP="Does the work.",
    SUPERVISOR="Leads teams and signs work off.",
    ADMIN="Sets up and sees all.",
    SYSTEM="The workers; no person has it.",
)


_SETTING = "(select {} from notification_settings s where s.user_id = {{t}}.id)"
_CHOICES = """
(select k.kind, c.channel, coalesce(n.channels -> k.kind ->> c.channel,
    case when c.channel = 'IN_APP' or k.kind in ('DIGEST', 'ESCALATION') then 'ALWAYS' else 'ASKED' end) as use
from unnest(array['REMINDER', 'MENTION', 'UPDATE', 'DIGEST', 'ESCALATION']) with ordinality k (kind, place)
cross join unnest(array['IN_APP', 'EMAIL']) with ordinality c (channel, place)
left join notification_settings n on n.user_id = {t}.id
where {t}.id = {me} order by k.place, c.place) s
"""


@strawberry.type(description="How a person wishes to be told.")
class NotificationSettings:
    """Hours and digest."""

    quiet_from: LocalTime | None = strawberry.field(description="From when on what comes waits, where the person is.")
    quiet_until: LocalTime | None = strawberry.field(description="Until when it waits.")
    digest_at: LocalTime | None = strawberry.field(description="When the person gets a digest; null for never.")
    version: int = strawberry.field(description="Counts changes; give it as expectedVersion.")


@strawberry.type(description="Whether a person is told of a kind of thing by a channel.")
class NotificationChoice:
    """One choice."""

    kind: models.NotificationKind = strawberry.field(description="Of what.")
    channel: models.Channel = strawberry.field(description="By which channel.")
    use: models.ChannelUse = strawberry.field(description="Whether.")


@node(models.User, prefix="user", searchable=True, label="{t}.name")
class User(Node):
    """A person who works in the workspace."""

    name: str = column("First and last name, up to 200 characters.")
    email: EmailAddress = column("In lower case; no two people of a workspace share one.")
    title: str | None = column("Job title.")
    role: models.Role = column("What the person may do.")
    is_me: bool = sql("Whether it is the one who asks.", "{t}.id is not distinct from {me}")
    active: bool = column("Whether the person still works here.")
    capacity: int | None = column(
        "How much the person may hold of tasks that are PENDING or IN_PROGRESS, by their weights; null for no limit."
    )
    weekly_time: timedelta = sql("How long the person works in a week.", duration("{t}.weekly_minutes"))
    time_zone: TimeZone = column("IANA time zone, such as Europe/Berlin.")
    teams: "Connection[Team]" = page(
        "Teams the person is a member of.",
        where="exists (select from memberships m where m.team_id = {t}.id and m.user_id = {parent}.id)",
    )
    tasks: "Connection[Task]" = page("Tasks the person holds.", by="assignee")
    collaborations: "Connection[Task]" = page(
        "Tasks on which the person works beside their assignee.",
        where="exists (select from participants p where p.task_id = {t}.id and p.user_id = {parent}.id"
        " and p.part = 'COLLABORATOR')",
    )
    created_tasks: "Connection[Task]" = page("Tasks the person created.", by="creator")
    visits: "Connection[Visit]" = page("Visits the person makes.", by="assignee")
    absences: "Connection[Absence]" = page("When the person is away.", by="user")
    time_entries: "Connection[TimeEntry]" = page("Time the person tracked.", by="user")
    notifications: "Connection[Notification]" = page(
        "The person's inbox; only they see it.",
        where="{t}.user_id = {parent}.id and {t}.channel = 'IN_APP' and {t}.status = 'SENT'",
    )
    unread_count: int = sql(
        "How many lines of the inbox are unread; only their person sees them.",
        "select count(*) from notifications n where n.user_id = {t}.id and n.user_id = {me}"
        " and n.channel = 'IN_APP' and n.status = 'SENT' and n.read_at is null",
    )
    notification_settings: NotificationSettings | None = embed(
        "How the person wishes to be told; only they see it.",
        when="{t}.id = {me}",
        quiet_from=_SETTING.format("s.quiet_from"),
        quiet_until=_SETTING.format("s.quiet_until"),
        digest_at=_SETTING.format("s.digest_at"),
        version=f"coalesce({_SETTING.format('s.version')}, 1)",
    )
    notification_channels: list[NotificationChoice] = embed(
        "By which channels the person is told of what; only they see it.",
        rows=_CHOICES,
        kind="s.kind",
        channel="s.channel",
        use="s.use",
    )
    history: "Connection[Event]" = page("What happened to the person's account.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the person was added.")
    updated_at: datetime = column("When the person was last changed.")


@strawberry.input(description="A person to add.")
class UserCreateInput:
    """What `accounts.user_create` takes."""

    name: str = strawberry.field(description="First and last name, up to 200 characters.")
    email: EmailAddress = strawberry.field(description="Kept in lower case; no two people of a workspace share one.")
    role: models.Role = strawberry.field(description="What the person may do; not SYSTEM.")
    title: str | None = part("Job title, up to 200 characters.")
    time_zone: TimeZone = strawberry.field(description="Where the person is.", default=TimeZone("UTC"))
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of `userCreate`.")
class UserCreatePayload(Payload):
    """What `userCreate` answers."""

    user: UUID | None = changed("The person; null when it was refused.", User)


@strawberry.type
class AccountQueries:
    """Who is here."""

    viewer: "User | None" = me("Whoever asks; null for a token that acts for no person.")
    user: "User | None" = item("One person.")
    users: "Connection[User]" = listing("The people of the workspace.")


@strawberry.type
class AccountMutations:
    """Who comes."""

    @mutation
    async def user_create(self, info: Info, input: UserCreateInput) -> UserCreatePayload:
        """Add a person to the workspace; admins do."""
        values = given(input, ("name", "email", "role", "title", "time_zone"))
        user = await accounts.user_create(**values, by=info.context.by, once=once(input))
        return UserCreatePayload(user=user)
