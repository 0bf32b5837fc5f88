"""Where reading starts: a list, a row by its id, the only one, any node, or what a mutation changed."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from schema.compiler import catalog as c
from schema.compiler import plan as p
from schema.compiler.errors import CompileError, InvalidId, LimitExceeded
from schema.compiler.merged import Merged
from schema.compiler.select import Selector, behind
from schema.compiler.selection import Selection
from schema.compiler.sql import Writer
from schema.compiler.values import ROOT, Variable, decode_id

MOST_IDS = 100
KEY = p.Bound(Variable((ROOT,)), "uuid")


class Seed(NamedTuple):
    """What a root field starts from: ids (if it needs any), and the prefixes of the types they are of.

    `otherwise` is raised when the statement answers nothing; without it, that is null.
    """

    value: Any = None
    prefixes: tuple[str, ...] = ()
    otherwise: CompileError | None = None


class Root(Protocol):
    """A kind of root field."""

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Read what to start from; None answers null."""

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the statement."""


@dataclass(frozen=True)
class List:
    """All rows of a type that the viewer sees."""

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Start from nothing."""
        return Seed()

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the page."""
        node = writer.catalog.nodes[behind(selection.place)]
        return f"select {writer.output(selector.rows(node, selection.nodes, selection.place, c.Page(), ()), '')}"


@dataclass(frozen=True)
class Only:
    """The one row of a type that the viewer sees where `which` holds: SQL over `{t}` and the viewer's words."""

    which: str

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Start from nothing."""
        return Seed()

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the row."""
        node = writer.catalog.nodes[behind(selection.place)]
        return f"select {writer.output(selector.row(node, selection.nodes, self.which, ()), '')}"


@dataclass(frozen=True)
class ById:
    """The row that the argument `id` names: of the field's type, or of any type when that is an interface."""

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Decode the id; raises InvalidId."""
        id, node = selection.argument("id"), behind(selection.place)
        prefix = catalog.nodes[node].prefix if node in catalog.nodes else known_prefix(catalog, id)
        return Seed(decode_id(prefix, id), (prefix,))

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the row."""
        return _row(selector, writer, selection, writer.catalog.prefixes[seed.prefixes[0]])


@dataclass(frozen=True)
class Inside:
    """A merged list in the row that an argument names, which may be of any type that has such a list."""

    argument: str
    description: str
    field: str

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Decode the id; raises InvalidId, also for a type that has no such list."""
        text = selection.argument(self.argument)
        prefix = known_prefix(catalog, text)
        if self.field not in catalog.prefixes[prefix].fields:
            message = f"What {text[:80]!r} names has no {self.field}."
            raise InvalidId(message)
        return Seed(decode_id(prefix, text), (prefix,))

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the list, beside the row that it is of."""
        node, t = writer.catalog.prefixes[seed.prefixes[0]], writer.alias()
        spec = node.fields[self.field]
        assert isinstance(spec, Merged)  # noqa: S101 - as declared
        page = writer.output(selector.merged(selection.nodes, selection.place, spec, ()), t)
        return (
            f"select {page} from {node.table.name} {t} where {t}.id = {writer.bound(KEY)} and {writer.visible(node, t)}"
        )


@dataclass(frozen=True)
class Changed:
    """The row whose id the payload holds in the field's place."""

    attribute: str = ""

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Take the id; there is no row when there is none."""
        key: UUID | None = getattr(source, self.attribute)
        return None if key is None else Seed(key)

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write the row."""
        return _row(selector, writer, selection, writer.catalog.nodes[behind(selection.place)])


@dataclass(frozen=True)
class ByIds:
    """The rows of any types that the argument `ids` names, in its order, null where there is none."""

    def seed(self, catalog: c.Catalog, source: Any, selection: Selection) -> Seed | None:
        """Decode the ids; raises InvalidId, and LimitExceeded for too many."""
        ids: list[str] = selection.argument("ids")
        if len(ids) > MOST_IDS:
            message = f"At most {MOST_IDS} ids at once, not {len(ids)}."
            raise LimitExceeded(message)
        prefixes = [known_prefix(catalog, each) for each in ids]
        keys = [decode_id(prefix, each) for prefix, each in zip(prefixes, ids, strict=True)]
        return Seed({"prefixes": prefixes, "keys": keys}, tuple(sorted(set(prefixes))))

    def write(self, selector: Selector, writer: Writer, selection: Selection, seed: Seed) -> str:
        """Write one look-up for each type that occurs."""
        prefixes, keys = (
            writer.bound(p.Bound(Variable((ROOT, name)), type_))
            for name, type_ in (("prefixes", "text[]"), ("keys", "uuid[]"))
        )
        rows = {
            prefix: selector.row(writer.catalog.prefixes[prefix], selection.nodes, "{t}.id = {parent}.id", ("*",))
            for prefix in seed.prefixes
        }
        cases = " ".join(f"when '{prefix}' then {writer.output(row, 'wanted')}" for prefix, row in rows.items())
        row = f"case wanted.prefix {cases} end" if cases else "null::json"
        return (
            f"select coalesce(json_agg({row} order by wanted.place), '[]')"
            f" from unnest({prefixes}, {keys}) with ordinality wanted (prefix, id, place)"
        )


def _row(selector: Selector, writer: Writer, selection: Selection, node: c.Node) -> str:
    return f"select {writer.output(selector.row(node, selection.nodes, '{t}.id = {0}', (), KEY), '')}"


def known_prefix(catalog: c.Catalog, text: str) -> str:
    """Return the prefix of an id of any type; raises InvalidId."""
    prefix = text.rpartition("_")[0]
    if prefix not in catalog.prefixes:
        message = f"{text[:80]!r} is not an id: ids look like task_ and 32 hexadecimal digits."
        raise InvalidId(message)
    return prefix
