"""How the log tells of rows and changes: about which subjects, under which names, and in which words."""

import re
from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain.principal import Principal
from domain.statements import Values
from models.history import SubjectType
from models.rows import Row

SUBJECTS = MappingProxyType(
    {re.sub("(?<=[^e])y$", "ie", kind.lower().removesuffix("s")) + "s": kind for kind in SubjectType}
)
"""The tables whose changes the log tells."""
DERIVED = frozenset({"html"})
"""Columns that are made of others, of which nothing is told."""


PLUMBING = frozenset({"id", "workspace_id", "created_at", "due_at", "digest"})
"""Columns of a new row of which nothing is told."""


def noun(model: type[Row]) -> str:
    """What a sentence calls a row: "time entry"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()


def news(row: Values) -> Mapping[str, list[Any]]:
    """A new row as changes from nothing."""
    return {name: [None, value] for name, value in row.items() if value is not None and name not in PLUMBING}


def event(by: Principal, about: str, key: UUID, verb: str, changes: Values, *, reason: str | None) -> Values:
    """What is told of a row of a table, and of whoever changed it."""
    return {**alike(by, about, verb, changes), "subject_id": key, "reason": reason}


def alike(by: Principal, about: str, verb: str, changes: Values) -> Values:
    """What is told of every row of a table with which the same was done."""
    who = {"actor_id": by.id, "api_key_id": by.api_key_id}
    return {"subject_type": SUBJECTS[about], "verb": verb, "changes": _words(changes), **who}


def _words(changes: Values) -> Values:
    """Changes as people read them: a priority by its name, not its rank."""
    told = {name: pair for name, pair in changes.items() if name not in DERIVED}
    ranked = {name for name, pair in told.items() if isinstance(pair[1], IntEnum) or isinstance(pair[0], IntEnum)}
    words = {name: [v.name if isinstance(v, IntEnum) else v for v in told[name]] for name in ranked}
    return told | words if words else told
