"""What ten times the rows cost, both sizes asked in turns: `python -m bench.growth --help`."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import ExitStack

import psutil

from bench import report
from bench.dataset import opened
from bench.measure import Asked, Row, measure
from bench.questions import questions
from bench.run import Asking, token
from bench.servers import serving

SIZES = (100_000, 1_000_000)
DOCUMENTS = ("board", "detail", "customer360")
SERVERS = ("fieldgraph", "limit")
HEAD = "| question | clients | server | requests/s at {:,} tasks | at {:,} tasks | times the cost |"


def options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="python -m bench.growth", description="What do ten times the rows cost?")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long each is asked in each of forty rounds")
    parser.add_argument("--data", default=".data/bench", help="folder in which the data sets are kept")
    return parser.parse_args()


def main() -> None:
    """Run both databases with two servers each, ask the same of both in turns, and write what came of it."""
    chosen = options()
    with ExitStack() as until_done:
        few, many = (_asked(chosen, tasks, until_done) for tasks in SIZES)
        before = psutil.cpu_times()
        rows = asyncio.run(measure([each for pair in zip(few, many, strict=True) for each in pair], chosen.seconds))
    found = table(list(zip(rows[::2], rows[1::2], strict=True)))
    told = [
        "written by `python -m bench.growth`: both sizes in the same rounds; the cost is the median of their ratios",
        report.meanwhile(report.taken(before)),
    ]
    report.put(f"{SIZES[1]:,} tasks beside {SIZES[0]:,}", told, found)
    print(found)


def _asked(chosen: Namespace, tasks: int, until_done: ExitStack) -> list[Asked]:
    base = until_done.enter_context(opened(chosen.data, tasks))
    servers = [until_done.enter_context(serving(name, base.environment)) for name in SERVERS]
    return [
        Asked(question.name, clients, [server], Asking(question, token(base.data, question)))
        for question in questions(base.data)
        if question.document in DOCUMENTS
        for clients in question.clients
        for server in servers
    ]


def table(pairs: Sequence[tuple[Row, Row]]) -> str:
    """Write a line for each question of each server."""
    return "\n".join([HEAD.format(*SIZES), "|---|--:|---|" + "--:|" * 3, *(line(*each) for each in pairs)])


def line(few: Row, many: Row) -> str:
    """Write how the rates of both sizes compare."""
    cells = [few.question, few.clients, few.server, *(report.number(each) for each in (few.rate, many.rate))]
    return f"| {' | '.join(map(str, cells))} | {few.times(many):.2f} |"


if __name__ == "__main__":
    main()
