"""Totals: a root field that counts a node's rows in groups, by one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from schema.compiler import catalog as c
from schema.compiler import plan as p
from schema.compiler.errors import CompileError, LimitExceeded
from schema.compiler.inputs import Inputs, argument, optional
from schema.compiler.pages import Arguments, value
from schema.compiler.roots import Seed
from schema.compiler.select import Selector, behind
from schema.compiler.selection import Selection
from schema.compiler.sql import Writer

MOST = 1_000
GROUPS = f"A total may have {MOST:,} groups at most. Ask for less time, longer periods or fewer kinds of groups."


@strawberry.enum(description="How long a period is.")
class Period(Enum):
    """A day, or days in a row."""

    DAY = strawberry.enum_value("day", description="From midnight to midnight.")
    WEEK = strawberry.enum_value("week", description="From Monday to Sunday.")
    MONTH = strawberry.enum_value("month", description="A month of the calendar.")
    QUARTER = strawberry.enum_value("quarter", description="Three months, from January, April, July or October.")
    YEAR = strawberry.enum_value("year", description="A year of the calendar.")


@dataclass(frozen=True)
class Detail:
    """A table beside the groups, of what is joined to the counted rows: its `columns`, in SQL over `{t}`, are measured.

    The measures are aggregates over the columns, for each group's `key` and for each value of the columns in `by`.
    """

    joined: str
    columns: Mapping[str, str]
    measures: Mapping[str, str]
    where: str = "true"
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Totals:
    """Rows of `node`, as far as the field's own type is seen, in groups, each of which becomes a row of that type.

    It has a column for each value of the enum `groups`, which are columns of `node`, one named `period`, null unless
    they are asked for, and one for each of the `measures`: aggregates in SQL over `{t}` and `{zone}`, a time zone. The
    enum `days` has the columns of `node` that may say in which period a row counts. `details` are tables that
    expressions over a group may select from, by its `key`. Neither enum is one of texts: the statement depends on
    them. PostgreSQL computes no column and no table of which nothing is selected.
    """

    node: str
    groups: type[Enum]
    days: type[Enum]
    measures: Mapping[str, str]
    details: Mapping[str, Detail]
    zone: Any

    def arguments(self, inputs: Inputs) -> list[StrawberryArgument]:
        """Return the field's arguments."""
        days, groups = optional(self.days), optional(list[self.groups])  # type: ignore[name-defined]
        told = {
            "from": (optional(date), "The first day."),
            "to": (optional(date), "The last day."),
            "day": (
                days,
                f"Which day says when one counts, {next(iter(self.days)).name} unless given; without, never.",
            ),
            "period": (optional(Period), "A group for each period in which any count."),
            "groupBy": (groups, "A group for each of these, and each combination."),
            "timeZone": (optional(self.zone), "In which days begin; the workspace's unless given."),
            "filter": (optional(inputs.filters[self.node]), "Which ones count, of whatever status."),
        }
        return [argument(name, *about) for name, about in told.items()]

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Start from nothing; raises CompileError for days that run backward."""
        first, last = map(selection.value, ("from", "to"))
        if first and last and first > last:
            message = "The last day is before the first."
            raise CompileError(message)
        return Seed(otherwise=LimitExceeded(GROUPS))

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the statement; it answers nothing where there are too many groups."""
        shown = writer.catalog.nodes[behind(selection.place)]
        counted = _Counted.of(self, selector, writer, selection, shown)
        tables = [f"{name} as materialized ({counted.detail(each)})" for name, each in self.details.items()]
        groups, row = writer.alias(), selector.row(shown, selection.nodes, "", ("*",))
        rows = writer.array(row.fields, groups, lambda _: f"({counted.groups(self.measures)}) {groups}")
        tables.append(f"answer as materialized (select {rows} as rows)")
        return f"with {', '.join(tables)} select case when json_array_length(rows) <= {MOST} then rows end from answer"


