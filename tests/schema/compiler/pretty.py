"""SQL written one clause a line, each level of selects indented, so that golden files can be read."""

import re

TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|\(|\)|(?<!distinct )\b(?:select|from|where|order by|limit|having)\b|.", re.DOTALL
)
CLAUSES = {"from", "where", "order by", "limit", "having"}


def pretty(sql):
    """Break a statement into lines."""
    out, opened = [], []
    for token in TOKEN.findall(sql):
        inside = not opened or opened[-1]
        if token == "select":
            if opened:
                opened[-1] = True
                out.append("\n" + "  " * sum(opened))
        elif token in CLAUSES and inside:
            while out and out[-1] == " ":
                out.pop()
            out.append("\n" + "  " * sum(opened))
        if token == "(":
            opened.append(False)
        elif token == ")":
            opened.pop()
        out.append(token)
    return "".join(out)
