"""A plan becomes one SQL statement, whose parameters are numbered and whose answer is finished JSON."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from string import Formatter

from schema.compiler import catalog as c
from schema.compiler import plan as p
from schema.compiler.paging import page_json
from schema.compiler.parameters import Parameter, Word

LONGEST = 63
WORKSPACE = "{t}.workspace_id = {workspace}"


@dataclass
class Writer:
    """Writes one statement for viewers of one kind; `unread` are cursors that were given for lists of no rows."""

    catalog: c.Catalog
    viewer: str
    parameters: dict[Parameter, str] = field(default_factory=dict)
    unread: list[p.Cursor] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    aliases: int = 0

    def bind(self, parameter: Parameter, type_: str) -> str:
        """Return the placeholder of a parameter, the same one for the same parameter."""
        return self.parameters.setdefault(parameter, f"${len(self.parameters) + 1}::{type_}")

    def alias(self) -> str:
        """Return a fresh table alias."""
        self.aliases += 1
        return f"t{self.aliases}"

    def text(self, template: str, t: str, bounds: tuple[p.Bound, ...] = (), **more: str) -> str:
        """Fill a piece of SQL: `{t}`, parameters by number, the viewer's words, and macros made of them."""
        own = {"t": t, **more, **{str(place): self.bound(each) for place, each in enumerate(bounds)}}
        named = (
            words if name is None else own[name] if name in own else self._word(name)
            for words, name in pieces(template)
        )
        return "".join(named)

    def _word(self, name: str) -> str:
        """Write a macro or one of the viewer's words, the same each time."""
        if name not in self.words:
            macro = self.catalog.macros.get(name)
            self.words[name] = self._bind_word(name) if macro is None else self.text(macro, "")
        return self.words[name]

    def _bind_word(self, name: str) -> str:
        type_ = self.catalog.words[name]
        return self.bind(Word(name, type_), type_)

    def bound(self, each: p.Bound) -> str:
        """Return the placeholder of a bound value."""
        return self.bind(each, f"text::{each.type}" if isinstance(each.source, p.CursorValue) else each.type)

    # Conditions

    def condition(self, condition: p.Condition, t: str) -> str:
        """Write a condition over the row `t`."""
        if isinstance(condition, p.Raw):
            return self.text(condition.sql, t)
        if isinstance(condition, p.Compare):
            return self.text(condition.template, t, condition.bounds, v=self.text(condition.value.sql, t))
        if isinstance(condition, p.Not):
            return f"({self.condition(condition.condition, t)}) is not true"
        if isinstance(condition, p.Exists):
            return self._exists(condition, t)
        word, empty = (" and ", "true") if isinstance(condition, p.All) else (" or ", "false")
        return word.join(f"({self.condition(each, t)})" for each in condition.conditions) or empty

    def _exists(self, condition: p.Exists, parent: str) -> str:
        if condition.condition == p.All(()) and self._sees(condition):
            return f"{parent}.{condition.key} is not null"
        t = self.alias()
        where = self.conjunction(
            self.text(condition.join, t, parent=parent), self.visible(condition.node, t), condition.condition, t
        )
        return f"exists (select from {condition.node.table.name} {t} where {where})"

    def conjunction(self, join: str | None, visible: str, condition: p.Condition | None, t: str) -> str:
        """Join what restricts the rows `t`, leaving out what is always true."""
        parts = [join, visible, None if condition is None else self.condition(condition, t)]
        return " and ".join(f"({each})" for each in parts if each and each != "true")

    def visible(self, node: c.Node, t: str, arrived: str | None = None, *, by_key: bool = True) -> str:
        """Write the viewer's predicate; rows that follow the row we come from need only be of the workspace.

        Of rows that a key finds, it is written so that no index answers it: looking at the few that the key's index
        finds, in the order in which it has them, is cheaper than collecting all that the viewer sees.
        """
        sight = self.catalog.sight(node.table.name, self.viewer)
        follows = arrived is not None and sight.follows == arrived
        where = self.text(WORKSPACE if follows else sight.where, t)
        return f"({where}) is true" if by_key and where != "true" else where

    def _sees(self, row: p.Row | p.Exists) -> bool:
        """Whether the viewer surely sees what a key points to: the database keeps keys inside the workspace."""
        return row.key is not None and self.catalog.sight(row.node.table.name, self.viewer).where == WORKSPACE

    # Output

    def output(self, output: p.Output, t: str) -> str:
        """Write an expression over the row `t` that is the output's JSON."""
        if isinstance(output, p.Leaf):
            return leaf(output.value, self.text(output.value.sql, t))
        if isinstance(output, p.Id):
            return f"'{output.prefix}_' || replace({t}.id::text, '-', '')"
        if isinstance(output, p.Row):
            return self._row(output, t)
        if isinstance(output, p.Rows):
            return page_json(self, output, t)
        if isinstance(output, p.Choice):
            cases = (f"when {t}.{column} is not null then {self._row(row, t)}" for column, row in output.options)
            return f"case {' '.join(cases)} end"
        if isinstance(output, p.Embedded):
            return self._embedded(output, t)
        if isinstance(output, p.Named):
            cases = (f"when '{name}' then {self._row(row, t)}" for name, row in output.rows)
            return f"case {self.text(output.type, t)} {' '.join(cases)} end"
        if isinstance(output, p.Label):
            return self._label(output, t)
        return self._facts(output, t) if isinstance(output, p.Facts) else f"'{output.text}'::text"

    def _row(self, output: p.Row, parent: str) -> str:
        if self._sees(output) and not output.fields:
            return f"case when {parent}.{output.key} is not null then '{{}}'::json end"
        t = self.alias()
        join = self.text(output.join, t, output.bounds, parent=parent)
        where = self.conjunction(join, "true" if self._sees(output) else self.visible(output.node, t), None, t)
        return self.object(output.fields, t, f" from {output.node.table.name} {t} where {where}")

    def _embedded(self, output: p.Embedded, t: str) -> str:
        if output.when is not None:
            return f"case when {self.text(output.when, t)} then {self.object(output.fields, t)} end"
        if output.rows is None:
            return self.object(output.fields, t)
        rows = self.text(output.rows, t)
        return self.array(output.fields, t, lambda _: rows)

    def _label(self, output: p.Label, parent: str) -> str:
        type_, key, cases = self.text(output.type, parent), self.text(output.key, parent), []
        for node in output.nodes:
            t = self.alias()
            label, where = (
                self.text(str(node.label), t),
                self.conjunction(f"{t}.id = {key}", self.visible(node, t), None, t),
            )
            cases.append(f"when '{node.name}' then (select {label} from {node.table.name} {t} where {where})")
        otherwise = self.text(output.otherwise, parent)
        return f"case when {type_} is null then {otherwise} else case {type_} {' '.join(cases)} end end"

    def _facts(self, output: p.Facts, t: str) -> str:
        values = ((p.MARK, str(output.filling)), *output.values)
        inside = ", ".join(f'{self.text(sql, t)} as "{name}"' for name, sql in values)
        return f"(select row_to_json(f) from (select {inside}) f)"

    def object(self, fields: Iterable[p.Field], t: str, source: str = "") -> str:
        """Write a JSON object of fields; `source` is the FROM that makes `t`, if it is not there yet."""
        entries = self._entries(fields, t)
        if _too_long(entries):
            made = _pairs(entries)
            return f"(select {made}{source})" if source else made
        return f"(select row_to_json(o) from (select {_columns(entries)}{source}) o)"

    def array(self, fields: Iterable[p.Field], t: str, source: Callable[[str], str]) -> str:
        """Write a JSON array of the objects that `object` makes, one of each row `t` of a source, in its order.

        The source is written last, for what is asked of its rows.
        """
        entries = self._entries(fields, t)
        if _too_long(entries):
            item = _pairs(entries)
            return f"(select coalesce(json_agg({item}), '[]') from {source(item)})"
        item = _columns(entries)
        return f"(select coalesce(json_agg(o), '[]') from (select {item} from {source(item)}) o)"

    def _entries(self, fields: Iterable[p.Field], t: str) -> list[tuple[str, str]]:
        return [(each.key, self.output(each.output, t)) for each in fields]


