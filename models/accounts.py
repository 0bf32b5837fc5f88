"""Workspaces, the people in them, their teams and their API keys."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model
from uuid_utils.compat import uuid7

from models.rows import Due, Row, Versioned, belongs


class Role(StrEnum):
    """What a person is in the workspace; the workers act as SYSTEM, which no stored user is."""

    REP = "REP"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"
    SYSTEM = "SYSTEM"


class Scope(StrEnum):
    """What an API key may do in its user's name."""

    READ = "READ"
    WRITE = "WRITE"
    ADMIN = "ADMIN"


class Strategy(StrEnum):
    """Who gets the tasks of a queue that nobody claims."""

    MANUAL = "MANUAL"
    ROUND_ROBIN = "ROUND_ROBIN"
    LEAST_LOADED = "LEAST_LOADED"
    CUSTOMER_DEFAULT_REP = "CUSTOMER_DEFAULT_REP"


class Workspace(Model):
    """One company; nothing crosses it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=200)
    time_zone = fields.CharField(max_length=64, default="UTC", db_default="UTC")
    currency = fields.CharField(max_length=3, default="USD", db_default="USD")
    workflow = fields.CharField(max_length=40, default="REVIEWED", db_default="REVIEWED")
    last_task_number = fields.BigIntField(default=0, db_default=0)
    last_ticket_number = fields.BigIntField(default=0, db_default=0)
    last_opportunity_number = fields.BigIntField(default=0, db_default=0)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "workspaces"


class User(Versioned):
    """A person who works in the workspace."""

    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254)
    title = fields.CharField(max_length=200, null=True)
    role = fields.CharEnumField(Role, max_length=20)
    time_zone = fields.CharField(max_length=64, default="UTC", db_default="UTC")
    active = fields.BooleanField(default=True, db_default=True)
    capacity: int | None = fields.IntField(null=True)
    weekly_minutes: int = fields.IntField(default=2400, db_default=2400)

    class Meta:
        table = "users"
        constraints = (
            UniqueConstraint(fields=("workspace_id", "email"), name="users_email_once"),
            CheckConstraint(check="role in ('REP', 'SUPERVISOR', 'ADMIN')", name="users_role"),
            CheckConstraint(check="email = lower(email)", name="users_email_lower"),
            CheckConstraint(check="capacity between 0 and 10000", name="users_capacity"),
            CheckConstraint(check="weekly_minutes between 0 and 10080", name="users_weekly_minutes"),
        )


class Team(Versioned, Due):
    """A group of people and the queue from which they claim, which is tended when it is due; teams form a tree."""

    name = fields.CharField(max_length=200)
    parent = belongs("Team", null=True)
    claim_lease_minutes: int | None = fields.IntField(null=True)
    strategy = fields.CharEnumField(Strategy, max_length=20, default=Strategy.MANUAL, db_default="MANUAL")
    served = belongs("User", null=True)

    served_id: UUID | None

    class Meta:
        table = "teams"
        indexes = (Index(fields=("due_at",), name="teams_due"),)
        constraints = (
            CheckConstraint(check="claim_lease_minutes between 1 and 525600", name="teams_claim_lease"),
            UniqueConstraint(fields=("workspace_id", "name"), name="teams_name_once"),
            CheckConstraint(check="parent_id <> id", name="teams_not_own_parent"),
        )


class Membership(Row):
    """A person's place in a team; who leads it reaches all teams below."""

    team = belongs("Team")
    user = belongs("User")
    leads = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "memberships"
        constraints = (UniqueConstraint(fields=("team_id", "user_id"), name="memberships_once"),)


class ApiKey(Row):
    """A secret that acts as its user within scopes; only its digest is kept."""

    user = belongs("User")
    name = fields.CharField(max_length=200)
    hint = fields.CharField(max_length=12)
    digest = fields.CharField(max_length=64, unique=True)
    scopes = ArrayField(element_type="text")
    creator = belongs("User")
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_keys"
