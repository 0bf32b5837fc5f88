"""Gives the enums of the models their GraphQL names' descriptions."""

import inspect
from enum import Enum
from typing import Any, TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def enum(cls: E, **descriptions: str) -> E:
    """Make an enum a GraphQL enum; its docstring describes it, and each value needs a description."""
    declared: Any = cls
    if not hasattr(cls, "__strawberry_definition__"):  # another topic that uses it may have been imported before
        declared = strawberry.enum(cls)
    declared.__strawberry_definition__.description = inspect.getdoc(cls)
    for value in declared.__strawberry_definition__.values:
        value.description = descriptions[value.name]
    return cls
