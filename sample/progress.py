"""Much work in a row or at once, and how far it is."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Work: TypeAlias = Sequence[Coroutine[Any, Any, T]]

Progress = Callable[[str, int, int], None]
"""Is told what is loaded, how many are done, and of how many."""


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


async def in_turn(what: str, work: Work[T], progress: Progress) -> list[T]:
    """Do one after the other, so that what comes first is numbered first."""
    answers = []
    for done, each in enumerate(work, 1):
        answers.append(await each)
        progress(what, done, len(work))
    return answers


async def at_once(what: str, work: Work[T], progress: Progress) -> list[T]:
    """Do all at once and answer in order; the first failure ends the rest and is raised."""
    done = 0

    async def counted(each: Coroutine[Any, Any, T]) -> T:
        nonlocal done
        answer = await each
        done += 1
        progress(what, done, len(work))
        return answer

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(counted(each)) for each in work]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
