"""What every mutation answers: refusals as data, beside the changed objects as they are now."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import strawberry

from domain import (  # noqa: F401 - the catalog knows what was imported
    deletion_errors,
    dependency_errors,
    errors,
    series_errors,
    workflow_errors,
)
from domain.columns import camel
from domain.errors import DomainError
from schema.enums import enum

_make: Any = StrEnum  # whose members mypy wants to read
_declared = _make("ErrorCode", {code: code for code in errors.catalog()})
_declared.__doc__ = "Why something was refused; the sentence is the message, its {words} filled in."
ErrorCode: Any = enum(_declared, **{code: error.template for code, error in errors.catalog().items()})


@strawberry.type(description="Why a mutation was refused.")
class UserError:
    """One refusal, for a person to act on."""

    code: str = strawberry.field(description="What kind of refusal it is.", graphql_type=ErrorCode)
    message: str = strawberry.field(description="The refusal as a sentence for a person, which says what to do next.")
    path: list[str] | None = strawberry.field(description="Which part of the input it is about; null for all of it.")

    @classmethod
    def all_of(cls, refusal: DomainError) -> "list[UserError]":
        """Write every single refusal as data."""
        return cls.each(refusal.errors)

    @classmethod
    def each(cls, refusals: Iterable[DomainError]) -> "list[UserError]":
        """Write these single refusals as data."""
        return [
            cls(code=ErrorCode(each.code), message=each.message, path=[camel(step) for step in each.path] or None)
            for each in refusals
        ]


@strawberry.interface(description="What every mutation answers.")
class Payload:
    """Topics add what changed, as `changed()` fields, which hold the UUID of a row."""

    user_errors: list[UserError] = strawberry.field(
        description="All reasons why it was refused; it was done if there are none.", default_factory=list
    )
    sync_cursor: str | None = strawberry.field(
        description="The place of this change in the log of all changes; null when nothing changed.", default=None
    )
