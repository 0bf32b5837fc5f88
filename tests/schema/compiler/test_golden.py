"""Selections and the SQL that they become, over a toy catalog; `GOLDEN=write pytest <this file>` writes them anew.

A golden file's first line may be a comment: the variables as JSON (a cursor is given as the list whose last row it
stands for), or `viewer:` and the kind of viewer.
"""

import json
import os
from pathlib import Path

import pytest

from tests.schema.compiler import toy
from tests.schema.compiler.asking import ask, faults
from tests.schema.compiler.pretty import pretty

FOLDER = Path(__file__).parent / "golden"
SCHEMA = toy.schema._schema


def read(path):
    """A golden file: its document, variables and kind of viewer."""
    head, _, rest = path.read_text().partition("\n")
    if head.startswith("# viewer: "):
        return rest, {}, head.removeprefix("# viewer: ")
    return (rest, json.loads(head[2:]), "reader") if head.startswith("# ") else (f"{head}\n{rest}", {}, "reader")


async def with_cursors(context, variables):
    """The variables, where a list becomes its last row's cursor."""
    given = dict(variables)
    for name in {"after", "before"} & given.keys():
        answer = await ask(SCHEMA, context, f"{{ list: {given[name]} {{ pageInfo {{ endCursor }} }} }}")
        given[name] = answer.data["list"]["pageInfo"]["endCursor"]
    return given


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.graphql")), ids=lambda path: path.stem)
async def test_a_selection_becomes_this_sql_and_this_answer(path, library):
    text, variables, kind = read(path)
    assert not faults(SCHEMA, text)
    context = toy.Context(toy.Viewer(kind), library)
    toy.reader.statements.clear()
    answer = await ask(SCHEMA, context, text, await with_cursors(context, variables))
    assert answer.errors == []
    found = {
        ".sql": "\n\n".join(f"{pretty(statement)};" for statement in answer.statements) + "\n",
        ".json": json.dumps(answer.data, indent=2, ensure_ascii=False) + "\n",
    }
    for suffix, content in found.items():
        if os.environ.get("GOLDEN") == "write":
            path.with_suffix(suffix).write_text(content)
        assert path.with_suffix(suffix).read_text() == content


def test_every_golden_file_has_its_selection():
    names = {path.stem for path in FOLDER.iterdir()}
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}{suffix}" for name in names for suffix in (".graphql", ".sql", ".json")
    }
