"""What becomes of work when somebody else was there first."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from asyncpg import UniqueViolationError

from domain.errors import DomainError, VersionConflict
from models.rows import Row, Versioned

P = ParamSpec("P")
T = TypeVar("T")


class Outrun(Exception):
    """Somebody changed the row after it was read."""


def again(verb: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Do a verb again for as long as it is outrun; somebody gets on each time, so it comes to an end."""

    @wraps(verb)
    async def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        while True:
            with suppress(Outrun):
                return await verb(*args, **kwargs)

    return repeated


def expect(row: Row, version: int | None) -> None:
    """Refuse to go on from another version of a row than the one that is expected, if any."""
    if version is not None and isinstance(row, Versioned) and row.version != version:
        raise VersionConflict(expected=version, actual=row.version)


@contextmanager
def taken(constraint: str, error: DomainError) -> Iterator[None]:
    """Refuse with this error when the unique key of this name forbids what is written inside."""
    try:
        yield
    except UniqueViolationError as violation:
        if violation.constraint_name != constraint:
            raise
        raise error from violation
