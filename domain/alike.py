"""New rows by the thousand: what most of them have in common is said once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from uuid_utils import UUID, uuid7

from domain.principal import Principal
from domain.statements import Values, plain
from domain.telling import PLUMBING, alike, news

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of one table: the values that all of them have, and, by column, those that each has of its own."""

    same: Values
    own: Columns
    """As many values for each column as there are rows; none is null of what the log tells."""

    @property
    def size(self) -> int:
        """How many rows these are."""
        return len(next(iter(self.own.values())))

    def records(self, columns: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """The rows as values of these columns."""
        found = (self.own[name] if name in self.own else repeat(self.same[name], self.size) for name in columns)
        return zip(*found, strict=True)

    def stored(self, where: Values) -> "Alike":
        """The rows where they belong, with ids if they have none."""
        return Alike({**where, **self.same}, self.own if "id" in self.own else {"id": ids(self.size), **self.own})

    def told(self, by: Principal, about: str, verb: str) -> "Alike":
        """The events that tell of these rows, which are of a table that the log tells of."""
        event = dict(alike(by, about, verb, news(self.same)))
        head, names = plain(event.pop("changes"))[:-1], [name for name in self.own if name not in PLUMBING]
        own = ({name: (None, value) for name, value in zip(names, row, strict=True)} for row in self.records(names))
        changes = [f"{head},{plain(each)[1:]}" for each in own]
        return Alike(event, {"id": ids(self.size), "subject_id": self.own["id"], "changes": changes})


def ids(number: int) -> list[UUID]:
    """New ids, in their order; of a kind that only PostgreSQL reads, and that is made in a seventh of the time."""
    return [uuid7() for _ in range(number)]


def copied(rows: Sequence[Alike]) -> dict[str, Any]:
    """Rows, all with the columns of the first, as PostgreSQL's COPY takes them."""
    columns = [*rows[0].same, *rows[0].own]
    return {"columns": columns, "records": chain.from_iterable(each.records(columns) for each in rows)}
