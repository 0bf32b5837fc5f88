"""What a statement's numbered parameters stand for, and how one request's values are read for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.compiler import plan as p
from schema.compiler.catalog import Viewer
from schema.compiler.pages import digest, open_cursor, pads
from schema.compiler.values import Variables


@dataclass(frozen=True)
class Word:
    """One of the viewer's words."""

    name: str
    type: str


@dataclass(frozen=True)
class Digest:
    """The digest of a cursor's scope."""

    scope: p.Scope


@dataclass(frozen=True)
class Pad:
    """One of the cursor keys: 0 the inner, 1 the outer."""

    index: int


Parameter = p.Bound | Word | Digest | Pad
Opened = dict[int, list[str | None]]
"""The sort values in cursors, by the cursors' identities: each is opened once, whichever of its values are bound."""


def read(parameters: Sequence[Parameter], variables: Variables, viewer: Viewer, secret: bytes) -> list[object]:
    """Return the values of the parameters, in order; raises CompileError for ids and cursors that are not right."""
    opened: Opened = {}
    return [_value(each, variables, viewer, secret, opened) for each in parameters]


def check(cursors: Sequence[p.Cursor], variables: Variables, secret: bytes) -> None:
    """Open cursors of whose values nothing is needed; raises InvalidCursor for one that is not right."""
    for cursor in cursors:
        _open(cursor, variables, secret)


def _value(each: Parameter, variables: Variables, viewer: Viewer, secret: bytes, opened: Opened) -> object:
    if isinstance(each, Word):
        return viewer.words[each.name]
    if isinstance(each, Digest):
        return digest(each.scope, variables)
    if isinstance(each, Pad):
        return pads(secret)[each.index]
    if isinstance(each.source, p.CursorValue):
        cursor = each.source.cursor
        if id(cursor) not in opened:
            opened[id(cursor)] = _open(cursor, variables, secret)
        return opened[id(cursor)][each.source.index]
    value = each.source.read(variables)
    return value if each.convert is None or value is None else each.convert(value)


def _open(cursor: p.Cursor, variables: Variables, secret: bytes) -> list[str | None]:
    return open_cursor(str(cursor.source.read(variables)), cursor, variables, secret)
