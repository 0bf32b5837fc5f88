"""A page in Chromium that complains about nothing and sends no request to another machine."""

import shutil
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

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
ACTIVE = "JSON.parse(localStorage['graphiql:tabState'])?.activeTabIndex"
VIEW = {"width": 1400, "height": 900}
MARKS = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium: apt install chromium")]


@asynccontextmanager
async def chromium():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS, proxy=REFUSING_PROXY)
        yield browser
        await browser.close()


@asynccontextmanager
async def visit(browser: Browser, url: str):
    """The explorer on a first visit."""
    context = await browser.new_context(viewport=VIEW, color_scheme="light")
    page = await context.new_page()
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    async with page.expect_response(f"{url.rstrip('/')}/graphql"):  # to the question for the schema
        await page.goto(url)
    await expect(page.get_by_role("tab", name="Board")).to_be_visible()
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_contain_text("#")
    yield page
    assert complaints == []
    assert [each for each in requests if not each.startswith((url, "data:"))] == []
    await context.close()


async def choose(page: Page, tab: str) -> None:
    """Click a tab, and wait until all of GraphiQL knows of it."""
    tabs = await page.get_by_role("tab").all_inner_texts()
    await page.get_by_role("tab", name=tab).click()
    while await page.evaluate(ACTIVE) != tabs.index(tab):
        await page.wait_for_timeout(50)


async def show(page: Page, query: str) -> None:
    """Open a tab of its own and put a document in."""
    await page.get_by_role("button", name="New tab").click()
    await page.locator(".graphiql-query-editor .monaco-editor").first.click()
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(query)


async def run(page: Page, operation: str | None = None):
    """What the server answers to a click on the big button, and in the menu that it opens if there are several."""
    async with page.expect_response(lambda response: response.request.method == "POST") as answered:
        await page.get_by_role("button", name="Execute query").click()
        if operation:
            await page.get_by_role("menuitem", name=operation, exact=True).click()
    return await (await answered.value).json()
