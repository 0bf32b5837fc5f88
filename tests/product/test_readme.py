"""What the README says is so."""

import json
import re

import pytest
import typer.main

import cli
from tests.product.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ASKED = r"<!-- (?P<who>rep|supervisor|admin)(?:, \$(?P<variable>\w+) is (?P<title>.+))? -->\n"
EXAMPLE = re.compile(ASKED + r"```graphql\n(?P<document>[^`]+)```\n\n```json\n(?P<answer>[^`]+)```\n")
EXAMPLES = [found.groupdict() for found in EXAMPLE.finditer(README)]
FIND = "query ($title: String!) { tasks(filter: {title: {eq: $title}}) { nodes { id } } }"
CODE = re.findall(r"```sh\n[^`]+```|`[^`\n]+`", README)
FILTERS = re.findall(r"`tasks\((.+)\)`", README) + [f"filter: {each}" for each in re.findall(r"`({.+?})`", README)]
LINKS = re.findall(r"\]\(([^)]+)\)", README)
ANCHORS = {f"#{heading.lower().replace(' ', '-')}" for heading in re.findall(r"^#+ ([\w ]+)$", README, re.MULTILINE)}


def named(program):
    """What the README tells to do with a program."""
    return {words for code in CODE for words in re.findall(rf"(?<!\S){program} ([a-z]+(?: create)?)", code.strip("`"))}


def test_every_document_is_an_example():
    assert len(EXAMPLES) == README.count("```graphql") == 3


@pytest.mark.parametrize("example", EXAMPLES, ids=["card", "claim", "customers"])
def test_an_example_has_the_answer_that_is_shown(ask, example):
    variables = {}
    if example["variable"]:
        (task,) = ask("admin", FIND, title=example["title"])["data"]["tasks"]["nodes"]
        variables[example["variable"]] = task["id"]
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


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(link):
    assert link in ANCHORS if link.startswith("#") else (ROOT / link).exists()
