"""What text a column takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from tortoise.fields import CharField, TextField
from tortoise.models import Model

from domain.errors import DomainError, InvalidInput, Required, TooLong

LONGEST = 20_000
"""Characters in a text that has no limit of its own."""


def faults(model: type[Model], values: Mapping[str, Any]) -> Iterator[DomainError]:
    """Everything that is wrong with the texts among these columns: their length, blanks, characters."""
    for name, value in values.items():
        field = model._meta.fields_map.get(name)  # noqa: SLF001 -- Tortoise's documented way to a model's fields
        if not isinstance(field, CharField | TextField) or not isinstance(value, str | None):
            continue
        path, words = (camel(name),), name.replace("_", " ").capitalize()
        if not field.null and not (value or "").strip():
            yield Required(path=path, field=words)
        if value is not None and len(value) > (limit := getattr(field, "max_length", LONGEST)):
            yield TooLong(path=path, field=words, length=len(value), limit=limit)
        if value is not None and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
            yield InvalidInput(path=path, reason=f"{words} holds a character that is no text")


def camel(name: str) -> str:
    """A column as the API spells it."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
