"""The explorer in Chromium: what a person does there works, and no request leaves the machine."""

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest
import strawberry
import uvicorn
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL

from schema import explorer

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Port 9 (discard) refuses: a request that tries to leave fails, and fails the test.
REFUSING_PROXY = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium: apt install chromium")]


@strawberry.type
class Task:
    id: strawberry.ID
    title: str


@strawberry.type
class Tasks:
    nodes: list[Task]


@strawberry.type
class Query:
    @strawberry.field(description="What the server was sent as Authorization.")
    def authorization(self, info: strawberry.Info) -> str:
        return info.context["request"].headers.get("Authorization", "none")

    @strawberry.field(description="Every task.")
    def tasks(self) -> Tasks:
        return Tasks(nodes=[Task(id=strawberry.ID("task_1"), title="Call")])


@strawberry.type
class Subscription:
    @strawberry.subscription(description="What the server was sent as connection_init.")
    async def payload(self, info: strawberry.Info) -> AsyncIterator[str]:
        yield info.context["connection_params"]["Authorization"]


@pytest.fixture(scope="module")
async def app_url():
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


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS, proxy=REFUSING_PROXY)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser, app_url):
    context = await browser.new_context(viewport={"width": 1400, "height": 900}, color_scheme="light")
    page = await context.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: message.type in {"error", "warning"} and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    await page.goto(app_url)
    await expect(page.get_by_role("tab", name="Board")).to_be_visible()
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_contain_text("#")
    yield page
    assert complaints == []
    assert [url for url in requests if not url.startswith((app_url, "data:"))] == []


async def show(page: Page, query: str, variables: str = "") -> None:
    """Open a tab of its own and put a document and variables in."""
    await page.get_by_role("button", name="New tab").click()
    for selector, text in ((".graphiql-query-editor", query), (".graphiql-editor-tool", variables)):
        await page.locator(f"{selector} .monaco-editor").first.click()
        await page.keyboard.press("Control+A")
        await page.keyboard.insert_text(text or "{}")


async def run(page: Page) -> None:
    await page.get_by_role("button", name="Execute query").click()


async def test_the_page_opens_with_the_examples_as_tabs(page):
    assert await page.title() == "Fieldgraph"
    assert await page.get_by_role("tab").all_inner_texts() == ["Board", "Customer360", "PickTask", "Live"]
    await expect(page.locator(".graphiql-editor-tool .view-lines").first).to_contain_text("DUE_ON")


async def test_the_documentation_opens_and_describes_the_schema(page):
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    await page.locator(".graphiql-doc-explorer").get_by_role("link", name="Query").click()
    await expect(page.get_by_text("Every task.")).to_be_visible()


async def test_the_explorer_pane_adds_a_field_with_a_click_and_the_history_keeps_what_ran(page):
    await show(page, "query Mine { __typename }")
    await page.get_by_role("button", name="Show GraphiQL Explorer").click()
    await page.locator(".graphiql-plugin").get_by_text("authorization").click()
    await expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("authorization")
    await run(page)
    await expect(page.locator(".result-window")).to_contain_text('"authorization": "none"')
    await page.get_by_role("button", name="Show History").click()
    await expect(page.locator(".graphiql-history-item")).to_contain_text("Mine")


async def test_a_token_goes_with_every_request_and_outlives_a_reload_but_not_the_tab(page, browser, app_url):
    await page.get_by_label("Token").fill("Bearer secret")
    await show(page, "{ authorization }")
    await run(page)
    await expect(page.locator(".result-window")).to_contain_text('"authorization": "Bearer secret"')
    await page.reload()
    await expect(page.get_by_label("Token")).to_have_value("secret")
    await expect(page.get_by_label("Token")).to_have_attribute("type", "password")
    assert "secret" not in await page.evaluate("JSON.stringify(localStorage)")
    other = await page.context.new_page()
    await other.goto(app_url)
    await expect(other.get_by_label("Token")).to_have_value("")


async def test_a_subscription_carries_the_token_too(page):
    await page.get_by_label("Token").fill("secret")
    await show(page, "subscription { payload }")
    await run(page)
    await expect(page.locator(".result-window")).to_contain_text('"payload": "Bearer secret"')


async def test_a_list_named_like_a_variable_fills_it_with_the_first_id(page):
    await show(page, "query Pick { taskId: tasks { nodes { id } } }", '{"taskId": "", "more": 1}')
    await run(page)
    variables = page.locator(".graphiql-editor-tool .view-lines").first
    await expect(variables).to_contain_text('"taskId": "task_1"')
    await expect(variables).to_contain_text('"more": 1')


async def test_tabs_and_their_variables_are_there_after_a_reload(page):
    await page.get_by_role("tab", name="Live").click()
    await expect(page.locator(".graphiql-editor-tool .view-lines").first).to_contain_text("isMe")
    while await page.evaluate("JSON.parse(localStorage['graphiql:tabState']).activeTabIndex") != 3:
        await page.wait_for_timeout(50)
    await page.reload()
    await expect(page.get_by_role("tab", name="Live")).to_have_attribute("aria-selected", "true")
    await expect(page.locator(".graphiql-editor-tool .view-lines").first).to_contain_text("isMe")


async def test_light_and_dark_follow_the_system_and_can_be_chosen(page):
    background = "getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor"
    editor = page.locator(".graphiql-query-editor .monaco-editor").first
    light = await page.evaluate(background)
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(background) != light
    await expect(editor).to_contain_class("vs-dark")
    await page.get_by_role("button", name="Open settings dialog").click()
    await page.get_by_role("button", name="Light").click()
    assert await page.evaluate(background) == light
    await expect(editor).not_to_contain_class("vs-dark")
