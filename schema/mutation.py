"""`@mutation`: the docstring becomes the description, ids become keys, refusals become data."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from domain.errors import DomainError, refuse
from domain.work import last_event
from schema.compiler.direct import Acts
from schema.compiler.fields import SPEC
from schema.compiler.inputs import optional
from schema.compiler.values import encode_id
from schema.context import Info
from schema.inputs import read
from schema.payload import Payload, UserError

MUTATION = "fieldgraph mutation"

P = TypeVar("P", bound=Payload)


def mutation(verb: Callable[[Any, Info, Any], Awaitable[P]]) -> Any:
    """Make a field of `async def name(self, info, input) -> Payload`, which raises refusals or says what changed.

    `attach` has it resolved by `Mutates`.
    """
    payload: type[P] = verb.__annotations__["return"]
    taken = verb.__annotations__["input"]
    described = strawberry.argument(description=taken.__strawberry_definition__.description)
    verb.__annotations__["input"] = Annotated[taken, described]
    return strawberry.mutation(
        resolver=verb,
        description=inspect.getdoc(verb),
        graphql_type=optional(payload),
        metadata={MUTATION: (verb, payload, taken)},
    )


@dataclass(frozen=True)
class Mutates(Acts):
    """The resolver of a mutation, which makes its input out of what was sent.

    A refused mutation answers with every reason, and, for each `changed()` field X of its payload, with the object
    that the input's `X_id` names as it is now. Any other exception passes, to be logged and masked by the view: the
    payload is null then, and what the mutations before it did is told all the same.
    """

    verb: Callable[[Any, Any, Any], Awaitable[Payload]]
    payload: type[Payload]
    taken: type
    prefix: Callable[[str], str]

    async def __call__(self, _source: Any, info: Any, *, input: Mapping[str, Any]) -> Payload:
        """Do it; of `info` only the context counts."""
        last_event.set(None)
        taken: Any
        taken, faults = read(self.taken, input, self.prefix)
        try:
            refuse(faults)
            answer = await self.verb(None, info, taken)
        except DomainError as refusal:
            return self.payload(user_errors=UserError.all_of(refusal), **_as_it_is_now(self.payload, taken))
        told = last_event.get()
        answer.sync_cursor = encode_id("sync", told) if told else None
        return answer


def attach(schema: strawberry.Schema, prefix: Callable[[str], str]) -> None:
    """Have a schema's mutations resolved; `prefix` says what ids of a GraphQL type begin with."""
    type_: Any = schema._schema.mutation_type  # noqa: SLF001 - graphql-core's own has no other name
    for place in type_.fields.values():
        verb, payload, taken = place.extensions["strawberry-definition"].metadata[MUTATION]
        place.resolve = Mutates(verb, payload, taken, prefix)


def _as_it_is_now(payload: type[Payload], input: Any) -> dict[str, Any]:
    names = [each.name for each in fields(payload) if SPEC in each.metadata]
    found = {name: getattr(input, f"{name}_id", None) for name in names}
    return {name: key for name, key in found.items() if isinstance(key, UUID)}