@dataclass(frozen=True)
class _Counted:
    """The rows `t` that count, and the expressions that group them, by column; the other columns are null."""

    writer: Writer
    table: str
    t: str
    zone: str
    where: str
    keys: Mapping[str, str]
    none: Mapping[str, str]

    @classmethod
    def of(cls, totals: Totals, selector: Selector, writer: Writer, selection: Selection, shown: c.Node) -> "_Counted":
        node, t = writer.catalog.nodes[totals.node], writer.alias()
        arguments = selector.arguments(selection.place, selection.nodes[0])
        zoned = value(arguments, "timeZone")
        zone = writer.bound(p.Bound(zoned.source, "text")) if zoned else writer.text("{zone}", t)
        chosen = value(arguments, "day")
        day = node.table.columns[chosen.value.value if chosen else next(iter(totals.days)).value]
        wanted, where = value(arguments, "filter"), [writer.visible(shown, t, by_key=False)]
        where += (writer.text(sql, t, bounds, zone=zone) for sql, bounds in _range(arguments, day))
        where += [] if wanted is None else [writer.condition(selector.filters.condition(node, wanted), t)]
        keys = {name: writer.text(sql, t, zone=zone) for name, sql in _keys(arguments, day).items()}
        absent = {"period", *(each.value for each in totals.groups)} - keys.keys()
        none = {name: f"null::{shown.table.columns[name].kind}" for name in sorted(absent)}
        condition = " and ".join(f"({each})" for each in where)
        return cls(writer, node.table.name, t, zone, condition, keys, none)

    def groups(self, measures: Mapping[str, str]) -> str:
        """Select the groups in their order, by whose places they are grouped, and one more than there may be."""
        columns = _listed({**self.keys, **self.none, **self._written(measures)})
        places = ", ".join(str(place) for place in range(1, len(self.keys) + 1)) or "()"
        grouped = f"select {columns} from {self.table} {self.t} where {self.where} group by {places}"
        order = ", ".join(self.keys) or "key"
        return f"select g.*, {self._key()} as key from ({grouped}) g order by {order} limit {MOST + 1}"

    def detail(self, detail: Detail) -> str:
        """Select the rows of a detail."""
        columns = _listed({**self.keys, **self._written(detail.columns)})
        joined, where = self._text(detail.joined), self._text(detail.where)
        rows = f"select {columns} from {self.table} {self.t} {joined} where {self.where} and ({where})"
        told, by = (*detail.by, _listed(detail.measures)), ", ".join((*self.keys, *detail.by))
        return f"select {self._key()} as key, {', '.join(told)} from ({rows}) r group by {by or '()'}"

    def _key(self) -> str:
        return f"array[{', '.join(f'{name}::text' for name in self.keys)}]::text[]::text"

    def _written(self, expressions: Mapping[str, str]) -> dict[str, str]:
        return {name: self._text(sql) for name, sql in expressions.items()}

    def _text(self, sql: str) -> str:
        return self.writer.text(sql, self.t, zone=self.zone)


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {name}" for name, sql in columns.items())


def _keys(arguments: Arguments, day: c.Column) -> dict[str, str]:
    """Name the columns that were asked for, each with what it is of a row; what is asked for twice is so once."""
    found, local = {}, f"{{t}}.{day.name}" + (" at time zone {zone}" if day.kind is c.Kind.INSTANT else "")
    if period := value(arguments, "period"):
        found["period"] = f"date_trunc('{period.value.value}', {local})::date"
    if groups := value(arguments, "groupBy"):
        found |= {each.value.value: f"{{t}}.{each.value.value}" for each in groups.value}
    return found


def _range(arguments: Arguments, day: c.Column) -> list[tuple[str, tuple[p.Bound, ...]]]:
    """Say between which days a row's own must be, so that an index may answer it."""
    start, end = "{t}.{day} >= {0}", "{t}.{day} <= {0}"
    if day.kind is c.Kind.INSTANT:
        start, end = (f"{{t}}.{{day}} {each}::timestamp at time zone {{zone}}" for each in (">= {0}", "< ({0} + 1)"))
    sides = (("from", start), ("to", end))
    found: list[tuple[str, tuple[p.Bound, ...]]] = [
        (sql.replace("{day}", day.name), (p.Bound(each.source, "date"),))
        for name, sql in sides
        if (each := value(arguments, name))
    ]
    return found or ([(f"{{t}}.{day.name} is not null", ())] if day.nullable else [])
