"""What a resolver may reach: who acts, what they see, and where to read."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

import strawberry

from domain.principal import Principal
from schema.database import Database


class Viewer(NamedTuple):
    """The principal as the compiler knows it: people of one role share predicates, and so statements."""

    by: Principal
    kind: str
    words: Mapping[str, object]
    origin: Callable[[], str] = str
    """Tells where the API is reached, before the path; few answers need it."""

    @classmethod
    def of(cls, by: Principal, origin: Callable[[], str] = str) -> "Viewer":
        """Say what the words of predicates mean for whoever acts."""
        words = {
            "workspace": by.workspace_id,
            "me": by.id,
            "teams": list(by.teams | by.reach),
            "reach": list(by.reach),
            "people": list(by.people),
        }
        return cls(by, by.role.value, words, origin)


class Context:
    """One request's."""

    def __init__(self, by: Principal, database: Database, origin: Callable[[], str] = str) -> None:
        self.by, self.database, self.origin = by, database, origin
        self.viewer = Viewer.of(by, origin)

    @cached_property
    def turn(self) -> asyncio.Lock:
        """Held while a statement is written, one at a time, so that other requests are answered between two."""
        return asyncio.Lock()


Info: TypeAlias = strawberry.Info[Context, None]
