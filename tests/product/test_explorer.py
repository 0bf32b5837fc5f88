"""The explorer on the real product: what a person does there works, and no request leaves the machine."""

import pytest
from playwright.async_api import expect

from tests.product.chromium import MARKS, choose, chromium, run, show, visit

pytestmark = MARKS
TABS = ["Board", "Customer360", "Claimable", "Live", "Series", "Inbox", "Indicators", "Workload", "Metrics"]
BACKGROUND = "getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor"


@pytest.fixture(scope="module")
async def browser():
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def page(browser, product):
    async with visit(browser, product.explorer) as page:
        yield page


@pytest.fixture
async def become(page, product):
    async def become(who):
        await page.get_by_label("Token").fill(product.tokens[who])

    return become


def result(page):
    return page.locator(".result-window")


def variables(page):
    return page.locator(".graphiql-editor-tool .view-lines").first


async def test_the_page_opens_with_the_examples_as_tabs(page):
    assert await page.title() == "Fieldgraph"
    assert await page.get_by_role("tab").all_inner_texts() == TABS
    await expect(variables(page)).to_contain_text("DUE_ON")


@pytest.mark.parametrize("who", ["rep", "supervisor", "admin"])
async def test_every_tab_shows_sample_data(page, become, who):
    await become(who)
    for tab, list_, named in (
        ("Board", "tasks", "title"),
        ("Customer360", "customers", "name"),
        ("Live", "tasks", "key"),
    ):
        await choose(page, tab)
        answer = await run(page)
        assert list(answer) == ["data"]
        nodes = answer["data"][list_]["nodes"]
        assert bool(nodes) == ((tab, who) != ("Live", "admin"))  # who holds no task
        await expect(result(page)).to_contain_text(f'"{nodes[0][named]}"' if nodes else '"nodes": []')


async def test_a_task_goes_from_claim_to_release_to_close_with_four_clicks(page, become):
    await choose(page, "Claimable")
    await become("rep")
    (task,) = (await run(page, "Claimable"))["data"]["taskId"]["nodes"]
    await expect(variables(page)).to_contain_text(f'"taskId": "{task["id"]}"')
    for operation, mutation, status in (("Claim", "taskClaim", "PENDING"), ("Release", "taskRelease", "RELEASED")):
        payload = (await run(page, operation))["data"][mutation]
        assert payload["userErrors"] == []
        assert (payload["task"]["id"], payload["task"]["status"]) == (task["id"], status)
    (refused,) = (await run(page, "Close"))["data"]["taskClose"]["userErrors"]
    assert refused["code"] == "FORBIDDEN_TRANSITION"
    await become("supervisor")
    assert (await run(page, "Close"))["data"]["taskClose"]["userErrors"] == []
    await expect(result(page)).to_contain_text('"status": "CLOSED"')


async def test_a_team_that_is_found_is_asked_for_its_workload_of_these_weeks(page, become):
    await choose(page, "Workload")
    await become("supervisor")
    (team,) = (await run(page, "Workload"))["data"]["teamId"]["nodes"]
    await expect(variables(page)).to_contain_text(team["id"])
    workload = (await run(page, "Members"))["data"]["workload"]
    assert [each["user"]["name"] for each in workload][:2] == ["Aisha Khan", "Callum Reid"]
    assert all(each["available"] != "PT0S" for each in workload)
    moves = (await run(page, "Rebalance"))["data"]["suggestRebalance"]
    assert {move["sender"]["name"] for move in moves} == {"Callum Reid"}


async def test_a_series_that_is_found_is_asked_for_its_dates_and_a_rule_is_tried_out(page, become):
    await choose(page, "Series")
    await become("rep")
    found = (await run(page, "Series"))["data"]["seriesId"]["nodes"]
    await expect(variables(page)).to_contain_text(found[0]["id"])
    dates = (await run(page, "Occurrences"))["data"]["seriesOccurrences"]
    assert [each["skipped"] for each in dates][:3] == [False, False, True]
    preview = (await run(page, "Preview"))["data"]["recurrencePreview"]
    assert (preview["userErrors"], len(preview["occurrences"])) == ([], 5)


async def test_the_documentation_opens_and_describes_the_schema(page):
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    docs = page.locator(".graphiql-doc-explorer")
    await docs.get_by_role("link", name="Query", exact=True).click()
    await docs.get_by_role("link", name="tasks", exact=True).click()
    await expect(docs).to_contain_text("left out unless this is true or the filter names a status")


async def test_the_explorer_pane_adds_a_field_with_a_click_and_the_history_keeps_what_ran(page, become):
    await become("admin")
    await show(page, "query Mine { viewer { name } }")
    await page.get_by_role("button", name="Show GraphiQL Explorer").click()
    await page.locator(".graphiql-plugin").get_by_text("email", exact=True).click()
    await expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("email")
    viewer = {"name": "Ruth Calder", "email": "ruth@kestrel.example"}
    assert await run(page) == {"data": {"viewer": viewer}}
    await expect(result(page)).to_contain_text("ruth@kestrel.example")
    await page.get_by_role("button", name="Show History").click()
    await expect(page.locator(".graphiql-history-item").first).to_contain_text("Mine")


async def test_a_token_goes_with_every_request_and_outlives_a_reload_but_not_the_tab(page, product):
    token = product.tokens["supervisor"]
    await page.get_by_label("Token").fill(f"Bearer {token}")
    await page.keyboard.press("Enter")
    await show(page, "{ viewer { name } }")
    assert await run(page) == {"data": {"viewer": {"name": "Owen Price"}}}
    await page.reload()
    await expect(page.get_by_label("Token")).to_have_value(token)
    await expect(page.get_by_label("Token")).to_have_attribute("type", "password")
    assert token not in await page.evaluate("JSON.stringify(localStorage)")
    other = await page.context.new_page()
    await other.goto(product.explorer)
    await expect(other.get_by_label("Token")).to_have_value("")


async def test_tabs_and_their_variables_are_there_after_a_reload(page):
    await choose(page, "Live")
    await expect(variables(page)).to_contain_text("isMe")
    await page.reload()
    await expect(page.get_by_role("tab", name="Live")).to_have_attribute("aria-selected", "true")
    await expect(variables(page)).to_contain_text("isMe")


async def test_light_and_dark_follow_the_system_and_can_be_chosen(page):
    editor = page.locator(".graphiql-query-editor .monaco-editor").first
    light = await page.evaluate(BACKGROUND)
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(BACKGROUND) != light
    await expect(editor).to_contain_class("vs-dark")
    await page.get_by_role("button", name="Open settings dialog").click()
    await page.get_by_role("button", name="Light").click()
    assert await page.evaluate(BACKGROUND) == light
    await expect(editor).not_to_contain_class("vs-dark")
