"""Paging: which rows of a list a request wants, and cursors that cannot be forged or used elsewhere."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import orjson

from schema.compiler import catalog as c
from schema.compiler import plan as p
from schema.compiler.errors import CompileError, InvalidCursor, LimitExceeded
from schema.compiler.filters import Filters, names
from schema.compiler.inputs import Direction, Nulls
from schema.compiler.values import Given, Source, Variables

DEFAULT = 20
MAXIMUM = 100
KEYS = 3
SEARCH = 200
BLOCK = 64
TAG = 16
ID = p.SortKey(c.Value("{t}.id", c.Kind.UUID, nullable=False))
MATCHES = "(to_tsvector('simple', {v}) @@ to_tsquery('simple', {1}) or {0} <% {v})"
RANK = (
    "round((ts_rank(to_tsvector('simple', {t}.search_text), to_tsquery('simple', {1}))"
    " + word_similarity({0}, {t}.search_text))::numeric, 6)"
)
SEARCHED = c.Value("{t}.search_text", c.Kind.TEXT, nullable=False)


@dataclass(frozen=True)
class Asked:
    """What a request asked of a list: the condition on its rows, and the window."""

    condition: p.Condition
    window: p.Window


Arguments = dict[str, Given]


def ask(filters: Filters, node: c.Node, arguments: Arguments, place: str, order_by: str | None) -> Asked:
    """Read the arguments of a list; raises CompileError for those that contradict and LimitExceeded for too many."""
    conditions: list[p.Condition] = []
    wanted, search = value(arguments, "filter"), value(arguments, "search")
    if search is not None and not search.value.strip():
        search = None
    if wanted is not None:
        conditions.append(filters.condition(node, wanted))
    if search is not None:
        conditions.append(p.Compare(SEARCHED, MATCHES, _words(search)))
    if node.hidden and not _is_true(arguments, node.hidden.argument) and not names(wanted, node.hidden.unless):
        conditions.append(p.Raw(f"not ({node.hidden.where})"))
    order = _order(node, value(arguments, "sort"), search, order_by)
    scope = _scope(place, node, order, arguments)
    return Asked(p.every(conditions), _window(arguments, order, scope))


def joined(spec: c.Page, arguments: Arguments) -> str | None:
    """Return what joins a list's rows to their parent: what is there anyway, and what an argument adds, each once."""
    if spec.wider and (wanted := value(arguments, spec.wider.argument)) is not None:
        chosen = dict.fromkeys(each.value.name for each in wanted.value)
        return f"{{t}}.id in ({' union all '.join((spec.wider.own, *(spec.wider.more[name] for name in chosen)))})"
    return spec.where or (spec.by and f"{{t}}.{spec.by} = {{parent}}.id")


def _window(arguments: Arguments, order: tuple[p.SortKey, ...], scope: p.Scope) -> p.Window:
    first, last = value(arguments, "first"), value(arguments, "last")
    if first is not None and last is not None:
        message = "Give either first or last."
        raise CompileError(message)
    chosen = first or last
    limit = DEFAULT if chosen is None else int(chosen.value)
    if not 0 <= limit <= MAXIMUM:
        message = f"A page may hold 0 to {MAXIMUM} rows, not {limit}."
        raise LimitExceeded(message)
    after, before = (_cursor(arguments, name, scope) for name in ("after", "before"))
    return p.Window(order, limit, last is not None, after, before, scope)


def value(arguments: Arguments, name: str) -> Given | None:
    """Return an argument that was given, and is not null."""
    found = arguments.get(name)
    return None if found is None or found.value is None else found


def _is_true(arguments: Arguments, name: str) -> bool:
    found = value(arguments, name)
    return bool(found and found.value)


def _words(search: Given) -> tuple[p.Bound, p.Bound]:
    return p.Bound(search.source, "text", _folded), p.Bound(search.source, "text", _prefixes)


def _folded(text: str) -> str:
    return " ".join(_bounded(text).lower().split())


def _prefixes(text: str) -> str:
    words = "".join(each if each.isalnum() else " " for each in _bounded(text).lower()).split()
    return " & ".join(f"{word}:*" for word in words)


def _bounded(text: str) -> str:
    if len(text) > SEARCH:
        message = f"A search may be {SEARCH} characters long."
        raise LimitExceeded(message)
    return text


