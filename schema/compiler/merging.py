"""The SQL of a list that merges rows of several nodes: each branch is cut to a page before all are put in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.compiler import plan as p
from schema.compiler.merged import Branch, Merged

if TYPE_CHECKING:
    from schema.compiler.sql import Writer


@dataclass(frozen=True)
class Merging:
    """One such list: who writes it, what it is of, and the alias `t` of its rows."""

    writer: "Writer"
    merged: Merged
    condition: p.Condition | None
    parent: str
    t: str

    def select(self, tail: str, beyond: Sequence[str]) -> str:
        """Write a page's rows; `tail` is its order and limit, `beyond` are the conditions of `keyset.branches`."""
        return self._all(f"{self.t}.*", [(each, tail) for each in beyond], tail)

    def count(self) -> str:
        """Write how many rows there are."""
        return f"({self._all('count(*)', [('', '')], '')})"

    def _all(self, what: str, ways: Sequence[tuple[str, str]], tail: str) -> str:
        parts = (self._rows(branch, *way) for branch in self.merged.branches for way in ways)
        union = " union all ".join(f"({part})" for part in parts)
        return f"{self._tree()} select {what} from ({union}) {self.t} {tail}"

    def _tree(self) -> str:
        """Write the rows of the tree that are seen: its roots, and those below that are reached through seen ones."""
        tree, t = self.merged.tree, self.writer.alias()
        node = self.writer.catalog.nodes[tree.node]
        rows, seen = f"{node.table.name} {t}", self.writer.visible(node, t)
        roots = self.writer.text(tree.roots, t, parent=self.parent)
        return (
            f"with recursive below (id) as (select {t}.id from {rows} where {t}.id in ({roots}) and {seen}"
            f" union select {t}.id from below b join {rows} on {t}.{tree.by} = b.id where {seen})"
        )

    def _rows(self, branch: Branch, beyond: str, tail: str) -> str:
        writer, inner, of = self.writer, self.writer.alias(), self.writer.alias()
        node = writer.catalog.nodes[branch.node]
        join = writer.text(branch.where, inner, parent=self.parent, of=of)
        where = writer.conjunction(join, writer.visible(node, inner, branch.follows), None, inner)
        columns = ", ".join(f"{writer.text(sql, inner)} as {name}" for name, sql in branch.columns.items())
        wanted = writer.conjunction(beyond, "", self.condition, self.t)
        found = f"select {self.t}.* from (select {columns} from {node.table.name} {inner} where {where}) {self.t}"
        found += f"{' where ' * bool(wanted)}{wanted} {tail}"
        if branch.of is None:
            return found
        many = writer.text(branch.of, "", parent=self.parent)
        return f"select {self.t}.* from ({many}) {of} cross join lateral ({found}) {self.t}"
