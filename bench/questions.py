"""The questions, and how each server is asked them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.dataset import Dataset
from bench.load import post
from bench.servers import Server

DOCUMENTS = Path(__file__).with_name("questions")
PAGE = 20
DEEP = 1_000
EVERYONE = frozenset({"fieldgraph", "limit", "usual", "postgraphile"})
OURS = frozenset({"fieldgraph", "limit"})
NAMES = ("board", "detail", "customer360", "search", "page", "metrics", "claim", "claimNext")


@dataclass(frozen=True)
class Question:
    """Something to ask, by a document: `variables` with ids as ours are; as whom; who can answer it; how many ask."""

    name: str
    document: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    admin: bool = False
    answered_by: frozenset[str] = EVERYONE
    clients: tuple[int, ...] = (1, 16)

    def request(self, server: str, token: str, variables: Mapping[str, Any]) -> bytes:
        """Write the request for a server."""
        if server == "limit":
            return post(f"/{self.document}", token, json.dumps({"variables": variables}).encode())
        folder = DOCUMENTS.parent / "postgraphile/questions" if server == "postgraphile" else DOCUMENTS
        values = {k: _uuid(v) for k, v in variables.items()} if server == "postgraphile" else variables
        text = (folder / f"{self.document}.graphql").read_text()
        return post("/graphql", token, json.dumps({"query": text, "variables": values}).encode())


def questions(data: Dataset) -> list[Question]:
    """List the questions that are asked again and again; claims are another matter."""
    return [
        Question("board", "board", {"team": f"team_{data.team.hex}"}),
        Question("detail", "detail", {"task": f"task_{data.task.hex}"}),
        Question("customer 360", "customer360", {"rep": f"user_{data.rep.hex}"}),
        Question("search", "search", {"words": "wooden mirr"}, answered_by=OURS),
        Question("page 1", "page", {"first": PAGE, "after": None}, admin=True),
        Question(f"page {DEEP:,}", "page", {"first": PAGE, "after": (DEEP - 1) * PAGE}, admin=True),
        Question("metrics", "metrics", admin=True, answered_by=OURS, clients=(1,)),
    ]


async def requests(question: Question, server: Server, token: str) -> Iterator[bytes]:
    """Return the stream of requests of a question; where it starts at a page, the pages before are read first."""
    variables = dict(question.variables)
    if isinstance(variables.get("after"), int):
        variables["after"] = await _cursor(question, server, token, variables["after"])
    return repeat(question.request(server.name, token, variables))


async def _cursor(question: Question, server: Server, token: str, rows: int) -> str:
    """Read so many rows in pages of 100; return the last one's cursor."""
    cursor = None
    while rows:
        first = min(rows, 100)
        asked = question.request(server.name, token, {"first": first, "after": cursor})
        cursor = json.loads(await server.answer(asked))["data"]["tasks"]["pageInfo"]["endCursor"]
        rows -= first
    return str(cursor)


def _uuid(value: Any) -> Any:
    """Spell an id as PostGraphile does."""
    bare = str(value).rpartition("_")[2]
    return str(UUID(hex=bare)) if "_" in str(value) and len(bare) == 32 else value
