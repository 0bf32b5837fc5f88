"""One run: every question to every server that can answer it, from one client and from several at once."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import asyncpg
import psutil

from bench import report
from bench.claims import CLAIMS, Claims
from bench.dataset import Dataset, Opened
from bench.measure import Asked, Row, Source, measure
from bench.questions import Question, questions, requests
from bench.servers import Server
from models import User
from schema.auth import issue_token


class Asking:
    """Requests of a question, the same one without end."""

    def __init__(self, question: Question, token: str) -> None:
        self.question, self.token = question, token
        self.made: dict[str, Iterator[bytes]] = {}

    async def requests(self, server: Server, number: int) -> Iterator[bytes]:
        """Return the requests for a server; finding the way to a deep page is done once."""
        if server.name not in self.made:
            self.made[server.name] = await requests(self.question, server, self.token)
        return self.made[server.name]


@dataclass
class Claiming:
    """Requests for claims, each of a task of its own."""

    claims: Claims
    question: Question
    token: str

    async def requests(self, server: Server, number: int) -> Iterator[bytes]:
        """Make the tasks and return the requests."""
        return await self.claims.requests(self.question, server.name, self.token, number)


async def ask_all(servers: Sequence[Server], base: Opened, chosen: Namespace) -> None:
    """Ask, print each result, and write the page of results after a full run."""
    before, data = psutil.cpu_times(), base.data
    reads = [(each, Asking(each, token(data, each))) for each in questions(data) if each.document in chosen.only]
    rows = await _ask(servers, reads, chosen.seconds)
    if wanted := [each for each in CLAIMS if each.document in chosen.only]:
        connection = await asyncpg.connect(base.database_url)
        claims = Claims(connection, data)
        try:
            writes = [(each, Claiming(claims, each, token(data, each))) for each in wanted]
            rows += await _ask(servers, writes, chosen.seconds)
        finally:
            await claims.remove()
            await connection.close()
    if chosen.full:
        await report.write(rows, chosen.tasks, base.database_url, [each.name for each in servers], report.taken(before))


async def _ask(servers: Sequence[Server], asked: Sequence[tuple[Question, Source]], seconds: float) -> list[Row]:
    rows = await measure(
        [
            Asked(question.name, clients, [each for each in servers if each.name in question.answered_by], source)
            for question, source in asked
            for clients in question.clients
        ],
        seconds,
    )
    for row in rows:
        print(report.sentence(row, rows), flush=True)
    return rows


def token(data: Dataset, question: Question) -> str:
    """Log in whoever asks this question."""
    return issue_token(User(id=data.admin if question.admin else data.rep, workspace_id=data.workspace))
