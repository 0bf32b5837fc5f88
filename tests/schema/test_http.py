"""The endpoint answers every body, however broken, with one clear JSON and the status the draft asks for."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime

import httpx2
import orjson
import pytest
import strawberry
import structlog
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.schema.config import StrawberryConfig

from domain.errors import Forbidden
from schema.faults import Unauthenticated
from schema.http import View
from schema.limits import Limits
from schema.scalars import SCALAR_MAP

GRAPHQL_JSON = "application/graphql-response+json"
SECRET = "the password is swordfish"


@dataclass
class Context:
    """Who asks, and under which request id."""

    token: str
    request_id: str


@strawberry.type
class Task:
    id: strawberry.ID
    title: str


@strawberry.type
class TaskConnection:
    nodes: list[Task]


@strawberry.type
class Query:
    @strawberry.field
    async def tasks(self, first: int = 20) -> TaskConnection:
        return orjson.Fragment(b'{"nodes":[{"id":"task_1","title":"Z\xc3\xa4hlen"}]}')

    @strawberry.field
    async def echo(self, text: str) -> str:
        return text

    @strawberry.field
    async def when(self, at: datetime) -> datetime:
        return at

    @strawberry.field
    async def token(self, info: strawberry.Info) -> str:
        return info.context.token

    @strawberry.field
    async def request_id(self, info: strawberry.Info) -> str:
        return info.context.request_id

    @strawberry.field
    async def forbidden(self) -> str | None:
        raise Forbidden(action="see this", who="admins")

    @strawberry.field
    async def broken(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    async def broken_for_all(self) -> str:
        raise RuntimeError(SECRET)

    @strawberry.field
    async def not_null(self) -> str:
        return None

    @strawberry.field
    async def not_a_list(self) -> list[Task] | None:
        return 7

    @strawberry.field
    async def slow(self) -> str | None:
        await asyncio.sleep(60)

    @strawberry.field
    async def gives_up(self) -> str | None:
        raise TimeoutError


async def make_context(request, operation):
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if token == "broken":
        raise RuntimeError(SECRET)
    if scheme != "Bearer" or not token:
        raise Unauthenticated
    return Context(token, request.state.request_id)


def client_of(**limits):
    schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALAR_MAP))
    app = Starlette(routes=[Route("/graphql", View(schema, make_context, Limits(**limits)))])
    transport = httpx2.ASGITransport(app=app)
    headers = {"authorization": "Bearer t", "x-request-id": "r-1"}
    return httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers)


@pytest.fixture
async def client():
    async with client_of() as client:
        yield client


async def send(client, content, **headers):
    """Post raw bytes, or a document as JSON."""
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return await client.post("/graphql", content=content, headers={"content-type": "application/json", **headers})


async def ask(client, query, variables=None, **headers):
    return await send(client, {"query": query, "variables": variables}, **headers)


def only_error(response):
    (error,) = response.json()["errors"]
    return error


async def test_compiled_bytes_pass_through_untouched(client):
    response = await ask(client, "{ tasks { nodes { id title } } }")
    assert response.status_code == 200
    assert response.content == '{"data":{"tasks":{"nodes":[{"id":"task_1","title":"Zählen"}]}}}'.encode()
    assert response.headers["content-type"] == "application/json"


BROKEN = [
    (b"", "The body is not JSON"),
    (b"NONSENSE", "The body is not JSON"),
    (b'{"query": "{ __typename }"', "The body is not JSON"),
    (b'"\xff"', "The body is not JSON"),
    (b'{"query": "{ __typename }", "variables": {"a": ' + b"1" * 5000 + b"}}", "The body is not JSON"),
    (b"[" * 100_000, "The body is not JSON"),
    (b'{"query":' * 20_000, "The body is not JSON"),
    (b'{"query": "\\ud800"}', "The body is not JSON"),
    (b'{"query": "{ a }", "variables": {"a": "\xed\xa0\x80"}}', "The body is not JSON"),
    (b'{"query": "{ a }", "variables": {"a": NaN}}', "The body is not JSON"),
    (b"[]", "The body must be one JSON object; batches are not served."),
    (b'[{"query": "{ __typename }"}]', "The body must be one JSON object; batches are not served."),
    (b"null", "The body must be one JSON object; batches are not served."),
    (b"7", "The body must be one JSON object; batches are not served."),
    (b"{}", "`query` must be a GraphQL document."),
    (b'{"query": null}', "`query` must be a GraphQL document."),
    (b'{"query": "  "}', "`query` must be a GraphQL document."),
    (b'{"query": ["{ a }"]}', "`query` must be a GraphQL document."),
    (b'{"query": "{ a }", "variables": []}', "`variables` must be an object or null."),
    (b'{"query": "{ a }", "variables": "{}"}', "`variables` must be an object or null."),
    (b'{"query": "{ a }", "variables": 0}', "`variables` must be an object or null."),
    (b'{"query": "{ a }", "extensions": []}', "`extensions` must be an object or null."),
    (b'{"query": "{ a }", "operationName": 7}', "`operationName` must be a string or null."),
    (b'{"query": "{ a }", "variables": {"a": ["\\u0000"]}}', "The body contains the character U+0000"),
    (b'{"query": "{ a }", "variables": {"a": {"\\u0000": 1}}}', "The body contains the character U+0000"),
    (b'{"query": "{ a(b: \\"\\u0000\\") }"}', "The body contains the character U+0000"),
]


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_JSON])
@pytest.mark.parametrize(("body", "message"), BROKEN)
async def test_what_is_no_graphql_request_is_a_bad_request(client, body, message, accept):
    response = await send(client, body, accept=accept)
    assert response.status_code == 400
    assert response.headers["content-type"] == accept
    error = only_error(response)
    assert error["message"].startswith(message)
    assert error["extensions"] == {"code": "BAD_REQUEST", "requestId": "r-1"}


async def test_unknown_keys_are_ignored_and_null_means_absent(client):
    body = {"query": "{ token }", "operationName": None, "variables": None, "extensions": None, "id": 7, "doc_id": "x"}
    assert (await send(client, body)).json() == {"data": {"token": "t"}}


async def test_text_that_only_looks_like_nul_is_text(client):
    response = await ask(client, "query ($t: String!) { echo(text: $t) }", {"t": "\\u0000 \U0001f600"})
    assert response.json() == {"data": {"echo": "\\u0000 \U0001f600"}}


REFUSED = [
    ("{", {}, "GRAPHQL_PARSE_FAILED", 400),
    ('{ echo(text: "\\u0000") }', {}, "GRAPHQL_PARSE_FAILED", 400),
    ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED", 400),
    ("{ tasks(first: " + "1" * 5000 + ") { nodes { id } } }", {}, "GRAPHQL_VALIDATION_FAILED", 400),
    ('{ when(at: "today") }', {}, "GRAPHQL_VALIDATION_FAILED", 400),
    ("subscription { tasks { nodes { id } } }", {}, "GRAPHQL_VALIDATION_FAILED", 400),
    ("query ($at: DateTime!) { when(at: $at) }", {"at": "today"}, "BAD_USER_INPUT", 400),
    ("query ($at: DateTime!) { when(at: $at) }", {}, "BAD_USER_INPUT", 400),
    ("query ($n: Int) { tasks(first: $n) { nodes { id } } }", {"n": 2**63}, "BAD_USER_INPUT", 400),
    ("query a { token } query b { token }", {}, "BAD_USER_INPUT", 400),
    ("{" + "token " * 31 + "}", {}, "LIMIT_EXCEEDED", 400),
    ("{ slow }", {}, "TIMEOUT", 504),
]


@pytest.mark.parametrize(("query", "variables", "code", "status"), REFUSED)
async def test_a_refused_operation_has_no_data_and_the_status_of_its_media_type(query, variables, code, status):
    async with client_of(execution_seconds=0.05) as client:
        legacy = await ask(client, query, variables)
        modern = await ask(client, query, variables, accept=GRAPHQL_JSON)
    assert (legacy.status_code, modern.status_code) == (200, status)
    assert legacy.content == modern.content
    assert "data" not in legacy.json()
    assert only_error(legacy)["extensions"].items() >= {"code": code, "requestId": "r-1"}.items()


async def test_all_that_validation_finds_is_reported_with_its_place(client):
    response = await ask(client, "{\n  nothing\n  tasks\n}")
    assert [(error["message"], error["locations"]) for error in response.json()["errors"]] == [
        ("Cannot query field 'nothing' on type 'Query'.", [{"line": 2, "column": 3}]),
        (
            "Field 'tasks' of type 'TaskConnection!' must have a selection of subfields. Did you mean 'tasks { ... }'?",
            [{"line": 3, "column": 3}],
        ),
    ]


async def test_the_named_operation_runs(client):
    body = {"query": 'query a { token } query b { echo(text: "b") }', "operationName": "b"}
    assert (await send(client, body)).json() == {"data": {"echo": "b"}}


async def test_a_time_out_inside_a_field_is_a_fault_of_that_field(client):
    response = await ask(client, "{ givesUp token }")
    assert response.json()["data"] == {"givesUp": None, "token": "t"}
    assert only_error(response)["extensions"]["code"] == "INTERNAL"


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_JSON])
@pytest.mark.parametrize("authorization", ["", "Basic eA==", "Bearer"])
async def test_without_a_token_the_answer_is_401_in_both_media_types(client, authorization, accept):
    response = await ask(client, "{ token }", authorization=authorization, accept=accept)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert only_error(response)["extensions"] == {"code": "UNAUTHENTICATED", "requestId": "r-1"}


async def test_the_schema_may_be_read_without_a_token(client):
    response = await ask(client, "{ __typename __schema { queryType { name } } }", authorization="")
    assert response.json() == {"data": {"__typename": "Query", "__schema": {"queryType": {"name": "Query"}}}}
    assert (await ask(client, "{ __typename token }", authorization="")).status_code == 401


async def test_a_refusal_in_a_query_keeps_its_code_and_message(client):
    response = await ask(client, "{ forbidden token }", accept=GRAPHQL_JSON)
    assert response.status_code == 200
    assert response.json() == {
        "data": {"forbidden": None, "token": "t"},
        "errors": [
            {
                "message": "You may not see this. Those who may: admins.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["forbidden"],
                "extensions": {"code": "FORBIDDEN", "requestId": "r-1"},
            }
        ],
    }


@pytest.mark.parametrize("field", ["broken", "brokenForAll", "notNull", "notAList { id }"])
async def test_a_fault_is_masked_and_logged_with_the_request_id(client, field):
    with structlog.testing.capture_logs() as logs:
        response = await ask(client, f"{{ {field} }}", accept=GRAPHQL_JSON)
    error = only_error(response)
    assert response.status_code == 200
    assert error["message"] == "Something went wrong on our side; quote request id r-1."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "r-1"}
    assert SECRET not in response.text
    assert [(entry["event"], entry["request_id"], entry["log_level"]) for entry in logs] == [
        ("field failed", "r-1", "error")
    ]
    assert isinstance(logs[0]["exc_info"], Exception)


async def test_a_fault_before_the_execution_is_500_and_masked(client):
    with structlog.testing.capture_logs() as logs:
        response = await ask(client, "{ token }", authorization="Bearer broken")
    assert response.status_code == 500
    assert SECRET not in response.text
    assert only_error(response)["extensions"] == {"code": "INTERNAL", "requestId": "r-1"}
    assert str(logs[0]["exc_info"]) == SECRET


async def test_null_for_an_argument_with_a_default_is_the_clients_mistake(client):
    response = await ask(client, "query ($n: Int) { tasks(first: $n) { nodes { id } } }", {"n": None})
    assert only_error(response)["extensions"]["code"] == "BAD_USER_INPUT"
    assert (
        "Argument 'first' has invalid value: Expected variable '$n' provided to non-null type 'Int!'"
        in only_error(response)["message"]
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_only_post_is_served(client, method):
    response = await client.request(method, "/graphql?query={__typename}")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert only_error(response)["extensions"]["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=latin-1",
    ],
)
async def test_only_json_is_taken_so_that_no_foreign_form_can_post(client, content_type):
    response = await send(client, b'{"query": "{ token }"}', **{"content-type": content_type})
    assert response.status_code == 415
    assert only_error(response)["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


async def test_a_charset_of_utf_8_is_fine(client):
    response = await send(client, b'{"query": "{ token }"}', **{"content-type": 'Application/JSON; charset="UTF-8"'})
    assert response.json() == {"data": {"token": "t"}}


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, application/json", GRAPHQL_JSON),
        (f"application/json;q=0.9, {GRAPHQL_JSON};q=0.1", "application/json"),
        (f"{GRAPHQL_JSON};charset=utf-8, application/json;q=0.9", GRAPHQL_JSON),
        (f"text/html, */*;q=0.1, {GRAPHQL_JSON};q=0", "application/json"),
    ],
)
async def test_the_media_type_is_negotiated(client, accept, answered):
    response = await ask(client, "{ token }", accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == answered


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/json;q=x", "image/*"])
async def test_a_media_type_that_nobody_writes_is_406(client, accept):
    response = await ask(client, "{ token }", accept=accept)
    assert response.status_code == 406
    assert only_error(response)["extensions"]["code"] == "NOT_ACCEPTABLE"


async def test_a_body_is_refused_while_it_streams():
    taken = 0

    async def endless():
        nonlocal taken
        while taken < 100:
            taken += 1
            yield b" " * 1000

    async with client_of(body_bytes=5000) as client:
        response = await client.post("/graphql", content=endless(), headers={"content-type": "application/json"})
        assert response.status_code == 413
        assert only_error(response)["extensions"] == {
            "code": "LIMIT_EXCEEDED",
            "limit": "bytes",
            "allowed": 5000,
            "requestId": "r-1",
        }
        assert (await send(client, b'{"query": "{ token }"}'.ljust(5000))).json() == {"data": {"token": "t"}}
    assert taken == 6


async def test_a_good_request_id_is_kept_and_reaches_the_context(client):
    response = await ask(client, "{ requestId }")
    assert response.json() == {"data": {"requestId": "r-1"}}
    assert response.headers["x-request-id"] == "r-1"


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<script>"])
async def test_any_other_request_id_is_replaced(client, given):
    response = await ask(client, "{ requestId }", **{"x-request-id": given})
    assert len(response.headers["x-request-id"]) == 32
    assert response.json() == {"data": {"requestId": response.headers["x-request-id"]}}


async def test_the_cost_is_told_when_asked_for_and_counted_with_the_variables():
    query = "query ($n: Int!) { tasks(first: $n) { nodes { id } } }"
    async with client_of(cost=50) as client:
        told = await send(client, {"query": query, "variables": {"n": 30}, "extensions": {"cost": True}})
        refused = await ask(client, query, {"n": 51})
    assert told.json()["extensions"] == {"cost": {"requested": 30, "limit": 50, "remaining": 20}}
    assert only_error(refused) == {
        "message": "Limit exceeded: cost 51, allowed 50. Ask for less, or in several requests.",
        "extensions": {"code": "LIMIT_EXCEEDED", "limit": "cost", "found": 51, "allowed": 50, "requestId": "r-1"},
    }


async def test_requests_at_once_keep_their_own_context(client):
    answers = await asyncio.gather(
        *(
            ask(client, "{ token requestId }", authorization=f"Bearer {n}", **{"x-request-id": f"r{n}"})
            for n in range(50)
        )
    )
    assert [answer.json()["data"] for answer in answers] == [{"token": f"{n}", "requestId": f"r{n}"} for n in range(50)]


async def test_a_client_that_leaves_gets_no_answer():
    async def receive():
        return {"type": "http.disconnect"}

    sent = []
    view = View(strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALAR_MAP)), make_context, Limits())
    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await view(scope, receive, sent.append)
    assert sent == []


async def test_an_instant_is_answered_in_utc(client):
    response = await ask(client, '{ when(at: "2026-11-21T09:30:00+01:00") }')
    assert response.json() == {"data": {"when": "2026-11-21T08:30:00.000000Z"}}