def _too_long(entries: list[tuple[str, str]]) -> bool:
    return any(len(key) > LONGEST for key, _ in entries)


def _columns(entries: list[tuple[str, str]]) -> str:
    return ", ".join(f'{value} as "{key}"' for key, value in entries)


def _pairs(entries: list[tuple[str, str]]) -> str:
    """Write an object whose keys are too long for names of columns."""
    pairs = ", ".join(f"('{key}', to_json({value}))" for key, value in entries)
    return f"(select json_object_agg(x.k, x.v) from (values {pairs}) x (k, v))"


@cache
def pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """Take a piece of SQL apart, once: what is written as it is, and the names of what is filled in."""
    found: list[tuple[str, str | None]] = []
    for words, name, *_ in Formatter().parse(template):
        found += [(words, None)] if name is None else [(words, None), ("", name)]
    return tuple(found)


def leaf(value: c.Value, sql: str) -> str:
    """Write a value in the one spelling that clients see."""
    if value.kind is c.Kind.INSTANT:
        return f"""to_char({sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    if value.kind is c.Kind.NUMERIC:
        return f"({sql})::text"
    if value.enum is not None and value.kind is c.Kind.INT:
        cases = " ".join(f"when {member.value} then '{member.name}'" for member in value.enum)
        return f"case {sql} {cases} end"
    return sql
