"""Several programs in one terminal: started together, heard together, ended together."""

import asyncio
import os
import signal
import threading
from asyncio import StreamReader
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

SUPERVISED = "FIELDGRAPH_SUPERVISED"
PATIENCE_SECONDS = 40.0  # a worker may take 30 to finish its jobs

Show = Callable[[str, str], None]


class ProgramEnded(Exception):
    """A program that should run until it is told to stop has ended by itself."""


class _Told(Exception):
    """The supervisor was told to stop."""


@dataclass(frozen=True)
class Program:
    """A command, and the name that its lines carry."""

    name: str
    command: Sequence[str]


async def supervise(
    programs: Sequence[Program], environment: Mapping[str, str], show: Show, meanwhile: Coroutine[Any, Any, None]
) -> None:
    """Run the programs until SIGINT or SIGTERM, then tell each of them once to end, and wait.

    Every line they write goes to `show(name, line)`. A program that ends by itself, or a `meanwhile` that fails, ends
    all and is raised.
    """
    try:
        async with asyncio.TaskGroup() as together:
            together.create_task(_until_told())
            for program in programs:
                together.create_task(_run(program, environment, show))
            together.create_task(meanwhile)
    except BaseExceptionGroup as group:
        faults = [fault for fault in group.exceptions if not isinstance(fault, _Told)]
        if faults:
            raise faults[0] from None


async def _until_told() -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
    raise _Told


async def _run(program: Program, environment: Mapping[str, str], show: Show) -> None:
    """Run one in a session of its own: the terminal's Ctrl-C is for the supervisor, which passes it on once."""
    environment = {**environment, SUPERVISED: "1", "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        *program.command, env=environment, stdin=PIPE, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )
    listener = asyncio.create_task(_listen(program.name, process, show))
    try:
        code = await _exit_code(process)
    finally:
        await _end(process)
        await asyncio.wait([listener], timeout=1)
        listener.cancel()
    raise ProgramEnded(f"{program.name} ended by itself with exit code {code}.")


async def _exit_code(process: Process) -> int:
    while process.returncode is None:  # noqa: ASYNC110 -- wait() would await the children that hold its pipes as well
        await asyncio.sleep(0.05)
    return process.returncode


async def _listen(name: str, process: Process, show: Show) -> None:
    if process.stdout:
        async for line in _lines(process.stdout):
            show(name, line)


async def _lines(stream: StreamReader) -> AsyncIterator[str]:
    """The stream's lines, however long one is."""
    rest = b""
    while chunk := await stream.read(65536):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace").rstrip("\r")
    if rest:
        yield rest.decode(errors="replace")


async def _end(process: Process) -> None:
    """Tell it once to end; kill what has not ended in time, and what a program leaves behind."""
    if process.returncode is None:
        with suppress(TimeoutError, ProcessLookupError):
            process.terminate()
            await asyncio.wait_for(_exit_code(process), PATIENCE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def end_with_supervisor() -> None:
    """In a supervised program: end as soon as the supervisor is gone, even one that was killed.

    The supervisor holds the other end of the standard input and never writes; the kernel closes it with the process.
    """
    if SUPERVISED in os.environ:
        threading.Thread(target=_await_end_of_input, daemon=True).start()


def _await_end_of_input() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})  # they are for the main thread
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
