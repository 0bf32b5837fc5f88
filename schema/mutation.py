"""`@mutation`: the docstring becomes the description, ids become keys, refusals become data."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import fields
from functools import wraps
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from domain.errors import DomainError
from domain.work import last_event
from schema.compiler.fields import SPEC
from schema.compiler.inputs import optional
from schema.compiler.values import encode_id
from schema.context import Info
from schema.inputs import read_ids
from schema.payload import Payload, UserError

P = TypeVar("P", bound=Payload)


def mutation(verb: Callable[[Any, Info, Any], Awaitable[P]]) -> Any:
    """Make a field of `async def name(self, info, input) -> Payload`, which raises refusals or says what changed.

    A refused mutation answers with every reason, and, for each `changed()` field X of its payload, with the object
    that the input's `X_id` names as it is now. Any other exception passes, to be logged and masked by the view: the
    payload is null then, and what the mutations before it did is told all the same.
    """
    payload: type[P] = verb.__annotations__["return"]
    taken = verb.__annotations__["input"]
    described = strawberry.argument(description=taken.__strawberry_definition__.description)
    verb.__annotations__["input"] = Annotated[taken, described]

    @wraps(verb)
    async def resolve(self: Any, info: Info, input: Any) -> P:
        last_event.set(None)
        try:
            read_ids(input, lambda name: _prefix(info, name))
            answer = await verb(self, info, input)
        except DomainError as refusal:
            return payload(user_errors=UserError.all_of(refusal), **_as_it_is_now(payload, input))
        told = last_event.get()
        answer.sync_cursor = encode_id("sync", told) if told else None
        return answer

    return strawberry.mutation(resolver=resolve, description=inspect.getdoc(verb), graphql_type=optional(payload))


def _prefix(info: Info, name: str) -> str:
    """Return what ids of a GraphQL type begin with."""
    definition: Any = info.schema.get_type_by_name(name)
    prefix: str = definition.origin.__fieldgraph__.prefix
    return prefix


def _as_it_is_now(payload: type[Payload], input: Any) -> dict[str, Any]:
    names = [each.name for each in fields(payload) if SPEC in each.metadata]
    found = {name: getattr(input, f"{name}_id", None) for name in names}
    return {name: key for name, key in found.items() if isinstance(key, UUID)}
