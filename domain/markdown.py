"""Markdown as people write it, and the safe HTML that is shown: no script, no foreign markup, no image."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from types import MappingProxyType
from uuid import UUID

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MENTION = "mention"
SCHEMES = frozenset({"https", "http", "mailto", "tel"})
TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES: Mapping[str, set[str]] = MappingProxyType({"a": {"href", "title"}, "ol": {"start"}, "span": {"data-user"}})
_WRITTEN = re.compile(r"@\[user_([0-9a-f]{32})\]")
_SHOWN = re.compile(r'(<span class="mention" data-user="user_([0-9a-f]{32})">)@')


def render(text: str) -> str:
    """The text as HTML, with `@` in the place of each person mentioned; see `named`.

    What CommonMark and tables make of it is cleaned once more, so that its safety rests on no single library.
    """
    made = _parser().render(text)
    cleaned = nh3.clean(
        made,
        tags=set(TAGS),
        attributes=dict(ATTRIBUTES),
        allowed_classes={"span": {MENTION}},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
    return cleaned.strip()


def mentioned(text: str) -> frozenset[UUID]:
    """The people whom the text mentions as `@[user_…]`, but for what stands in code."""
    tokens = (each for block in _parser().parse(text) for each in block.children or ())
    return frozenset(UUID(each.content) for each in tokens if each.type == MENTION)


def named(html: str, names: Mapping[str, str]) -> str:
    """The HTML with people's present names, by the 32 digits of their ids."""
    return _SHOWN.sub(lambda found: f"{found[1]}@{escape(names.get(found[2], ''))}", html)


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    made.inline.ruler.before("link", MENTION, _mention)
    made.inline.add_terminator_char("@")
    made.add_render_rule(MENTION, _span)
    return made


def _mention(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: read a mention where one stands."""
    found = _WRITTEN.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push(MENTION, "span", 0).content = found[1]
    state.pos = found.end()
    return True


def _span(renderer: object, tokens: Sequence[Token], place: int, options: object, env: object) -> str:
    return f'<span class="{MENTION}" data-user="user_{tokens[place].content}">@</span>'
