"""Markdown becomes safe HTML, and mentions in it become people."""

import re
import time
from html.parser import HTMLParser
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.markdown import SCHEMES, TAGS, mentioned, named, render

ADA, BOB = UUID(int=10), UUID(int=11)
AT_ADA = f"@[user_{ADA.hex}]"
SPAN = f'<span class="mention" data-user="user_{ADA.hex}">@</span>'
LINK = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**one** _two_ ~~three~~ `four`", "<p><strong>one</strong> <em>two</em> <s>three</s> <code>four</code></p>"),
        ("# One\n\n- two\n- three", "<h1>One</h1>\n<ul>\n<li>two</li>\n<li>three</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("[a](https://x.example/?a=1&b=2)", f'<p><a href="https://x.example/?a=1&amp;b=2" {LINK}>a</a></p>'),
        ("<mailto:a@x.example>", f'<p><a href="mailto:a@x.example" {LINK}>mailto:a@x.example</a></p>'),
        ("[a](tel:+441632960000)", f'<p><a href="tel:+441632960000" {LINK}>a</a></p>'),
        ("[a](/tasks/1)", f"<p><a {LINK}>a</a></p>"),
        ("[a](//x.example)", f"<p><a {LINK}>a</a></p>"),
        ("![a](https://x.example/1.png)", f'<p>!<a href="https://x.example/1.png" {LINK}>a</a></p>'),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        (f"Ask {AT_ADA}!", f"<p>Ask {SPAN}!</p>"),
        (f"**{AT_ADA}**{AT_ADA}", f"<p><strong>{SPAN}</strong>{SPAN}</p>"),
        (f"[{AT_ADA}](https://x.example)", f'<p><a href="https://x.example" {LINK}>{SPAN}</a></p>'),
    ],
)
def test_what_is_written_is_shown(text, html):
    assert render(text) == html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java%0ascript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>x</script>",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "file:///etc/passwd",
        "blob:https://x.example/1",
        "ftp://x.example",
    ],
)
@pytest.mark.parametrize("form", ["[a]({})", "<{}>", "[a][1]\n\n[1]: {}", "![a]({})"])
def test_no_link_leads_to_another_scheme(url, form):
    assert "href" not in render(form.format(url))


@pytest.mark.parametrize(
    "text", [f"`{AT_ADA}`", f"```\n{AT_ADA}\n```", f"\\{AT_ADA}", "@[user_1]", "@ada", f"@[task_{ADA.hex}]"]
)
def test_what_is_code_or_no_id_mentions_nobody(text):
    assert mentioned(text) == frozenset()
    assert "mention" not in render(text)


def test_a_mention_is_found_wherever_it_stands_and_counts_once():
    text = f"# {AT_ADA}\n\n> - **{AT_ADA}**x@[user_{BOB.hex}]\n\n|a|\n|-|\n|{AT_ADA}|"
    assert mentioned(text) == {ADA, BOB}


def test_a_mention_shows_the_present_name_and_no_markup_in_it():
    html = render(f"{AT_ADA} and @[user_{BOB.hex}]")
    shown = named(html, {ADA.hex: 'Ada "<b>" & Co'})
    assert re.sub("<[^>]+>", "", shown) == "@Ada &quot;&lt;b&gt;&quot; &amp; Co and @"


def test_nobody_writes_a_mention_that_is_none():
    assert "@[" not in named(render(f'[x](https://x.example "{SPAN}") {SPAN}'), {ADA.hex: "@["})
    assert f"{SPAN[:-7]}Ada" not in named(render(SPAN), {ADA.hex: "Ada"})


class Strict(HTMLParser):
    """Complains about whatever is not on the lists."""

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS
        for name, value in attributes:
            assert (tag, name) in {
                ("a", "href"),
                ("a", "title"),
                ("a", "rel"),
                ("ol", "start"),
                ("span", "class"),
                ("span", "data-user"),
            }
            assert name != "href" or value.partition(":")[0].lower() in SCHEMES

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


PIECES = [
    "<",
    ">",
    "[",
    "]",
    "(",
    ")",
    "!",
    "&",
    "#",
    ";",
    '"',
    "'",
    "`",
    "*",
    "_",
    "|",
    "-",
    "\n",
    "\n\n",
    " ",
    "\\",
    "~~",
]
PIECES += [
    "javascript:",
    "&#106;",
    "<script>",
    "<img src=x onerror=y>",
    "<a href=",
    "style=x",
    "<!--",
    "<svg/onload=x>",
]
PIECES += [AT_ADA, "https://x.example", "data:text/html,x", "a", "é", "\x01", "\u202e", "```", "    "]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_is_written_only_safe_markup_comes_of_it(text):
    parser = Strict()
    parser.feed(named(render(text), {ADA.hex: "<script>"}))
    parser.close()


@pytest.mark.parametrize(
    "piece", ["[", "![", "*a_", "`", "<a ", "> ", "- ", "[a](", "&amp;", "@[user_", "~~a", "|a", "[*`"]
)
def test_no_text_takes_long(piece):
    start = time.perf_counter()
    render((piece * 10_000)[:10_000])
    assert time.perf_counter() - start < 3
