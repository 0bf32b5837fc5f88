"""Computed fields: the few values that SQL cannot say are filled in from the facts beside them."""

from collections.abc import Sequence
from typing import Any

import orjson

from schema.compiler import plan as p
from schema.compiler.catalog import Viewer


def fill(answer: bytes, fillings: Sequence[p.Filling], viewer: Viewer) -> bytes:
    """Replace the facts in an answer by what is made of them."""
    tree = orjson.loads(answer)
    for filling in fillings:
        _walk(tree, filling.path, filling, viewer)
    return orjson.dumps(tree)


def _walk(tree: Any, path: tuple[str, ...], filling: p.Filling, viewer: Viewer) -> None:
    if tree is None:
        return
    step, *rest = path
    if step == "*":
        for each in tree:
            _walk(each, tuple(rest), filling, viewer)
    elif rest:
        _walk(tree.get(step), tuple(rest), filling, viewer)
    elif step in tree:
        tree[step] = _chosen(filling.function(tree[step], viewer), filling.fields)


def _chosen(value: Any, fields: tuple[tuple[str, str], ...]) -> Any:
    """Keep what was selected of a computed object, under the keys it was selected by."""
    if isinstance(value, list):
        return [_chosen(each, fields) for each in value]
    return {key: value[name] for key, name in fields} if isinstance(value, dict) else value
