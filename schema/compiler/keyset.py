"""Keyset paging in SQL: what makes a row lie beyond a cursor, written so that an index finds where to go on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.compiler import plan as p

if TYPE_CHECKING:
    from schema.compiler.sql import Writer


@dataclass(frozen=True)
class _Key:
    """One key of the order beside the cursor's value, read ahead of the cursor: whether it rises, and meets nulls."""

    column: str
    value: str
    nullable: bool
    rises: bool
    nulls_ahead: bool

    @property
    def further(self) -> str:
        return f"{self.column} {'>' if self.rises else '<'} {self.value}"


def branches(writer: "Writer", window: p.Window, t: str) -> list[str]:
    """Return conditions for the rows `t` beyond the window's cursors: rows that fulfil any, of which none meets two.

    An index cannot range over "greater or null", so a list whose first key may be null is read in branches of its own,
    each of which it can; those that the cursor's being null or not rules out cost nothing.
    """
    cursors = ((window.after, True), (window.before, False))
    given = [_keys(writer, window, t, cursor, ahead=ahead) for cursor, ahead in cursors if cursor is not None]
    if len(given) != 1:
        return [" and ".join(map(_stepwise, given))] if given else [""]
    keys = given[0]
    first, *rest = keys
    if any(key.nullable for key in rest) or len({key.rises for key in keys}) > 1:
        return [_stepwise(keys)]
    if not first.nullable:
        return [_together(keys)]
    other = "null" if first.nulls_ahead else "not null"
    return [
        _together(keys),
        f"{first.column} is {other} and {first.value} is {'not null' if first.nulls_ahead else 'null'}",
        f"{first.column} is null and {first.value} is null and {_together(rest)}",
    ]


def _keys(writer: "Writer", window: p.Window, t: str, cursor: p.Cursor, *, ahead: bool) -> list[_Key]:
    return [
        _Key(
            column=writer.text(key.value.sql, t, key.bounds),
            value=writer.bound(p.Bound(p.CursorValue(cursor, index), key.value.kind)),
            nullable=key.value.nullable,
            rises=key.descending is not ahead,
            nulls_ahead=key.nulls_first is not ahead,
        )
        for index, key in enumerate(window.order)
    ]


def _together(keys: list[_Key]) -> str:
    """Compare keys that go the same way and are not null as one row."""
    columns, values = (", ".join(parts) for parts in zip(*((key.column, key.value) for key in keys), strict=True))
    return f"({columns}) {'>' if keys[0].rises else '<'} ({values})"


def _stepwise(keys: list[_Key]) -> str:
    """Compare any keys one after the other; where the first is never null, its index at least knows where to begin."""
    condition = ""
    for key in reversed(keys):
        further = key.further
        if key.nullable:
            further += f" or ({key.column} is null) {'>' if key.nulls_ahead else '<'} ({key.value} is null)"
        same = f"{key.column} is not distinct from {key.value}" if key.nullable else f"{key.column} = {key.value}"
        condition = f"({further} or {same} and {condition})" if condition else f"({further})"
    first = keys[0]
    if first.nullable or len(keys) == 1:
        return condition
    return f"{first.column} {'>=' if first.rises else '<='} {first.value} and {condition}"
