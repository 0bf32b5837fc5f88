"""The viewer's workspace: people, teams and API keys."""

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

import models
from schema.compiler.fields import Connection, Node, column, item, listing, me, node, one, page, sql
from schema.enums import enum

if TYPE_CHECKING:
    from schema.history import Event
    from schema.reminders import Notification
    from schema.tasks import Task
    from schema.timesheets import TimeEntry
    from schema.visits import Visit

Role = enum(
    models.Role,
    REP="Does the work.",
    SUPERVISOR="Leads teams and signs work off.",
    ADMIN="Sets up and sees all.",
    SYSTEM="The workers; no person has it.",
)
Scope = enum(
    models.Scope,
    READ="Queries.",
    WRITE="Mutations that do the daily work.",
    ADMIN="Mutations that set the workspace up.",
)


@node(models.User, prefix="user", searchable=True)
class User(Node):
    """A person who works in the workspace."""

    name: str = column("First and last name, up to 200 characters.")
    email: str = column("In lower case; no two people of a workspace share one.")
    title: str | None = column("Job title.")
    role: models.Role = column("What the person may do.")
    is_me: bool = sql("Whether it is the one who asks.", "{t}.id is not distinct from {me}")
    active: bool = column("Whether the person still works here.")
    time_zone: str = column("IANA time zone, such as Europe/Berlin.")
    teams: "Connection[Team]" = page(
        "Teams the person is a member of.",
        where="exists (select from memberships m where m.team_id = {t}.id and m.user_id = {parent}.id)",
    )
    tasks: "Connection[Task]" = page("Tasks the person holds.", by="assignee")
    created_tasks: "Connection[Task]" = page("Tasks the person created.", by="creator")
    visits: "Connection[Visit]" = page("Visits the person makes.", by="assignee")
    time_entries: "Connection[TimeEntry]" = page("Time the person tracked.", by="user")
    notifications: "Connection[Notification]" = page("The person's inbox; only they see it.", by="user")
    history: "Connection[Event]" = page("What happened to the person's account.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the person was added.")
    updated_at: datetime = column("When the person was last changed.")


@node(models.Team, prefix="team", searchable=True)
class Team(Node):
    """A group of people and the queue from which they claim; teams form a tree."""

    name: str = column("Up to 200 characters; no two teams of a workspace share one.")
    parent: "Team | None" = one("The team above.")
    children: "Connection[Team]" = page("The teams directly below.", by="parent")
    members: "Connection[User]" = page(
        "Everybody in the team.",
        where="exists (select from memberships m where m.user_id = {t}.id and m.team_id = {parent}.id)",
    )
    leads: "Connection[User]" = page(
        "Who leads the team, and so reaches all teams below.",
        where="exists (select from memberships m where m.user_id = {t}.id and m.team_id = {parent}.id and m.leads)",
    )
    tasks: "Connection[Task]" = page("The team's tasks, claimed or not.", by="team")
    visits: "Connection[Visit]" = page("The team's visits.", by="team")
    history: "Connection[Event]" = page("What happened to the team.", by="subject")
    version: int = column("Counts changes; give it as expectedVersion.")
    created_at: datetime = column("When the team was made.")
    updated_at: datetime = column("When the team was last changed.")


@node(models.ApiKey, prefix="key")
class ApiKey(Node):
    """A secret that acts as its user within scopes; the secret itself is shown only when the key is made."""

    name: str = column("What the key is for.")
    hint: str = column("How the secret begins.")
    user: "User | None" = one("In whose name the key acts.")
    creator: "User | None" = one("Who made the key.")
    scopes: list[models.Scope] = column("What the key may do.", sortable=False)
    created_at: datetime = column("When the key was made.")
    expires_at: datetime | None = column("When the key ends by itself; null for never.")
    revoked_at: datetime | None = column("When the key was revoked.")


@strawberry.type
class AccountQueries:
    """Who is here."""

    viewer: "User | None" = me("Whoever asks; null for a token that acts for no person.")
    user: "User | None" = item("One person.")
    users: "Connection[User]" = listing("The people of the workspace.")
    team: "Team | None" = item("One team.")
    teams: "Connection[Team]" = listing("The teams of the workspace.")
    api_keys: "Connection[ApiKey]" = listing("One's own API keys; for admins, everybody's.")
