"""What the README and the pages of docs/ say is so."""

import json
import re

import pytest
import typer.main

import cli
from tests.product.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
ASKED = r"<!-- (?P<who>rep|supervisor|admin)(?P<variables>(?:, \$\w+ is .+)?) -->\n"
VARIABLE = re.compile(r", \$(\w+) is (.+?)(?=, \$|$)")
EXAMPLE = re.compile(ASKED + r"```graphql\n(?P<document>[^`]+)```\n\n```json\n(?P<answer>[^`]+)```\n")
EXAMPLES = [
    pytest.param(found.groupdict(), id=f"{path.stem}-{number}")
    for path, text in PAGES.items()
    for number, found in enumerate(EXAMPLE.finditer(text), 1)
]
FIND = "query ($title: String!) {{ found: {}(filter: {{{}: {{eq: $title}}}}) {{ nodes {{ id {} }} }} }}"
PART = "parts: {}(first: 2) {{ nodes {{ id }} }}"
NAMED = {
    "customerId": ("customers", "name"),
    "deletionId": ("deletedTasks", "title"),
    "indicatorId": ("assessmentIndicators", "name"),
    "noteId": ("notes", "text"),
    "seriesId": ("allSeries", "title"),
    "taskIndicatorId": ("assessmentIndicators", "name", "taskIndicators"),
    "teamId": ("teams", "name"),
    "typeId": ("taskTypes", "name"),
    "userId": ("users", "name"),
    "workflowId": ("workflows", "name"),
}
"""Where a variable finds what it is said to be, or in which list of that it is alone; any other is a task."""
CODE = re.findall(r"```sh\n[^`]+```|`[^`\n]+`", README)
FILTERS = re.findall(r"`tasks\((.+)\)`", README) + [f"filter: {each}" for each in re.findall(r"`({.+?})`", README)]
LINKS = [(path, link) for path, text in PAGES.items() for link in re.findall(r"\]\(([^)]+)\)", text)]


def named(program):
    """What the README tells to do with a program."""
    return {words for code in CODE for words in re.findall(rf"(?<!\S){program} ([a-z]+(?: create)?)", code.strip("`"))}


def anchors(page):
    """The places in a page that a link may lead to."""
    return {f"#{heading.lower().replace(' ', '-')}" for heading in re.findall(r"^#+ ([\w ]+)$", page, re.MULTILINE)}


def looked_up(ask, told):
    """The variables of an example: ids of what they are said to be."""
    ids = {}
    for variable, title in VARIABLE.findall(told):
        list_, field, *parts = NAMED.get(variable, ("tasks", "title"))
        text = FIND.format(list_, field, " ".join(map(PART.format, parts)))
        (found,) = ask("admin", text, title=title)["data"]["found"]["nodes"]
        (ids[variable],) = (each["id"] for each in (found["parts"]["nodes"] if parts else [found]))
    return ids


def test_every_document_is_an_example():
    assert len(EXAMPLES) == sum(text.count("```graphql") for text in PAGES.values()) >= 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_the_answer_that_is_shown(ask, example):
    variables = looked_up(ask, example["variables"])
    assert ask(example["who"], example["document"], **variables) == json.loads(example["answer"])


@pytest.mark.parametrize("arguments", FILTERS)
def test_a_filter_or_search_that_is_shown_finds_something(ask, arguments):
    assert (
        ask("rep", f"{{ tasks({arguments}, includeFinished: true) {{ totalCount }} }}")["data"]["tasks"]["totalCount"]
        > 0
    )


def test_every_target_of_make_exists():
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"up", "test", "check", "bench"} <= named("make") <= targets


def test_every_command_exists():
    commands = typer.main.get_command(cli.app).commands
    known = set(commands) | {f"token {name}" for name in commands["token"].commands}
    assert {"serve", "worker", "clock", "migrate", "demo", "token create"} == named("fieldgraph") <= known


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[f"{page.stem}-{link}" for page, link in LINKS])
def test_every_link_leads_somewhere(page, link):
    assert link in anchors(PAGES[page]) if link.startswith("#") else (page.parent / link).exists()
