"""Run the benchmarks: `python -m bench --help`."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack

from bench import postgraphile
from bench.dataset import opened
from bench.questions import NAMES
from bench.report import RESULTS
from bench.run import ask_all
from bench.servers import COMMANDS, serving

EPILOG = f"""Without options: the board, from us and from a hand-written endpoint, in a minute. With --full: everything,
from everybody, at 100,000 tasks, which takes fifteen minutes and writes {RESULTS.name}."""


def options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m bench", description="Who answers how fast?", epilog=EPILOG)
    parser.add_argument("--full", action="store_true", help="every question, every server")
    parser.add_argument("--tasks", type=int, help="size of the data set: 20000, 100000 or 1000000")
    parser.add_argument("--seconds", type=float, help="how long each server is asked in each of forty rounds")
    parser.add_argument("--only", help=f"questions, with commas: {','.join(NAMES)}")
    parser.add_argument("--peers", help=f"servers, with commas: {','.join(COMMANDS)}")
    parser.add_argument("--data", default=".data/bench", help="folder in which the data sets are kept")
    parser.add_argument("--install", action="store_true", help="install PostGraphile with npm first")
    chosen = parser.parse_args()
    chosen.tasks = chosen.tasks or (100_000 if chosen.full else 20_000)
    chosen.seconds = chosen.seconds or 0.2
    chosen.only = (chosen.only or (",".join(NAMES) if chosen.full else "board")).split(",")
    chosen.peers = (chosen.peers or (",".join(COMMANDS) if chosen.full else "fieldgraph,limit")).split(",")
    if unknown := set(chosen.only) - set(NAMES) | set(chosen.peers) - set(COMMANDS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if chosen.tasks % 5_000 or chosen.tasks < 20_000:
        parser.error("--tasks must be a multiple of 5000 and at least 20000")
    return chosen


def main() -> None:
    """Open the database, start the servers, and ask them."""
    chosen = options()
    if chosen.install:
        postgraphile.install()
    if "postgraphile" in chosen.peers and not postgraphile.installed():
        print("SKIPPED postgraphile: it is not installed (python -m bench --install; npm is needed)", file=sys.stderr)
        chosen.peers.remove("postgraphile")
    with opened(chosen.data, chosen.tasks) as base, ExitStack() as until_done:
        if "postgraphile" in chosen.peers:
            asyncio.run(postgraphile.set_up(base.database_url))
        environment = base.environment | {"GRAPHILE_ENV": "production"}
        running = [until_done.enter_context(serving(name, environment)) for name in chosen.peers]
        asyncio.run(ask_all(running, base, chosen))


main()
