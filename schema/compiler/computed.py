"""Computed fields: the few values that SQL cannot say are filled in from the facts beside them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from schema.compiler import plan as p
from schema.compiler.catalog import Viewer


@dataclass(frozen=True)
class Filling:
    """Where the answer needs a computed value: the path (`*` for each item), and what to make of the facts there.

    Rows of several types may stand at one path, each with facts of its own.
    """

    path: tuple[str, ...]
    function: Callable[[dict[str, Any], Any], Any]
    type: str
    fields: tuple[tuple[str, str], ...]


def fill(answer: bytes, fillings: Sequence[Filling], viewer: Viewer) -> bytes:
    """Replace the facts in an answer by what is made of them."""
    tree = orjson.loads(answer)
    for number, filling in enumerate(fillings):
        for row, key in _places(tree, filling.path):
            facts = row.get(key)
            if isinstance(facts, dict) and facts.get(p.MARK) == number:
                del facts[p.MARK]
                row[key] = _chosen(filling.function(facts, viewer), filling)
    return orjson.dumps(tree)


def _places(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], str]]:
    """Find the rows at the end of a path, each with the key of the value there."""
    step, *rest = path
    if step == "*":
        for each in tree if isinstance(tree, list) else ():
            yield from _places(each, tuple(rest))
    elif not isinstance(tree, dict):  # nothing, or what a row of another type has under this name
        return
    elif rest:
        yield from _places(tree.get(step), tuple(rest))
    else:
        yield tree, step


def _chosen(value: Any, filling: Filling) -> Any:
    """Keep what was selected of a computed object, under the keys it was selected by."""
    if isinstance(value, list):
        return [_chosen(each, filling) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: filling.type if name == p.TYPENAME else value[name] for key, name in filling.fields}
