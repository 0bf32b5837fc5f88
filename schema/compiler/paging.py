"""The SQL of a page: an ordered, limited sub-select, and around it the connection's JSON."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.compiler import plan as p
from schema.compiler.keyset import branches
from schema.compiler.merged import Merged
from schema.compiler.merging import Merging
from schema.compiler.parameters import Digest, Pad

if TYPE_CHECKING:
    from schema.compiler.sql import Writer

CURSOR = (
    "(select translate(encode(substr(sha256({outer} || sha256({inner} || {digest} || c.m)), 1, 16) || c.m, 'base64'),"
    r" E'+/=\n', '-_') from (select convert_to({place}, 'UTF8') as m) c)"
)
PLACE = "place_"
ROWLESS = {"totalCount", "__typename"}


@dataclass(frozen=True)
class _Page:
    """What the parts of one page share: its alias `t`, its join and how its rows are numbered."""

    writer: "Writer"
    rows: p.Rows
    parent: str
    t: str

    @property
    def limit(self) -> int:
        return self.rows.window.limit

    def where(self, t: str) -> str:
        join = self.rows.join and self.writer.text(self.rows.join, t, parent=self.parent)
        by_key = join is not None or p.narrows(self.rows.condition)
        visible = self.writer.visible(self.rows.node, t, self.rows.follows, by_key=by_key)
        return self.writer.conjunction(join, visible, self.rows.condition, t)

    def merging(self, merged: Merged, t: str) -> Merging:
        return Merging(self.writer, merged, self.rows.condition, self.parent, t)

    def select(self, limit: int, around: str) -> str:
        """Write the rows, with the columns that the SQL around names."""
        window, table = self.rows.window, self.rows.node.table.name
        order = f"order by {self.order()} limit {limit}"
        ways = branches(self.writer, window, self.t)
        if self.rows.merged:
            return self.merging(self.rows.merged, self.t).select(order, ways)
        named = self.named(around if len(ways) == 1 else around + order)
        where = self.where(self.t)
        parts = [
            f"select {named} from {table} {self.t} where {' and '.join(filter(None, (where, beyond)))} {order}"
            for beyond in ways
        ]
        if len(parts) == 1:
            return parts[0]
        return f"select {self.t}.* from ({' union all '.join(f'({part})' for part in parts)}) {self.t} {order}"

    def named(self, sql: str) -> str:
        """Write the columns of the rows that occur in a piece of SQL."""
        found = re.findall(rf"\b{self.t}\.(?!{PLACE}\b)\w+", sql)
        return ", ".join(dict.fromkeys(found))

    def order(self) -> str:
        backward = self.rows.window.backward
        return ", ".join(
            f"{self.writer.text(key.value.sql, self.t, key.bounds)} {'desc' if key.descending != backward else 'asc'}"
            + (f" nulls {'first' if key.nulls_first != backward else 'last'}" if key.value.nullable else "")
            for key in self.rows.window.order
        )

    def place(self) -> str:
        """Write a row's place in the order: its sort values as texts."""
        order = self.rows.window.order
        values = ", ".join(f"({self.writer.text(key.value.sql, self.t, key.bounds)})::text" for key in order)
        return f"json_build_array({values})::text"

    def cursor(self, place: str) -> str:
        """Write the cursor of a place."""
        bind = self.writer.bind
        scope = self.rows.window.scope
        inner, outer, digest = (bind(each, "bytea") for each in (Pad(0), Pad(1), Digest(scope)))
        return CURSOR.format(inner=inner, outer=outer, digest=digest, place=place)


def page_json(writer: "Writer", rows: p.Rows, parent: str) -> str:
    """Write a connection: the short way when only its nodes are wanted."""
    page = _Page(writer, rows, parent, writer.alias())
    if [part.what for part in rows.fields] == ["nodes"] and not rows.window.backward:
        (part,) = rows.fields
        nodes = writer.array(part.fields, page.t, lambda item: f"({page.select(page.limit, item)}) {page.t}")
        return _object([(part.key, nodes)])
    return _connection(page)


def _connection(page: _Page) -> str:
    columns: list[str] = []
    answers = [(part.key, _answer(page, part, columns)) for part in page.rows.fields]
    if all(part.what in ROWLESS for part in page.rows.fields):
        page.writer.unread += filter(None, (page.rows.window.after, page.rows.window.before))
        return _object(answers)
    inside = ", ".join([f"{page.t}.{PLACE} as i", *(f"{sql} as {name}" for name, sql in _named(columns))])
    rows = page.select(page.limit + 1, inside)
    numbered = f"select {page.t}.*, row_number() over () as {PLACE} from ({rows}) {page.t}"
    # `having` makes it one answer for all rows, also where no part of it aggregates them.
    return f"(select {_object(answers)} from (select {inside} from ({numbered}) {page.t}) p having true)"


def _named(columns: list[str]) -> list[tuple[str, str]]:
    return [(f"n{index}", sql) for index, sql in enumerate(columns)]


def _column(sql: str, columns: list[str]) -> str:
    """Have the rows carry an expression, once, and return its name."""
    if sql not in columns:
        columns.append(sql)
    return f"p.n{columns.index(sql)}"


def _answer(page: _Page, part: p.ListField, columns: list[str]) -> str:
    if part.what == "__typename":
        return page.writer.output(part.fields[0].output, page.t)
    if part.what == "totalCount" and page.rows.merged:
        return page.merging(page.rows.merged, page.writer.alias()).count()
    if part.what == "totalCount":
        t = page.writer.alias()
        return f"(select count(*) from {page.rows.node.table.name} {t} where {page.where(t)})"
    if part.what == "pageInfo":
        return _object((each.key, _page_info(page, each, columns)) for each in part.parts)
    if part.what == "nodes":
        item = _node(page, part, columns)
    else:
        item = _object((each.key, _edge(page, each, columns)) for each in part.parts)
    order = "desc" if page.rows.window.backward else "asc"
    return f"coalesce(json_agg({item} order by p.i {order}) filter (where p.i <= {page.limit}), '[]')"


def _object(entries: Iterable[tuple[str, str]]) -> str:
    pairs = ", ".join(f"'{key}', {sql}" for key, sql in entries)
    return f"json_build_object({pairs})"


def _node(page: _Page, part: p.ListField, columns: list[str]) -> str:
    inside = page.writer.object(part.fields, page.t)
    return _column(f"case when {page.t}.{PLACE} <= {page.limit} then {inside} end", columns)


def _edge(page: _Page, part: p.ListField, columns: list[str]) -> str:
    if part.what == "node":
        return _node(page, part, columns)
    return (
        _column(page.cursor(page.place()), columns)
        if part.what == "cursor"
        else page.writer.output(part.fields[0].output, page.t)
    )


def _page_info(page: _Page, part: p.ListField, columns: list[str]) -> str:
    window = page.rows.window
    if part.what == "__typename":
        return page.writer.output(part.fields[0].output, page.t)
    if part.what in {"hasNextPage", "hasPreviousPage"}:
        if (part.what == "hasPreviousPage") is window.backward:
            return f"count(*) > {page.limit}"
        given = window.before if window.backward else window.after
        return "false" if given is None else "true"
    place = _column(page.place(), columns)
    way = "asc" if (part.what == "startCursor") is not window.backward else "desc"
    return page.cursor(f"(array_agg({place} order by p.i {way}) filter (where p.i <= {page.limit}))[1]")
