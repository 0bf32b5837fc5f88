"""What a selection costs: a polynomial over the page sizes that only the request's variables tell."""

from collections import Counter
from collections.abc import Mapping
from math import prod
from typing import TypeAlias

from graphql import (
    FieldNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
)

DEFAULT_PAGE = 20
MAX_PAGE = 100
MAX_TERMS = 64

Cost: TypeAlias = dict[tuple[str, ...], int]
"""Coefficients by the variables they are multiplied with; `{(): 3, ("first",): 2}` is 3 + 2 · $first."""


def add(total: Cost, cost: Cost) -> None:
    """Add `cost` to `total` in place; a sum of too many terms becomes its upper bound.

    Nested pages of many variables would multiply out exponentially; so a document has at most `MAX_TERMS` terms.
    """
    for names, coefficient in cost.items():
        total[names] = total.get(names, 0) + coefficient
    if len(total) > MAX_TERMS:
        bound = evaluate(total, {})
        total.clear()
        total[()] = bound


def times(cost: Cost, size: int | str) -> Cost:
    """Multiply by a page size: a number, or the name of the variable that will tell it."""
    if isinstance(size, int):
        return {names: coefficient * size for names, coefficient in cost.items()}
    return {tuple(sorted((*names, size))): coefficient for names, coefficient in cost.items()}


def evaluate(cost: Cost, sizes: Mapping[str, int]) -> int:
    """The number of points at these page sizes; an unknown one counts as the largest page."""
    return sum(coefficient * prod(sizes.get(name, MAX_PAGE) for name in names) for names, coefficient in cost.items())


def literal_size(node: ValueNode | None) -> int | str:
    """The page size that an argument's literal asks for, or the name of its variable."""
    if isinstance(node, VariableNode):
        return node.name.value
    if node is None or isinstance(node, NullValueNode):
        return DEFAULT_PAGE
    if isinstance(node, IntValueNode) and len(node.value) <= len(str(MAX_PAGE)):
        return value_size(int(node.value))
    if isinstance(node, ListValueNode):
        return value_size(node.values or ())
    return MAX_PAGE


def value_size(value: object) -> int:
    """The page size that a variable's JSON value asks for: a number, or a list of ids."""
    if value is None:
        return DEFAULT_PAGE
    if isinstance(value, list | tuple):
        return min(len(value), MAX_PAGE)
    if isinstance(value, int):
        return min(max(value, 0), MAX_PAGE)
    return MAX_PAGE


def filter_fields(node: FieldNode) -> "Counter[str]":
    """How many fields the filter of a list names."""
    return fields_of(next((each.value for each in node.arguments or () if each.name.value == "filter"), None))


def fields_of(node: ValueNode | None) -> "Counter[str]":
    """How many fields the objects in a literal have: under "" those written there, and each variable with more."""
    found: Counter[str] = Counter()
    waiting = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, VariableNode):
            found[value.name.value] += 1
        elif isinstance(value, ListValueNode):
            waiting += value.values or ()
        elif isinstance(value, ObjectValueNode):
            found[""] += len(value.fields or ())
            waiting += [each.value for each in value.fields or ()]
    return found


def parts(value: object, most: int) -> tuple[int, int]:
    """How many values a JSON value holds, itself included, and how many fields of objects; stops beyond `most`."""
    values = fields = 0
    waiting = [value]
    while waiting and values <= most:
        each = waiting.pop()
        values += 1
        if isinstance(each, dict):
            fields += len(each)
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return values, fields
