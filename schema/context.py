"""What a resolver may reach: who acts, what they see, and where to read."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import strawberry

from domain.principal import Principal
from schema.database import Database


@dataclass(frozen=True, slots=True)
class Viewer:
    """The principal as the compiler knows it: people of one role share predicates, and so statements."""

    by: Principal
    kind: str
    words: Mapping[str, object]
    origin: Callable[[], str] = str
    """Tells where the API is reached, before the path; few answers need it."""

    @classmethod
    def of(cls, by: Principal, origin: Callable[[], str] = str) -> "Viewer":
        """Say what the words of predicates mean for whoever acts."""
        lists = {"teams": by.teams | by.reach, "reach": by.reach, "people": by.people}
        words = {"workspace": by.workspace_id, "me": by.id} | {name: list(each) for name, each in lists.items()}
        return cls(by, by.role.value, words, origin)


@dataclass(frozen=True)
class Context:
    """One request's."""

    by: Principal
    database: Database
    origin: Callable[[], str] = str

    @cached_property
    def viewer(self) -> Viewer:
        """Whoever acts, as the compiler knows them."""
        return Viewer.of(self.by, self.origin)

    @cached_property
    def turn(self) -> asyncio.Lock:
        """Held while a statement is written, one at a time, so that other requests are answered between two."""
        return asyncio.Lock()


Info: TypeAlias = strawberry.Info[Context, None]
