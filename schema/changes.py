"""How a change reads: its field as the schema names it, its values as the schema writes them."""

from types import MappingProxyType
from typing import Any

import orjson
from tortoise.fields import DatetimeField
from tortoise.models import Model

import models
from domain.columns import camel
from domain.telling import SUBJECTS
from schema.compiler.catalog import Kind, Label, Named, Value
from schema.compiler.sql import leaf
from schema.durations import duration

LENGTHS = MappingProxyType(
    {
        "expected_minutes": "expectedDuration",
        "claim_lease_minutes": "claimLease",
        "weekly_minutes": "weeklyTime",
    }
)
"""Columns that hold minutes, and the fields that show them as a duration."""
KEYS = MappingProxyType({"TASK": "T-", "TICKET": "TK-", "OPPORTUNITY": "OP-"})
RECORDED = MappingProxyType(
    {
        "link": ("links", None, "LINK"),
        "note": ("notes", "Note", None),
        "time_entry": ("timeEntries", "TimeEntry", None),
        "reminder": ("reminders", "Reminder", None),
        "conversion": ("conversions", "Conversion", None),
        "blocker": ("blockers", "Task", None),
        "indicator": ("indicators", "AssessmentIndicator", None),
        "user": ("user", "User", None),
        "copied_from": ("copiedFrom", "Task", None),
        "members": ("members", None, "PEOPLE"),
        "leads": ("leads", None, "PEOPLE"),
        "people": ("people", None, "PEOPLE"),
    }
)
"""What is told of a subject that none of its own columns shows."""

Meaning = tuple[str, str | None, str | None]
"""The field, the type of what it points at, and how its value is written."""


def _of_column(model: type[Model], column: str) -> Meaning:
    field = model._meta.fields_map[column]  # noqa: SLF001 - Tortoise's documented way to a model's fields
    source: Any = model._meta.fields_map.get(column.removesuffix("_id"))  # noqa: SLF001 - as above
    if column in LENGTHS:
        return LENGTHS[column], None, "MINUTES"
    if column.endswith("_id") and source is not None:
        return camel(column.removesuffix("_id")), source.model_name.removeprefix("models."), None
    return camel(column), None, "INSTANT" if isinstance(field, DatetimeField) else None


def _meanings() -> dict[str, Meaning]:
    """What is behind each name in the log; `TEAM.parent_id` where it is not what `parent_id` is elsewhere."""
    found = dict(RECORDED)
    tables = {each._meta.db_table: each for each in vars(models).values() if _is_table(each)}  # noqa: SLF001 - as above
    for table, kind in SUBJECTS.items():
        if kind in KEYS:
            found[f"{kind}.number"] = "key", None, KEYS[kind]
        for column in tables[table]._meta.fields_db_projection:  # noqa: SLF001 - as above
            meaning = _of_column(tables[table], column)
            name = column if found.setdefault(column, meaning) == meaning else f"{kind}.{column}"
            found[name] = meaning
    return {name: meaning for name, meaning in found.items() if meaning != (name, None, None)}


def _is_table(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, Model)


KNOWN = orjson.dumps(_meanings()).decode().replace("{", "{{").replace("}", "}}")
ROWS = f"""jsonb_each({{t}}.changes) c cross join (select '{KNOWN}'::jsonb as known) k
cross join lateral (
  select coalesce(k.known -> ({{t}}.subject_type || '.' || c.key), k.known -> c.key) as m
) n
cross join lateral (select coalesce(n.m ->> 0, c.key) as field, n.m ->> 1 as type, n.m ->> 2 as kind) d"""


def named(place: int) -> Named:
    """Name the row that a change leads from (0) or to (1)."""
    link = f"c.value #>> '{{{{{place},kind}}}}'"
    kind = f"case when {link} in ('INDIVIDUAL', 'ORGANIZATION') then 'Customer' else initcap({link}) end"
    key = f"case d.kind when 'LINK' then c.value #>> '{{{{{place},id}}}}' else c.value ->> {place} end"
    return Named(f"case d.kind when 'LINK' then {kind} else d.type end", f"({key})::uuid")


def label(place: int) -> Label:
    """Write what a change leads from (0) or to (1): what people call it, or the value."""
    value = f"(c.value ->> {place})"
    instant = leaf(Value("", Kind.INSTANT), f"{value}::timestamptz")
    people = (
        "(select string_agg(u.name, ', ' order by u.name) from users u where u.workspace_id = {workspace}"
        f" and u.id in (select x::uuid from jsonb_array_elements_text(nullif(c.value -> {place}, 'null')) x))"
    )
    return Label(
        named(place),
        f"case when d.kind = 'INSTANT' then {instant} when d.kind = 'MINUTES' then ({duration(f'{value}::int')})::text"
        f" when d.kind = 'PEOPLE' then {people} when d.kind like '%-' then d.kind || {value} else {value} end",
    )
