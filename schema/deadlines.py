"""Time limits of requests: one timer for all, because making and closing one for each shows in what a short one costs.

A request that runs when its time is over is cancelled, and sees that as `TimeoutError`, as in `asyncio.timeout`.
"""

import asyncio
from types import TracebackType
from typing import Any, Self


class Deadlines:
    """The requests that are running, the oldest first; all of them have the same time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[Deadline, None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> "Deadline":
        """Begin a request's time, in a `with` around what may take it."""
        loop = asyncio.get_running_loop()
        deadline = Deadline(self._running, loop.time() + self._seconds)
        if self._loop is not loop:
            self._loop = loop
            loop.call_at(deadline.at, self._look)
        return deadline

    def _look(self) -> None:
        """Stop whose time is over, and look again when that of the next is."""
        assert self._loop is not None  # noqa: S101 - it is the loop that calls
        now = self._loop.time()
        while (oldest := next(iter(self._running), None)) and oldest.at <= now:
            oldest.stop()
        if oldest:
            self._loop.call_at(oldest.at, self._look)
        else:
            self._loop = None


class Deadline:
    """One request's; `passed` once its time is over."""

    __slots__ = ("_cancelling", "_running", "_task", "at", "passed")

    def __init__(self, running: dict["Deadline", None], at: float) -> None:
        self._running, self.at, self.passed = running, at, False

    def __enter__(self) -> Self:
        task: asyncio.Task[Any] | None = asyncio.current_task()
        assert task is not None  # noqa: S101 - requests are answered in tasks
        self._task, self._cancelling = task, task.cancelling()
        self._running[self] = None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._running.pop(self, None)
        if self.passed and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def stop(self) -> None:
        """Cancel what runs."""
        self.passed = True
        self._task.cancel()
        del self._running[self]
