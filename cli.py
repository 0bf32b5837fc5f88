"""The `fieldgraph` command: everything at once with `up`, or each part by itself."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

import launch
from embedded import EmbeddedUnavailable, Urls, servers
from launch import Refused
from preflight import ServerUnusable, check
from settings import complaint, example, settings
from supervisor import ProgramEnded, end_with_supervisor

app = typer.Typer(
    help="Tasks, visits and customers as one graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
token = typer.Typer(help="Bearer tokens.", no_args_is_help=True)
app.add_typer(token, name="token")

errors = Console(stderr=True)


def main() -> None:
    """Run a command; what a person can put right is one line, not a traceback."""
    try:
        app()
    except (EmbeddedUnavailable, ProgramEnded, Refused, ServerUnusable) as error:
        _refuse(str(error))
    except ValidationError as error:
        _refuse(complaint(error))


def _refuse(line: str) -> NoReturn:
    errors.print(Text.assemble(("fieldgraph: ", "bold red"), line), soft_wrap=True)
    raise SystemExit(1)


def _configure(**values: object) -> None:
    """Let options override settings, for this process and for those that it starts."""
    os.environ |= {name.upper(): str(value) for name, value in values.items() if value is not None}
    settings.cache_clear()


@contextmanager
def _servers() -> Iterator[Urls]:
    """Both servers, checked, and from then on the configured ones of this process and of those that it starts."""
    end_with_supervisor()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with servers(settings()) as urls:
        try:
            asyncio.run(check(urls.database_url, urls.redis_url))
            _configure(database_url=urls.database_url, redis_url=urls.redis_url)
            yield urls
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # told already: a second time must not interrupt the stopping


@app.command()
def up(
    port: Annotated[int | None, typer.Option(help="Port of the API; by default PORT.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the embedded servers; by default DATA_DIR.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line when ready; logs go to stderr.")] = False,
) -> None:
    """Run everything here: servers, API, worker and clock, with sample data if there is none."""
    _configure(port=port, data_dir=data)
    launch.require_free_port()
    with _servers():
        asyncio.run(launch.run(as_json=as_json))


@app.command()
def serve() -> None:
    """Run the API."""
    with _servers():
        import uvicorn

        uvicorn.run(
            "schema.app:app",
            host=settings().host,
            port=settings().port,
            loop="uvloop",
            http="httptools",
            log_level=settings().log_level,
            timeout_graceful_shutdown=5,
        )


@app.command()
def worker() -> None:
    """Run a worker; any number may run."""
    with _servers():
        import workers.run

        workers.run.main()


@app.command()
def clock() -> None:
    """Run the clock, which nudges the workers; any number may run."""
    with _servers():
        import workers.clock

        workers.clock.main()


@app.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    with _servers():
        asyncio.run(launch.migrate(errors))


@app.command()
def demo(
    url: Annotated[str | None, typer.Option(help="The running API; by default the one of HOST and PORT.")] = None,
    northwind: Annotated[Path | None, typer.Option(help="A folder with the Northwind data, to import instead.")] = None,
) -> None:
    """Load sample data through the running API."""
    with _servers():
        asyncio.run(launch.load_sample(errors, url or launch.endpoint(), northwind))


@token.command()
def create(
    email: Annotated[str | None, typer.Option(help="Whose token: by e-mail address.")] = None,
    user: Annotated[UUID | None, typer.Option(help="Whose token: by id.")] = None,
) -> None:
    """Print a token that acts as a user."""
    if (email is None) == (user is None):
        raise Refused("Say whose token: either --email or --user.")
    with _servers():
        typer.echo(asyncio.run(launch.in_database(lambda: launch.token(email=email, id=user))))


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from schema import schema as graph

    typer.echo(graph.as_str())


@app.command("settings")
def show_settings() -> None:
    """Print every setting with its meaning and its default, as in .env.example."""
    typer.echo(example(), nl=False)


if __name__ == "__main__":
    main()
