"""A list that merges rows of several nodes: which rows, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tree:
    """Rows of a node, found by SQL over `{parent}` for the ids of `roots`, and all below them by the key `by`."""

    node: str
    roots: str
    by: str


@dataclass(frozen=True)
class Branch:
    """Rows of a node that a merged list takes, as the columns of its type, SQL over `{t}`.

    `where` is SQL over `{t}`, `{parent}` and `{of}`, a row of `of`: a SELECT over `{parent}` and the tree, `below`.
    """

    node: str
    where: str
    columns: Mapping[str, str]
    of: str | None = None
    follows: str | None = None


@dataclass(frozen=True)
class Merged:
    """Rows of several nodes in one list, in the order of the field that `order` names (downwards with a minus)."""

    tree: Tree
    branches: tuple[Branch, ...]
    order: str
