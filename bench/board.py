"""The board: 50 open tasks of a team with four relations, from us and from a bare endpoint with hand-written SQL.

`python -m bench.board [--tasks N] [--seconds S]` fills a database of its own, checks that both answer the same, lets both
answer in turn, and prints our requests per second as a share of the bare endpoint's.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api.migrate import migrate

import embedded
from bench.dataset import fill
from bench.load import Load, Request, once
from models import User
from schema.auth import issue_token
from settings import Settings, tortoise

ROUNDS = 5
DOCUMENT = Path(__file__).with_name("board.graphql").read_text()
PEERS = {"fieldgraph": ("schema.app:app", "/graphql"), "bare": ("bench.bare:app", "/board")}


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(app: str, environment: dict[str, str]) -> Iterator[int]:
    """Run an application in a process of its own; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "error", "--no-access-log"]
    process = subprocess.Popen(command, env=environment)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


async def answering(request: Request) -> bytes:
    """Return the first answer of a server that is still starting."""
    for _ in range(200):
        try:
            return await once(request)
        except OSError:
            await asyncio.sleep(0.1)
    message = f"Nothing answers on port {request.port}."
    raise SystemExit(message)


async def prepare(database_url: str, tasks: int) -> tuple[str, str]:
    """Migrate and fill the database; return a rep's token and the id of a team."""
    async with TortoiseContext():
        await migrate(config=tortoise(database_url))
    connection = await asyncpg.connect(database_url)
    workspace, rep, team = await fill(connection, tasks)
    await connection.close()
    return issue_token(User(id=rep, workspace_id=workspace)), f"team_{team.hex}"


async def compare(requests: dict[str, Request], seconds: float, clients: int) -> dict[str, float]:
    """Let the peers answer in turn, several rounds; return each one's median requests per second."""
    rates: dict[str, list[float]] = {name: [] for name in requests}
    for _ in range(ROUNDS):
        for name, request in requests.items():
            rates[name].append(await Load(request, seconds).run(clients))
    return {name: median(each) for name, each in rates.items()}


async def measure(database_url: str, ports: dict[str, int], token: str, team: str, seconds: float) -> None:
    """Check that both peers answer the same, then print their rates and ratio at both concurrencies."""
    body = json.dumps({"query": DOCUMENT, "variables": {"team": team}}).encode()
    requests = {name: Request.post(port, PEERS[name][1], token, body) for name, port in ports.items()}
    answers = [json.loads(await answering(request)) for request in requests.values()]
    nodes = answers[0]["data"]["tasks"]["nodes"]
    if answers[0] != answers[1] or len(nodes) != 50:
        message = "The two answers differ, or are not 50 tasks."
        raise SystemExit(message)
    for clients in (1, 16):
        await compare(requests, 0.5, clients)
        rates = await compare(requests, seconds, clients)
        share = rates["fieldgraph"] / rates["bare"]
        print(
            f"board, {clients:>2} clients: fieldgraph {rates['fieldgraph']:6.0f} req/s, "
            f"bare {rates['bare']:6.0f} req/s, share {share:.2f}"
        )


def main() -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tasks", type=int, default=20_000)
    options.add_argument("--seconds", type=float, default=2.0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="fg-bench-") as folder:
        Path(folder).chmod(0o755)  # as root PostgreSQL runs as a user of its own
        with embedded.servers(
            Settings(_env_file=None, data_dir=Path(folder), database_url=None, redis_url=None)
        ) as urls:
            token, team = asyncio.run(prepare(urls.database_url, chosen.tasks))
            environment = os.environ | {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
            with serving(PEERS["fieldgraph"][0], environment) as ours, serving(PEERS["bare"][0], environment) as bare:
                ports = {"fieldgraph": ours, "bare": bare}
                asyncio.run(measure(urls.database_url, ports, token, team, chosen.seconds))


if __name__ == "__main__":
    main()
