"""What the explorer sends with a subscription, seen by a server that echoes it: the product has none yet."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import strawberry
import uvicorn
from playwright.async_api import expect
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL

from schema import explorer
from tests.product.chromium import MARKS, chromium, show, visit

pytestmark = MARKS


@strawberry.type
class Query:
    it: str = "is needed in every schema"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def payload(self, info: strawberry.Info) -> AsyncIterator[str]:
        yield info.context["connection_params"]["Authorization"]


@pytest.fixture
async def echo():
    graphql = GraphQL(strawberry.Schema(Query, subscription=Subscription), graphql_ide=None)
    routes = [*explorer.routes(), Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), port=0, log_level="warning", ws="websockets-sansio")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn says it by this flag alone
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


async def test_a_subscription_carries_the_token_too(echo):
    async with chromium() as browser, visit(browser, echo) as page:
        await page.get_by_label("Token").fill("secret")
        await show(page, "subscription { payload }")
        await page.get_by_role("button", name="Execute query").click()
        await expect(page.locator(".result-window")).to_contain_text('"payload": "Bearer secret"')
