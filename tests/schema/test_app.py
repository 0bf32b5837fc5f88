"""The app says how it is, what it offers, and why it cannot start."""

import socket
from collections import Counter

import pytest
import structlog

from schema.app import make_app


async def test_it_lives_and_is_ready(http):
    assert (await http.get("/livez")).json() == {"status": "ok"}
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "postgresql": "ok", "redis": "ok"})


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Away:
    """A pool whose server is gone."""

    async def json(self, statement, values):
        raise ConnectionRefusedError


async def test_without_redis_it_is_ready_and_without_postgresql_it_is_not(app, http, chosen, monkeypatch):
    from schema.app import _redis

    away = _redis(f"redis://127.0.0.1:{free_port()}")
    monkeypatch.setitem(app.state._state, "redis", away)
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "postgresql": "ok", "redis": "away"})
    monkeypatch.setitem(app.state._state, "database", Away())
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "away", "postgresql": "away", "redis": "away"})
    await away.aclose()


async def test_the_schema_is_answered_once(http):
    first = await http.get("/schema.graphql")
    assert first.headers["content-type"] == "text/plain; charset=utf-8"
    assert "type Task implements Node {" in first.text
    again = await http.get("/schema.graphql", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


async def counted(http):
    """The numbers that the service tells of itself, by name."""
    lines = (await http.get("/metrics")).text.splitlines()
    return Counter({name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")})


async def test_requests_are_counted_by_what_became_of_them(http, graphql, ada):
    before = await counted(http)
    await graphql(ada, "{ viewer { id } }")
    await graphql(ada, '{ task(id: "user_1") { id } }')
    await http.post("/graphql", json={"query": "{ viewer { id } }"})
    await http.post("/graphql", json={"query": "{"})
    after = await counted(http)
    outcomes = ("OK", "ERRORS", "UNAUTHENTICATED", "GRAPHQL_PARSE_FAILED")
    names = [f'fieldgraph_requests_total{{outcome="{outcome}"}}' for outcome in outcomes]
    assert [after[name] - before[name] for name in names] == [1, 1, 1, 1]
    assert after["fieldgraph_request_seconds_count"] - before["fieldgraph_request_seconds_count"] == 4
    assert after["fieldgraph_read_connections_busy"] == 0


async def test_the_explorer_is_at_the_root(http):
    answer = await http.get("/")
    assert answer.status_code == 200
    assert "<title>" in answer.text


async def test_what_a_reader_runs_can_write_nothing(app):
    with pytest.raises(Exception, match="read-only transaction"):
        await app.state.database.json("create table t ()", ())


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (None, "DATABASE_URL is not set. Set it, or start the API with `fieldgraph serve`."),
        (
            "postgresql://127.0.0.1:{port}/x",
            "PostgreSQL cannot be used: [Errno 111] Connect call failed ('127.0.0.1', {port})",
        ),
    ],
)
async def test_a_failing_start_says_why_in_one_line(chosen, url, line):
    port = free_port()
    app = make_app(chosen.model_copy(update={"database_url": url and url.format(port=port)}))
    sent = []

    async def receive():
        return {"type": "lifespan.startup"}

    async def send(message):
        sent.append(message)

    with pytest.raises(Exception, match="DATABASE_URL"):
        await app({"type": "lifespan", "state": {}}, receive, send)
    (message,) = sent
    assert message["type"] == "lifespan.startup.failed"
    assert message["message"].startswith(line.format(port=port))
    assert "\n" not in message["message"]


async def test_a_fault_is_masked_and_logged_under_its_request_id(app, http, graphql, ada, monkeypatch):
    monkeypatch.setitem(app.state._state, "database", Away())
    with structlog.testing.capture_logs() as logged:
        answer = await graphql(ada, "{ viewer { id } }")
    (error,) = answer["errors"]
    request_id = error["extensions"]["requestId"]
    assert error["message"] == f"Something went wrong on our side; quote request id {request_id}."
    assert error["extensions"]["code"] == "INTERNAL"
    assert [(line["event"], line["request_id"]) for line in logged] == [("field failed", request_id)]
