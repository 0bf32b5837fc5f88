"""Setting up a workspace: its people, their teams and their API keys."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from domain import tokens, workflow_tables, workflows
from domain.conflicts import taken
from domain.errors import DomainError, DuplicateValue, Forbidden, InsufficientScope, InvalidInput, Required, refuse
from domain.money import minor_digits
from domain.once import Once
from domain.policy import allow
from domain.principal import Principal
from domain.work import Work
from domain.zones import zone
from models.accounts import ApiKey, Role, Scope, Team, User

_WORKSPACE = "insert into workspaces (id, name, time_zone, currency, workflow) values ($1, $2, $3, $4, $5)"
_MEMBERS = "select user_id, leads from memberships where team_id = $1 order by user_id"
_LEAVE = "delete from memberships where team_id = $1 and user_id <> all($2)"
_JOIN = """
insert into memberships (id, workspace_id, team_id, user_id, leads)
select id, $1, $2, user_id, leads from unnest($3::uuid[], $4::uuid[], $5::bool[]) as m (id, user_id, leads)
on conflict (team_id, user_id) do update set leads = excluded.leads
"""
_NEXT_VERSION = "update teams set version = version + 1, updated_at = $2 where id = $1"


async def workspace_create(
    name: str, *, admin: str, email: str, time_zone: str = "UTC", currency: str = "USD", flow: str = "REVIEWED"
) -> tuple[UUID, UUID]:
    """Open a workspace with its first admin; the ids of both."""
    by, email = Principal.system(uuid7()), email.strip().lower()
    workflow_tables.find(flow)
    zone(time_zone)
    minor_digits(currency)
    refuse(_wrong_email(email))
    async with Work(by) as work:
        await work.fetch(_WORKSPACE, by.workspace_id, name, time_zone, currency, flow)
        await workflows.seed(work)
        user = await work.create(User, name=admin, email=email, role=Role.ADMIN, time_zone=time_zone)
    return by.workspace_id, user.id


async def user_create(
    *,
    name: str,
    email: str,
    role: Role,
    title: str | None = None,
    time_zone: str = "UTC",
    by: Principal,
    once: Once | None = None,
) -> UUID:
    """Add a person to the workspace."""
    allow(by, "user_create")
    email = email.strip().lower()
    zone(time_zone)
    refuse((*_wrong_email(email), *_wrong_role(role)))
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        with taken("users_email_once", DuplicateValue(path=("email",), field="The e-mail address", value=email)):
            user = await work.create(User, name=name, email=email, role=role, title=title, time_zone=time_zone)
        return await work.answers(user.id)


async def team_create(*, name: str, parent_id: UUID | None = None, by: Principal, once: Once | None = None) -> UUID:
    """Add a team; a supervisor adds it below a team in their reach."""
    allow(by, "team_create")
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer
        if parent_id is not None:
            await work.see(Team, parent_id, path=("parentId",))
        reached(by, parent_id, "add a team here")
        with taken("teams_name_once", DuplicateValue(path=("name",), field="The name", value=name)):
            team = await work.create(Team, name=name, parent_id=parent_id)
        return await work.answers(team.id)


async def team_members_set(
    team_id: UUID,
    *,
    members: Collection[UUID],
    leads: Collection[UUID] = (),
    by: Principal,
    version: int | None = None,
) -> None:
    """Make exactly these people the members of a team, and those among them its leads, who need not be named twice."""
    async with Work(by) as work:
        team = await work.load(Team, team_id, to="team_members_set", version=version, path=("teamId",))
        reached(by, team_id, "change who is in this team")
        people = await work.see_all(User, {*members, *leads}, path=("members",))
        new = {user.id: user.id in leads for user in people}
        old = {row["user_id"]: row["leads"] for row in await work.fetch(_MEMBERS, team_id)}
        if new == old:
            return
        await work.fetch(_LEAVE, team_id, list(new))
        ids = [uuid7() for _ in new]
        await work.fetch(_JOIN, by.workspace_id, team_id, ids, list(new), list(new.values()))
        told = {"members": [list(old), list(new)], "leads": [_leads(old), _leads(new)]}
        await work.fetch(_NEXT_VERSION, team_id, work.now)
        await work.record(team, "members_set", {name: pair for name, pair in told.items() if pair[0] != pair[1]})


async def api_key_create(
    *,
    name: str,
    scopes: Collection[Scope],
    user_id: UUID | None = None,
    expires_at: datetime | None = None,
    by: Principal,
    once: Once | None = None,
) -> tuple[UUID, str | None]:
    """Make a key that acts as oneself, or, for admins, as somebody else; its id, and its secret, which is kept nowhere.

    A key never has a scope that whoever makes it lacks, and only with the scope ADMIN is one made for somebody
    else. A repeat of the request answers the id without the secret.
    """
    allow(by, "api_key_create")
    key, secret = uuid7(), tokens.new_secret()
    async with Work(by, once=once) as work:
        if work.answer:
            return work.answer, None
        user = await work.see(User, user_id or _self(by), path=("userId",))
        refuse(_wrong_key(by, user, scopes, expires_at, work.now))
        values: dict[str, Any] = {"name": name, "hint": f"{secret[:6]}…{secret[-4:]}", "expires_at": expires_at}
        values |= {"user_id": user.id, "creator_id": by.id or user.id, "scopes": sorted(scopes)}
        await work.create(ApiKey, id=key, digest=tokens.digest(secret), **values)
        return await work.answers(key), secret


async def api_key_revoke(api_key_id: UUID, *, by: Principal) -> None:
    """End a key now and for good."""
    async with Work(by) as work:
        key = await work.load(ApiKey, api_key_id, to="api_key_revoke", path=("apiKeyId",))
        if key.revoked_at is None:
            await work.change(key, "revoked", revoked_at=work.now)


def _self(by: Principal) -> UUID:
    if by.id is None:
        raise Required(path=("userId",), field="User")
    return by.id


def _wrong_key(
    by: Principal, user: User, scopes: Collection[Scope], expires_at: datetime | None, now: datetime
) -> list[DomainError]:
    errors: list[DomainError] = []
    if not (by.reaches_all or by.is_one_of(user.id)):
        errors.append(Forbidden(path=("userId",), action="make a key for somebody else", who="admins"))
    elif not by.is_one_of(user.id):
        errors += by.missing(Scope.ADMIN)
    if not user.active:
        errors.append(InvalidInput(path=("userId",), reason=f"{user.name} is not active"))
    if not scopes:
        errors.append(Required(path=("scopes",), field="Scopes"))
    errors += [InsufficientScope(path=("scopes",), scope=scope) for scope in sorted(set(scopes) - by.scopes)]
    if expires_at is not None and expires_at <= now:
        errors.append(InvalidInput(path=("expiresAt",), reason="the key would have expired already"))
    return errors


def reached(by: Principal, team_id: UUID | None, action: str) -> None:
    """Refuse an action on a team that is out of reach."""
    if not by.reaches_all and team_id not in by.reach:
        raise Forbidden(action=action, who="supervisors who lead it or a team above it, and admins")


def _wrong_email(email: str) -> tuple[DomainError, ...]:
    name, at, domain = email.rpartition("@")
    good = name and at and "." in domain.strip(".") and not any(c.isspace() for c in email)
    return () if good else (InvalidInput(path=("email",), reason="it is no e-mail address"),)


def _wrong_role(role: Role) -> tuple[DomainError, ...]:
    return (InvalidInput(path=("role",), reason="nobody can be the system"),) if role is Role.SYSTEM else ()


def _leads(members: dict[UUID, bool]) -> list[UUID]:
    return [user for user, leads in members.items() if leads]
