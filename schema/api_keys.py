"""API keys: how programs act in a person's name."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

import models
from domain import accounts
from schema.compiler.fields import Connection, Node, changed, column, listing, node, one
from schema.context import Info
from schema.enums import enum
from schema.inputs import given, idempotency_key, key, once, optional_key, part
from schema.mutation import mutation
from schema.payload import Payload

if TYPE_CHECKING:
    from schema.accounts import User

Scope = enum(
    models.Scope,
    READ="Queries.",
    WRITE="Mutations that do the daily work.",
    ADMIN="Mutations that set the workspace up.",
)


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


@strawberry.input(description="An API key to make.")
class ApiKeyCreateInput:
    """What `accounts.api_key_create` takes."""

    name: str = strawberry.field(description="What the key is for, up to 200 characters.")
    scopes: list[models.Scope] = strawberry.field(description="What the key may do; nothing that you may not.")
    user_id: UUID | None = optional_key("In whose name it acts: yours, unless given; admins name anybody.", "User")
    expires_at: datetime | None = part("When the key ends by itself; null for never.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An API key to end.")
class ApiKeyRevokeInput:
    """What `accounts.api_key_revoke` takes."""

    api_key_id: UUID = key("Which key.", "ApiKey")


@strawberry.type(description="What became of `apiKeyCreate`.")
class ApiKeyCreatePayload(Payload):
    """What `apiKeyCreate` answers."""

    api_key: UUID | None = changed("The key; null when it was refused.", ApiKey)
    secret: str | None = strawberry.field(
        description="What to send as the bearer token. It is shown this once: a repeat of the request answers null.",
        default=None,
    )


@strawberry.type(description="What became of `apiKeyRevoke`.")
class ApiKeyRevokePayload(Payload):
    """What `apiKeyRevoke` answers."""

    api_key: UUID | None = changed("The key as it is now.", ApiKey)


@strawberry.type
class ApiKeyQueries:
    """Which programs act."""

    api_keys: "Connection[ApiKey]" = listing("One's own API keys; for admins, everybody's.")


@strawberry.type
class ApiKeyMutations:
    """Making keys and ending them."""

    @mutation
    async def api_key_create(self, info: Info, input: ApiKeyCreateInput) -> ApiKeyCreatePayload:
        """Make a key that acts in your name, or, for admins, in anybody's."""
        values = given(input, ("name", "scopes", "user_id", "expires_at"))
        made, secret = await accounts.api_key_create(**values, by=info.context.by, once=once(input))
        return ApiKeyCreatePayload(api_key=made, secret=secret)

    @mutation
    async def api_key_revoke(self, info: Info, input: ApiKeyRevokeInput) -> ApiKeyRevokePayload:
        """End a key now and for good; a revoked one stays as it is."""
        await accounts.api_key_revoke(input.api_key_id, by=info.context.by)
        return ApiKeyRevokePayload(api_key=input.api_key_id)
