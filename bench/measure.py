"""Measuring: all servers answer the same before any is timed, and then they take turns."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Protocol

from bench.facts import facts
from bench.load import Result, load
from bench.servers import Server

ROUNDS = 40
WARM_SECONDS = 0.5


class Differs(SystemExit):
    """Two servers gave different answers."""


class Source(Protocol):
    """Where a server's requests come from."""

    async def requests(self, server: Server, number: int) -> Iterator[bytes]:
        """Return at least so many requests."""


@dataclass
class Row:
    """What a server did with a question at a concurrency."""

    server: str
    question: str
    clients: int
    size: int
    rounds: list[Result] = field(default_factory=list)
    cpu_seconds: float = 0

    @property
    def rate(self) -> float:
        """Answers per second: the median of the rounds."""
        return median(each.rate for each in self.rounds)

    def times(self, other: "Row") -> float:
        """How many times as fast as another: the median of the rounds' ratios, as both are slowed by the same."""
        return median(mine.rate / theirs.rate for mine, theirs in zip(self.rounds, other.rounds, strict=True))

    def percentile(self, percent: int) -> float:
        """Return a latency in milliseconds."""
        latencies = [each for one in self.rounds for each in one.latencies]
        return quantiles(latencies, n=100)[percent - 1] * 1000 if len(latencies) > 1 else latencies[0] * 1000

    @property
    def cpu(self) -> float:
        """Milliseconds of processor that the server used for one answer."""
        return self.cpu_seconds * 1000 / sum(len(each.latencies) for each in self.rounds)


@dataclass(frozen=True)
class Asked:
    """A question that so many clients at once ask each of these servers."""

    question: str
    clients: int
    servers: Sequence[Server]
    source: Source


async def same(servers: Sequence[Server], source: Source) -> dict[str, int]:
    """Check that all answers say the same; return their sizes."""
    answers = {each.name: await each.answer(next(await source.requests(each, 1))) for each in servers}
    told = {name: facts(json.loads(answer)) for name, answer in answers.items()}
    first = next(iter(told))
    for name, each in told.items():
        if "errors" in each or each != told[first]:
            raise Differs(
                f"{name} answers otherwise than {first}:\n{json.dumps(each, default=str)[:2000]}\n"
                f"{json.dumps(told[first], default=str)[:2000]}"
            )
    return {name: len(answer) for name, answer in answers.items()}


async def measure(asked: Sequence[Asked], seconds: float) -> list[Row]:
    """Let all servers answer all questions in turn for some rounds, after a round that does not count.

    Whatever slows the machine down for a while so slows all of them, and all questions. Who comes first with a
    question, when nothing that it reads was just read, changes from round to round.
    """
    told = [(each, await _rows(each)) for each in asked]
    for number in range(ROUNDS + 1):
        turns = [(each, rows[(number + n) % len(rows)]) for each, rows in told for n in range(len(rows))]
        for each, (server, row) in turns:
            length = seconds if number else WARM_SECONDS
            requests = await each.source.requests(server, int(length * 2_000))
            before = server.cpu_seconds()
            result = await load(server.port, requests, clients=each.clients, seconds=length)
            if number:
                row.rounds.append(result)
                row.cpu_seconds += server.cpu_seconds() - before
        print(f"round {number} of {ROUNDS}", file=sys.stderr, flush=True)
    return [row for _, rows in told for _, row in rows]


async def _rows(asked: Asked) -> list[tuple[Server, Row]]:
    sizes = await same(asked.servers, asked.source)
    return [(each, Row(each.name, asked.question, asked.clients, sizes[each.name])) for each in asked.servers]
