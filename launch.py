"""All of Fieldgraph on one machine: what `fieldgraph up` starts, waits for and says."""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx2
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from settings import settings, tortoise
from supervisor import Program, supervise

T = TypeVar("T")

PROGRAMS = {"api": ("serve", "cyan"), "worker": ("worker", "magenta"), "clock": ("clock", "yellow")}
READY_SECONDS = 120.0
ONE_MIGRATION_AT_A_TIME = 4_637_441  # any number that no one else uses as an advisory lock


class Refused(Exception):
    """A command cannot be carried out; the message says why."""


async def run(*, as_json: bool) -> None:
    """Run API, worker and clock until told to stop; say how to reach them when they answer."""
    console = Console(stderr=as_json)

    def show(name: str, line: str) -> None:
        console.print(Text.assemble((f"{name:>6} │ ", PROGRAMS[name][1]), Text.from_ansi(line)), soft_wrap=True)

    async def announce() -> None:
        welcome = await _welcome(console)
        if as_json:
            print(json.dumps(welcome), flush=True)  # noqa: T201 -- the answer, for a program to read
        else:
            _greet(console, welcome)

    await migrate(console)
    programs = [Program(name, [sys.executable, "-m", "cli", part]) for name, (part, _) in PROGRAMS.items()]
    await supervise(programs, os.environ, show, announce())


def require_free_port() -> None:
    """Refuse a port that another program has, before anything is started."""
    family = socket.AF_INET6 if ":" in settings().host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings().host, settings().port))
        except OSError as error:
            place = f"{settings().host}:{settings().port}"
            raise Refused(f"The API cannot listen on {place} ({error.strerror}): choose another --port.") from error


async def migrate(console: Console) -> None:
    """Bring the database's tables to this version, one program at a time."""
    from tortoise.context import TortoiseContext
    from tortoise.migrations.api import migrate

    url = settings().database_url or ""
    gate = await asyncpg.connect(url)
    try:
        await gate.execute("select pg_advisory_lock($1)", ONE_MIGRATION_AT_A_TIME)
        async with TortoiseContext() as context:
            with _progress(console, "Migrating the database"):
                await migrate(config=tortoise(url))
            await context.connections.close_all()
    finally:
        await gate.close()


async def in_database(work: Callable[[], Awaitable[T]]) -> T:
    """Do the work with the tables open."""
    from tortoise.context import TortoiseContext
    from tortoise.exceptions import OperationalError

    async with TortoiseContext() as context:
        await context.init(config=tortoise(settings().database_url or "", pool_size=2))
        try:
            return await work()
        except OperationalError as error:
            if isinstance(error.__cause__, asyncpg.UndefinedTableError):
                raise Refused("The database has no tables yet: run `fieldgraph migrate` first.") from error
            raise


async def load_sample(console: Console, url: str, northwind: Path | None = None) -> None:
    """Fill the database through the API at `url`, with our own sample or with the Northwind data of a folder."""
    import sample

    opened = sample.NORTHWIND if northwind else sample.WORKSPACE
    admin = await in_database(lambda: _admin(opened))
    try:
        with _bars(console) as progress:
            if northwind:
                await sample.load_northwind(url, admin, northwind, progress)
            else:
                await sample.load(url, admin, progress)
    except sample.Refused as error:
        raise Refused(str(error)) from error


async def _admin(opened: dict[str, str]) -> str:
    """A token of the workspace's admin; opens the workspace if there is none."""
    from domain import accounts
    from models.accounts import Role, User

    if not await User.exists(email=opened["email"], role=Role.ADMIN):
        await accounts.workspace_create(**opened)
    return await token(email=opened["email"])


@contextmanager
def _bars(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each kind of record, as it is told how many are done."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bars: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=total)
            progress.update(bars[what], completed=done)

        yield show


@contextmanager
def _progress(console: Console, description: str) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(description)
        yield


async def token(**whose: Any) -> str:
    """A token of the one active user found by these columns."""
    from models.accounts import User
    from schema.auth import issue_token

    found = await User.filter(active=True, **{name: value for name, value in whose.items() if value}).limit(2)
    if len(found) != 1:
        raise Refused("There is no such user." if not found else "Several users match: say which with --user.")
    return issue_token(found[0])


async def tokens() -> dict[str, str]:
    """A token for the first person of each role."""
    from models.accounts import Role, User

    roles = (Role.REP, Role.SUPERVISOR, Role.ADMIN)
    people = [await User.filter(role=role, active=True).order_by("created_at", "id").first() for role in roles]
    return {person.role.lower(): await token(id=person.id) for person in people if person}


def endpoint() -> str:
    """Where this machine reaches the API that HOST and PORT describe."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings().host, settings().host)  # noqa: S104 -- compared
    return f"http://{host}:{settings().port}/graphql"


async def _welcome(console: Console) -> dict[str, object]:
    """Wait for the API, fill an empty database, and say where it is and as whom one may ask."""
    from models.accounts import Workspace

    url = endpoint()
    explorer = url.removesuffix("graphql")
    await _await_ready(f"{explorer}readyz")
    if not await in_database(Workspace.exists):
        await load_sample(console, url)
    return {"url": url, "explorer": explorer, "tokens": await in_database(tokens)}


async def _await_ready(url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    async with httpx2.AsyncClient(trust_env=False) as client:
        while time.monotonic() < deadline:
            try:
                if (await client.get(url)).status_code == httpx2.codes.OK:
                    return
            except httpx2.TransportError:
                pass  # not listening yet
            await asyncio.sleep(0.05)
    raise Refused(f"The API is not ready after {READY_SECONDS:.0f} seconds: {url} does not answer 200.")


def _greet(console: Console, welcome: dict[str, object]) -> None:
    lines = [("GraphQL", welcome["url"]), ("Explorer", welcome["explorer"])]
    if isinstance(welcome["tokens"], dict):
        lines += [(f"Token: {role}", value) for role, value in welcome["tokens"].items()]
    console.print()
    for name, value in lines:
        console.print(Text.assemble((f"{name:<18} ", "bold green"), str(value)), soft_wrap=True)
    console.print(Text("Ctrl-C stops everything; the data is kept.\n", style="dim"))
