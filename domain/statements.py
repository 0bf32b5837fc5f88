"""The few statements with which `Work` reads and writes rows: each a text and the values bound to it."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import orjson
from tortoise.fields import JSONField
from tortoise.models import Model

from models.history import Event

Values = Mapping[str, Any]
Rows = Sequence[Values]
MADE = "exists (select from made)"
"""That the row which a statement writes first was written."""


class Statement:
    """An SQL text in the making, with its values."""

    def __init__(self, *values: object) -> None:
        self.values: list[Any] = list(values)

    def put(self, value: object) -> str:
        """Bind a value; the text that stands for it."""
        self.values.append(value)
        return f"${len(self.values)}"

    def select(self, model: type[Model], where: str, *, lock: bool) -> str:
        """Rows in the order of their ids, so that no two callers wait for each other.

        `as_of` is the time once locked rows were held: who waited for a row dates what they do after what was done.
        """
        return _select(model, where, lock)

    def update(self, model: type[Model], key: object, changes: Values, version: int | None) -> str:
        """Change one row, which must have this version if it has any, and name it `made`."""
        json = {column for column in structured(model) if changes.get(column) is not None}
        given = {column: plain(value) if column in json else value for column, value in changes.items()}
        sets = ", ".join(f"{column} = {self.put(value)}" for column, value in given.items())
        at = "" if version is None else f" and version = {self.put(version)}"
        return f"made as (update {table(model)} set {sets} where id = {self.put(key)}{at} returning id)"

    def insert(self, model: type[Model], rows: Rows, *, where: str = "true") -> str:
        """Add rows, all with the columns of the first; a column that is not given has its default."""
        return _insert(model, tuple(rows[0]), self.put(plain(rows)), where)

    def create(self, model: type[Model], rows: Rows, *, unless_there: bool) -> str:
        """Add rows and name them `made`, as they are stored; a unique key may keep some out."""
        skip = "on conflict do nothing " if unless_there else ""
        back = f"returning {', '.join(columns(model))}, clock_timestamp() as as_of"
        return f"made as ({self.insert(model, rows)} {skip}{back})"

    def events(self, events: Rows, *, where: str = "true") -> str:
        """Add events."""
        return self.insert(Event, events, where=where)

    def together(self, parts: Sequence[str]) -> str:
        """Several writes as one statement, whose result is the last one's."""
        *first, last = filter(None, parts)
        named = [p if p.startswith("made as ") else f"part_{n} as ({p})" for n, p in enumerate(first)]
        return f"with {', '.join(named)} {last}" if named else last


@cache
def columns(model: type[Model]) -> tuple[str, ...]:
    """All the model's columns, in one order."""
    return tuple(sorted(model._meta.db_fields))  # noqa: SLF001 -- Tortoise's documented way to what a model stores


@cache
def structured(model: type[Model]) -> frozenset[str]:
    """The columns that hold JSON."""
    found = model._meta.fields_map.items()  # noqa: SLF001 -- as above
    return frozenset(name for name, field in found if isinstance(field, JSONField))


def table(model: type[Model]) -> str:
    """Where the model's rows are stored."""
    return str(model._meta.db_table)  # noqa: SLF001 -- as above


def plain(value: object) -> str:
    """Values as JSON: ids, enums and times as text, decimals exact."""
    return orjson.dumps(value, default=str).decode()


# Writing a text takes as long as running it; each is written once, if it is one of few.


@cache
def _select(model: type[Model], where: str, lock: bool) -> str:
    found = f"select {_listed(columns(model), 't')} from {table(model)} t where {where} order by t.id"
    how = "materialized (" + found + " for no key update of t)" if lock else f"({found})"
    return f"with found as {how} select found.*, clock_timestamp() as as_of from found"


@lru_cache(maxsize=1024)
def _insert(model: type[Model], given: tuple[str, ...], rows: str, where: str) -> str:
    listed = f"jsonb_populate_recordset(null::{table(model)}, {rows}) r"
    return f"insert into {table(model)} ({', '.join(given)}) select {_listed(given, 'r')} from {listed} where {where}"


def _listed(names: tuple[str, ...], alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)
