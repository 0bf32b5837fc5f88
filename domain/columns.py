"""What the columns of a row take: text of some length, whole numbers of some size, and something where they must."""

from collections.abc import Iterator, Mapping
from typing import Any

from tortoise.fields import CharField, Field, IntField, TextField
from tortoise.models import Model

from domain.errors import DomainError, InvalidInput, Required, TooLong

LONGEST = 20_000
"""Characters in a text that has no limit of its own."""
LARGEST = 2**31 - 1


def faults(model: type[Model], values: Mapping[str, Any], *, inside: tuple[str, ...] = ()) -> Iterator[DomainError]:
    """Everything that is wrong with these columns' values; the path is the column as the API spells it, `inside` it."""
    for name, value in values.items():
        field = model._meta.fields_map[name]  # noqa: SLF001 -- Tortoise's documented way to a model's fields
        path, words = (*inside, camel(name)), name.removesuffix("_id").replace("_", " ").capitalize()
        if (value is None or (isinstance(value, str) and not value.strip())) and not field.null:
            yield Required(path=path, field=words)
        elif isinstance(value, str) and isinstance(field, CharField | TextField):
            yield from _of_text(field, value, path, words)
        elif type(field) is IntField and abs(value or 0) > LARGEST:
            yield InvalidInput(path=path, reason=f"{words} is too large")


def _of_text(field: Field[Any], value: str, path: tuple[str, ...], words: str) -> Iterator[DomainError]:
    limit = getattr(field, "max_length", LONGEST)
    if len(value) > limit:
        yield TooLong(path=path, field=words, length=len(value), limit=limit)
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        yield InvalidInput(path=path, reason=f"{words} holds a character that is no text")


def spelled(column: str) -> str:
    """A column of a task as the input that changes it spells it."""
    return "expectedDuration" if column == "expected_minutes" else camel(column)


def camel(name: str) -> str:
    """A column as the API spells it."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
