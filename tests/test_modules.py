"""The modules beside the packages point right as well; import-linter reads packages only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    {"cli"},
    {"launch"},
    {"schema", "workers"},
    {"domain"},
    {"models"},
    {"embedded", "preflight", "supervisor"},
    {"settings"},
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.py")), ids=lambda path: path.name)
def test_a_module_beside_the_packages_imports_only_what_is_right_of_it(path):
    left = {name for name in imported(path) if name in RANK and RANK[name] <= RANK[path.stem]}
    assert left == set()
