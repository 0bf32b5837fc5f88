"""What mutations take: typed ids, patches, expected versions and idempotency keys."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, Optional, TypeVar
from uuid import UUID

import orjson
import strawberry
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional
from strawberry.utils.str_converters import to_camel_case

from domain.errors import DomainError, InvalidId, InvalidInput, TooLong
from domain.once import Once
from schema.compiler.errors import InvalidId as WrongId
from schema.compiler.values import decode_id

TYPES = "fieldgraph types"
LONGEST_KEY = 255

Prefix = Callable[[str], str]
Path = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference:
    """What an id of one of several types stands for: the GraphQL type and the row's key."""

    type: str
    key: UUID


# The annotation of a field that holds ids says what the mutation gets: `UUID`, or `Reference` where several types fit.


def key(description: str, *types: str) -> Any:
    """Declare an id of one of these GraphQL types."""
    return _ids(strawberry.ID, description, types)


def optional_key(description: str, *types: str) -> Any:
    """Declare an id that may be left out."""
    return _ids(Optional[strawberry.ID], description, types)  # noqa: UP045 - a value, not an annotation


def keys(description: str, *types: str) -> Any:
    """Declare a list of ids."""
    return _ids(list[strawberry.ID], description, types)


def optional_keys(description: str, *types: str) -> Any:
    """Declare a list of ids that may be left out."""
    return _ids(Optional[list[strawberry.ID]], description, types)  # noqa: UP045 - a value, not an annotation


def patch_key(description: str, *types: str) -> Any:
    """Declare an id in a patch; the annotation is `strawberry.Maybe[UUID | None]`."""
    maybe: Any = strawberry.Maybe  # a type alias to mypy, a class when it runs
    return _ids(maybe[strawberry.ID | None], description, types)


def _ids(graphql_type: Any, description: str, types: tuple[str, ...]) -> Any:
    return strawberry.field(description=description, graphql_type=graphql_type, metadata={TYPES: types})


def part(description: str) -> Any:
    """Declare a value that may be left out; in a patch (`strawberry.Maybe[T | None]`), null clears it."""
    return strawberry.field(description=description)


def expected_version() -> Any:
    """Declare the version that the client read; its annotation is `int | None`."""
    return part("The version that you read: the change is refused with VERSION_CONFLICT if there is a newer one.")


def idempotency_key() -> Any:
    """Declare what lets a request be repeated; its annotation is `str | None`."""
    return part(
        f"Up to {LONGEST_KEY} characters of your own that name this request. Sent again within 24 hours, it is "
        "answered like the first time and nothing is done twice."
    )


def once(input: Any) -> Once | None:
    """Take the idempotency key, if there is one, together with a digest of the rest of the input."""
    name = input.idempotency_key
    if name is None:
        return None
    if len(name) > LONGEST_KEY:
        raise TooLong(path=("idempotencyKey",), field="Idempotency key", length=len(name), limit=LONGEST_KEY)
    if not name.strip():
        raise InvalidInput(path=("idempotencyKey",), reason="it is empty")
    values = {each: value for each, value in asdict(input).items() if each != "idempotency_key"}
    digested = orjson.dumps([type(input).__name__, values], option=orjson.OPT_SORT_KEYS, default=repr)
    return Once(name, sha256(digested).hexdigest())


def given(input: Any, names: Iterable[str]) -> Any:
    """Take the values of these names that were given: those that are not null, and in a patch null too.

    Blank text, which forms send for what was not filled in, is null.
    """
    found = {name: getattr(input, name, None) for name in names}
    return {name: _filled_in(_value(value)) for name, value in found.items() if value is not None}


def read(kind: type[T], sent: Mapping[str, Any], prefix: Prefix) -> tuple[T, list[DomainError]]:
    """Make an input of the coerced values that were sent, with keys in the place of ids; and tell all that are no ids.

    An id that is malformed or of a wrong type stays as it is.
    """
    reading = _Reading(prefix)
    made: T = reading.input(kind, sent, ())
    return made, reading.faults


@cache
def _parts(kind: Any) -> tuple[tuple[str, str, Any, tuple[str, ...], bool], ...]:
    """The parts of an input: name, name as it is sent, type, types of ids, and whether it is null if left out."""
    definition: Any = kind.__strawberry_definition__
    return tuple(
        (
            each.python_name,
            each.graphql_name or to_camel_case(each.python_name),
            each.resolve_type(type_definition=definition),
            each.metadata.get(TYPES, ()),
            each.default is MISSING and each.default_factory is MISSING,
        )
        for each in definition.fields
    )


@dataclass
class _Reading:
    """One walk through an input."""

    prefix: Prefix
    faults: list[DomainError] = field(default_factory=list)

    def input(self, kind: Any, sent: Mapping[str, Any], path: Path) -> Any:
        values: dict[str, Any] = {}
        for name, sent_as, type_, ids, is_null in _parts(kind):
            if sent_as in sent:
                values[name] = self.value(type_, sent[sent_as], ids, (*path, name))
            elif is_null:
                values[name] = None
        return kind(**values)

    def value(self, type_: Any, value: Any, ids: tuple[str, ...], path: Path) -> Any:
        if isinstance(type_, StrawberryMaybe):
            return strawberry.Some(self.value(type_.of_type, value, ids, path))
        if isinstance(type_, StrawberryOptional):
            return self.value(type_.of_type, value, ids, path)
        if value is None:
            return None
        if isinstance(type_, StrawberryList):
            return [self.value(type_.of_type, each, ids, (*path, str(n))) for n, each in enumerate(value)]
        if ids:
            return self.key(value, ids, path)
        return (
            self.input(type_, value, path)
            if hasattr(type_, "__strawberry_definition__") and isinstance(value, dict)
            else value
        )

    def key(self, value: str, types: tuple[str, ...], path: Path) -> Any:
        for name in types:
            with suppress(WrongId):
                found = decode_id(self.prefix(name), value)
                return found if len(types) == 1 else Reference(name, found)
        self.faults.append(InvalidId(path=path, kind=" or ".join(map(_words, types))))
        return value


def _value(value: Any) -> Any:
    return value.value if isinstance(value, strawberry.Some) else value


def _filled_in(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _words(type_name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type_name).lower()
