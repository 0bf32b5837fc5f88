"""Whom a token stands for: the secrets of API keys, and the principals that act by them."""

import secrets
from hashlib import sha256
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from domain.principal import Principal
from models.accounts import Role, Scope

PREFIX = "fg_"

_USER = """
select u.id, u.workspace_id, u.role, u.name, u.capacity, null::uuid as api_key_id, null::text[] as scopes
from users u where u.id = $1 and u.active
"""
_KEY = """
select u.id, u.workspace_id, u.role, u.name, u.capacity, k.id as api_key_id, k.scopes
from api_keys k join users u on u.id = k.user_id and u.workspace_id = k.workspace_id
where k.digest = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) and u.active
"""
_KEY_BY_ID = _KEY.replace("k.digest", "k.id")
_PRINCIPAL = """
with recursive who as ({who}),
    reach as (
        select m.team_id from memberships m join who on m.user_id = who.id where m.leads and who.role = 'SUPERVISOR'
        union
        select t.id from teams t join reach on t.parent_id = reach.team_id
    )
select who.*,
    array(select team_id from memberships m where m.user_id = who.id) as teams,
    array(select team_id from reach) as reach,
    array(select distinct m.user_id from memberships m join reach on m.team_id = reach.team_id) as people
from who
"""


def new_secret() -> str:
    """A secret that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret; it is random, so that a plain hash hides it."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


async def of_user(user_id: UUID) -> Principal | None:
    """The principal of an active user."""
    return await _principal(_USER, user_id)


async def of_secret(secret: str) -> Principal | None:
    """The principal of an API key that is neither revoked nor expired, of an active user."""
    return await _principal(_KEY, digest(secret))


async def of_key(api_key_id: UUID) -> Principal | None:
    """The principal of an API key as it is now: neither revoked nor expired, of an active user."""
    return await _principal(_KEY_BY_ID, api_key_id)


async def _principal(who: str, value: object) -> Principal | None:
    rows = await get_connection("default").execute_query_dict(_PRINCIPAL.format(who=who), [value])
    return _made(rows[0]) if rows else None


def _made(row: dict[str, Any]) -> Principal:
    known: dict[str, Any] = {name: row[name] for name in ("id", "workspace_id", "name", "capacity", "api_key_id")}
    known |= {name: frozenset(row[name]) for name in ("teams", "reach", "people")}
    scopes = Scope if row["scopes"] is None else map(Scope, row["scopes"])
    return Principal(**known, role=Role(row["role"]), scopes=frozenset(scopes))