def _order(node: c.Node, sort: Given | None, search: Given | None, usual: str | None) -> tuple[p.SortKey, ...]:
    if (sort is None or not sort.value) and search:
        rank = c.Value(RANK, c.Kind.NUMERIC, nullable=False)
        return (p.SortKey(rank, descending=True, bounds=_words(search)), ID)
    if sort is None or not sort.value:
        value, down = node.fields[usual.lstrip("-")] if usual else None, bool(usual and usual.startswith("-"))
        return (p.SortKey(value, down), replace(ID, descending=down)) if isinstance(value, c.Value) else (ID,)
    if len(sort.value) > KEYS:
        message = f"At most {KEYS} keys to sort by."
        raise LimitExceeded(message)
    keys: list[p.SortKey] = []
    for each in sort.value:
        key = _key(node, {name: part.value for name, part in each.value.items()})
        keys.append(key)
        if key.value.sql == ID.value.sql:
            return tuple(keys)
    return (*keys, ID)


def _key(node: c.Node, wanted: dict[str, Any]) -> p.SortKey:
    spec = node.fields[wanted["field"].value]
    value = spec if isinstance(spec, c.Value) else ID.value
    descending = wanted.get("direction") is Direction.DESC
    nulls = wanted.get("nulls")
    return p.SortKey(value, descending, descending if nulls is None else nulls is Nulls.FIRST)


def _scope(place: str, node: c.Node, order: tuple[p.SortKey, ...], arguments: Arguments) -> p.Scope:
    keys = [(key.value.sql, key.descending, key.nulls_first) for key in order]
    hidden = node.hidden and _is_true(arguments, node.hidden.argument)
    sources: list[Source] = []
    asked = [_outline(value(arguments, name), sources) for name in ("filter", "search")]
    return p.Scope(repr((place, keys, hidden, asked)), tuple(sources))


def _outline(wanted: Given | None, sources: list[Source]) -> Any:
    """Write down a filter's structure, leaving its values to be read when a cursor is made or checked."""
    if wanted is None:
        return None
    if isinstance(wanted.value, dict):
        return [(name, _outline(part, sources)) for name, part in sorted(wanted.value.items())]
    if isinstance(wanted.value, list) and any(isinstance(part.value, dict) for part in wanted.value):
        return [_outline(part, sources) for part in wanted.value]
    sources.append(wanted.source)
    return "?"


def _cursor(arguments: Arguments, name: str, scope: p.Scope) -> p.Cursor | None:
    found = value(arguments, name)
    return p.Cursor(found.source, scope) if found else None


# Cursors. A cursor is base64url(tag + payload): the payload is a JSON list of the row's sort values as texts, the
# tag an HMAC-SHA-256 (RFC 2104), cut to 16 bytes, over the scope's digest and the payload. PostgreSQL has sha256()
# without an extension, so a statement makes the tag from the two padded keys.


@cache
def _key_of(secret: bytes) -> bytes:
    return hashlib.sha256(b"cursor" + secret).digest()


@cache
def pads(secret: bytes) -> tuple[bytes, bytes]:
    """Return HMAC's inner and outer key blocks."""
    block = _key_of(secret).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def digest(scope: p.Scope, variables: Variables) -> bytes:
    """Digest a scope with its present values."""
    values = [source.read(variables) for source in scope.sources]
    return hashlib.sha256(repr((scope.text, values)).encode()).digest()


def open_cursor(text: str, cursor: p.Cursor, variables: Variables, secret: bytes) -> list[str | None]:
    """Return the sort values in a cursor; raises InvalidCursor unless it was made for this very list."""
    raw = _decode(text)
    tag, payload = raw[:TAG], raw[TAG:]
    right = hmac.digest(_key_of(secret), digest(cursor.scope, variables) + payload, "sha256")[:TAG]
    if not hmac.compare_digest(tag, right):
        message = "This cursor does not belong to this list in this order with this filter: take a new one."
        raise InvalidCursor(message)
    values: list[str | None] = orjson.loads(payload)
    return values


def _decode(text: str) -> bytes:
    """Return the bytes that are written so and not otherwise; none for what is not base64url in its one spelling."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
    return raw if urlsafe_b64encode(raw).rstrip(b"=") == text.encode(errors="replace") else b""
