"""A filter as the client wrote it becomes a condition of the plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from schema.compiler import catalog as c
from schema.compiler import plan as p
from schema.compiler.errors import LimitExceeded
from schema.compiler.values import Given, durations, id_reader, instants, is_duration, near, plain

DEPTH = 5
LIST = 100
TEMPLATES = {
    "eq": p.EQUAL,
    "neq": "{v} is distinct from {0}",
    "in": p.AMONG,
    "nin": "({v} = any({0})) is not true",
    "gt": "{v} > {0}",
    "gte": "{v} >= {0}",
    "lt": "{v} < {0}",
    "lte": "{v} <= {0}",
}
MOMENTS = "({0} || array(select now() + x from unnest({1}) x))"
TEXT_TEMPLATES = {
    "eq": "lower({v}) = lower({0})",
    "neq": "lower({v}) is distinct from lower({0})",
    "in": "lower({v}) in (select lower(x) from unnest({0}) x)",
    "nin": "(lower({v}) in (select lower(x) from unnest({0}) x)) is not true",
    "contains": "strpos(lower({v}), lower({0})) > 0",
    "startsWith": "starts_with(lower({v}), lower({0}))",
}
NO = p.Raw("false")


@dataclass(frozen=True)
class Filters:
    """Compiles filters; `targets` names the node behind each relation and list."""

    catalog: c.Catalog
    targets: Mapping[tuple[str, str], str]

    def condition(self, node: c.Node, wanted: Given, depth: int = 1) -> p.Condition:
        """Combine the fields of one filter object; raises LimitExceeded when it is too deep or too long."""
        _within(depth)
        parts = [self._part(node, name, part, depth) for name, part in wanted.value.items() if part.value is not None]
        return p.every(parts)

    def _part(self, node: c.Node, name: str, wanted: Given, depth: int) -> p.Condition:
        if name in {"and", "or", "not"}:
            return self._joined(name, wanted, partial(self.condition, node, depth=depth + 1))
        if name == "isNull":
            return NO if wanted.value else p.All(())
        return self._field(node, name, wanted, depth)

    def _joined(self, joint: str, wanted: Given, each: Callable[[Given], p.Condition]) -> p.Condition:
        if joint == "not":
            return p.Not(each(wanted))
        parts = tuple(each(item) for item in bounded(wanted.value) if item.value is not None)
        return p.every(parts) if joint == "and" else p.Any(parts)

    def _field(self, node: c.Node, name: str, wanted: Given, depth: int) -> p.Condition:
        spec = node.fields[name]
        if isinstance(spec, c.One):
            return self._one(node, name, spec, wanted, depth)
        if isinstance(spec, c.Page):
            return self._list(node, name, spec, wanted, depth)
        if isinstance(spec, c.Key):
            return self._compare(c.Value("{t}.id", c.Kind.UUID, nullable=False), wanted, node.prefix)
        assert isinstance(spec, c.Value)  # noqa: S101 - the input types offer nothing else
        return self._compare(spec, wanted)

    def _one(self, node: c.Node, name: str, spec: c.One, wanted: Given, depth: int) -> p.Condition:
        _within(depth)
        target = self.catalog.nodes[self.targets[node.name, name]]
        rest = {key: part for key, part in wanted.value.items() if part.value is not None}
        parts: list[p.Condition] = []
        is_null, same = rest.pop("isNull", None), rest.pop("id", None)
        if is_null is not None:
            there = self._pointed(target, spec, p.All(()))
            parts.append(p.Not(there) if is_null.value else there)
        if same is not None:  # said of the key column too, so that its index serves
            parts.append(self._compare(c.Value(f"{{t}}.{spec.column}", c.Kind.UUID), same, target.prefix))
        telling = [each for each in rest if names(Given({each: rest[each]}, wanted.source), "isNull")]
        item = partial(self._one, node, name, spec, depth=depth + 1)
        parts += [self._joined(joint, rest.pop(joint), item) for joint in telling]
        if same is not None or rest:
            inner = self.condition(target, Given(rest, wanted.source), depth + 1)
            parts.append(self._pointed(target, spec, inner))
        return p.every(parts)

    def _pointed(self, target: c.Node, spec: c.One, condition: p.Condition) -> p.Exists:
        return p.Exists(target, f"{{t}}.id = {{parent}}.{spec.column}", condition, spec.column)

    def _list(self, node: c.Node, name: str, spec: c.Page, wanted: Given, depth: int) -> p.Condition:
        target = self.catalog.nodes[self.targets[node.name, name]]
        join = spec.where or f"{{t}}.{spec.by} = {{parent}}.id"
        parts: list[p.Condition] = []
        for quantifier, part in wanted.value.items():
            if part.value is None:
                continue
            inner = self.condition(target, part, depth + 1)
            if quantifier == "some":
                parts.append(p.Exists(target, join, inner))
            elif quantifier == "none":
                parts.append(p.Not(p.Exists(target, join, inner)))
            else:
                parts.append(p.Not(p.Exists(target, join, p.Not(inner))))
        return p.every(parts)

    def _compare(self, value: c.Value, wanted: Given, prefix: str | None = None) -> p.Condition:
        parts = [_operator(value, name, part, prefix) for name, part in wanted.value.items() if part.value is not None]
        return p.every(parts)


def _within(depth: int) -> None:
    if depth > DEPTH:
        message = f"A filter may be {DEPTH} levels deep."
        raise LimitExceeded(message)


def _operator(value: c.Value, name: str, wanted: Given, prefix: str | None) -> p.Condition:
    if name == "isNull":
        return p.Compare(value, "({v}) is null" if wanted.value else "({v}) is not null")
    if name == "eq" and value.kind is c.Kind.BOOL:
        return p.Compare(value, "{v}" if wanted.value else "not ({v})")  # an index may answer it, and no "= $1"
    is_text = value.kind is c.Kind.TEXT and value.enum is None
    template = TEXT_TEMPLATES[name] if is_text else TEMPLATES[name]
    convert = id_reader(prefix) if prefix else near if value.kind is c.Kind.INTERVAL else plain
    if name in {"in", "nin"} and value.kind is c.Kind.INSTANT:
        kinds = (("timestamptz[]", _Listed(instants)), ("interval[]", _Listed(durations)))
        bounds = tuple(p.Bound(wanted.source, *kind) for kind in kinds)
        return p.Compare(value, template.replace("{0}", MOMENTS), bounds)
    if name in {"in", "nin"}:
        return p.Compare(value, template, (p.Bound(wanted.source, f"{value.kind}[]", _Listed(convert)),))
    if value.kind is c.Kind.INSTANT and is_duration(wanted.value):
        return p.Compare(value, template.replace("{0}", "(now() + {0})"), (p.Bound(wanted.source, "interval", near),))
    return p.Compare(value, template, (p.Bound(wanted.source, str(value.kind), convert),))


@dataclass(frozen=True)
class _Listed:
    """Converts a list that is bound: a statement serves lists of any length, so it is measured at each use."""

    convert: Callable[[Any], Any]

    def __call__(self, values: list[Any]) -> list[Any]:
        converted: list[Any] = self.convert(bounded(values))
        return converted


def bounded(values: list[Any]) -> list[Any]:
    """Return a list of a filter; raises LimitExceeded when it is too long."""
    if len(values) > LIST:
        message = f"A list in a filter may hold {LIST} values."
        raise LimitExceeded(message)
    return values


def names(wanted: Given | None, field: str) -> bool:
    """Say whether a filter names a field anywhere in its own object, `and`, `or` or `not`."""
    if wanted is None or wanted.value is None:
        return False
    for name, part in wanted.value.items():
        if part.value is None:
            continue
        inner = part.value if name in {"and", "or"} else [part] if name == "not" else []
        if name == field or any(names(each, field) for each in inner):
            return True
    return False
