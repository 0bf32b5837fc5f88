"""Real small programs under the supervisor: heard, ended once, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import supervisor
from supervisor import Program, ProgramEnded, supervise

ROOT = Path(supervisor.__file__).parent
PATIENT = """
import signal, sys, time
def told(number, frame):
    print("told", flush=True)
    time.sleep(0.2)
    print("ended", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, told)
print("running", flush=True)
while True:
    time.sleep(1)
"""


def program(name, text):
    return Program(name, [sys.executable, "-c", text])


class Screen:
    """What was shown, and a moment to wait for a line."""

    def __init__(self):
        self.lines = []
        self.changed = asyncio.Event()

    def show(self, name, line):
        self.lines.append((name, line))
        self.changed.set()

    async def until(self, *wanted):
        while not set(wanted) <= set(self.lines):
            self.changed.clear()
            await self.changed.wait()


def is_over(pid):
    """Whether a process ends within ten seconds; one that nobody has waited for has ended too."""
    state = Path(f"/proc/{pid}/stat")
    for _ in range(500):
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


async def nothing():
    """Nothing to do meanwhile."""


@pytest.fixture
def screen():
    return Screen()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_tells_every_program_once_and_waits_for_it(screen, number):
    async def interrupt():
        await screen.until(("one", "running"), ("two", "running"))
        for _ in range(3):
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.01)

    await supervise([program("one", PATIENT), program("two", PATIENT)], os.environ, screen.show, interrupt())
    for name in ("one", "two"):
        assert [line for shown, line in screen.lines if shown == name] == ["running", "told", "ended"]


async def test_a_program_that_ends_by_itself_ends_all_and_is_named(screen):
    with pytest.raises(ProgramEnded, match=r"^two ended by itself with exit code 3\.$"):
        await supervise(
            [program("one", PATIENT), program("two", "import time; time.sleep(1); raise SystemExit(3)")],
            os.environ,
            screen.show,
            screen.until(("one", "running")),
        )
    assert screen.lines[-1] == ("one", "ended")


async def test_what_fails_meanwhile_ends_all_and_is_raised(screen):
    async def fail():
        await screen.until(("one", "running"))
        raise LookupError("no answer")

    with pytest.raises(LookupError, match="no answer"):
        await supervise([program("one", PATIENT)], os.environ, screen.show, fail())
    assert screen.lines[-1] == ("one", "ended")


async def test_a_dead_programs_own_children_do_not_hide_its_death_nor_outlive_it(screen):
    parent = Program("parent", ["sh", "-c", "sleep 60 & echo $!; exit 4"])
    with pytest.raises(ProgramEnded, match="parent ended by itself with exit code 4"):
        await asyncio.wait_for(supervise([parent], os.environ, screen.show, nothing()), 10)
    [(_, child)] = screen.lines
    assert is_over(child)


async def test_long_lines_other_bytes_and_an_unfinished_last_line_are_shown(screen):
    text = "import os; os.write(1, b'x' * 200_000 + b'\\n\\xff\\r\\nlast')"
    with pytest.raises(ProgramEnded, match="exit code 0"):
        await supervise([program("odd", text)], os.environ, screen.show, nothing())
    assert screen.lines == [("odd", "x" * 200_000), ("odd", "\ufffd"), ("odd", "last")]


async def test_a_program_that_cannot_start_is_an_error_and_leaves_none_running(screen):
    with pytest.raises(FileNotFoundError):
        await supervise([program("one", PATIENT), Program("none", ["/no/such"])], os.environ, screen.show, nothing())


async def test_one_that_does_not_listen_is_killed_in_the_end(screen, monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE_SECONDS", 0.3)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"

    async def interrupt():
        await screen.until(("deaf", "deaf"))
        os.kill(os.getpid(), signal.SIGTERM)

    started = time.monotonic()
    await supervise([program("deaf", deaf)], os.environ, screen.show, interrupt())
    assert time.monotonic() - started < 5


def test_a_killed_supervisor_takes_its_programs_with_it():
    child = (
        "import os, time, supervisor; supervisor.end_with_supervisor(); print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = f"""
import asyncio, os, sys
from supervisor import Program, supervise
async def meanwhile(): pass
programs = [Program("child", [sys.executable, "-c", {child!r}])]
asyncio.run(supervise(programs, os.environ, lambda name, line: print(line, flush=True), meanwhile()))
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        pid = int(running.stdout.readline())
        running.kill()
    assert is_over(pid)
