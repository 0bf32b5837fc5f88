"""A library of authors, books and reviews, so that the compiler is seen to know no business noun."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Union
from uuid import UUID

import strawberry
from strawberry.schema.config import StrawberryConfig
from tortoise import fields
from tortoise.models import Model

from schema.compiler.build import Builder, Rules
from schema.compiler.catalog import Column, Hidden, Kind, Table
from schema.compiler.fields import (
    Connection,
    Node,
    changed,
    column,
    computed,
    embed,
    item,
    items,
    listing,
    me,
    node,
    one,
    one_of,
    page,
    sql,
)
from schema.scalars import SCALAR_MAP, DateTimeOrDuration


class Genre(StrEnum):
    NOVEL = "NOVEL"
    POEM = "POEM"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


strawberry.enum(Genre)
strawberry.enum(Size)


class Authors(Model):
    id = fields.UUIDField(primary_key=True)
    workspace_id = fields.UUIDField()
    name = fields.CharField(max_length=50)
    born = fields.DateField(null=True)
    mentor_id = fields.UUIDField(null=True)

    class Meta:
        table = "authors"


class Books(Model):
    id = fields.UUIDField(primary_key=True)
    workspace_id = fields.UUIDField()
    author_id = fields.UUIDField()
    title = fields.CharField(max_length=50)
    genre = fields.CharEnumField(Genre)
    size = fields.IntEnumField(Size)
    pages = fields.IntField(null=True)
    price = fields.DecimalField(max_digits=8, decimal_places=2)
    published_at = fields.DatetimeField(null=True)
    lost = fields.BooleanField()
    parts: Any = fields.JSONField()

    class Meta:
        table = "books"


REVIEWS = Table(
    "reviews",
    {
        each.name: each
        for each in (
            Column("id", Kind.UUID),
            Column("workspace_id", Kind.UUID),
            Column("book_id", Kind.UUID),
            Column("about_author_id", Kind.UUID, nullable=True),
            Column("about_book_id", Kind.UUID, nullable=True),
            Column("stars", Kind.INT),
        )
    },
)
TABLES = """
create table authors (id uuid, workspace_id uuid, name text, born date, mentor_id uuid,
    search_text text generated always as (lower(name)) stored);
create table books (id uuid, workspace_id uuid, author_id uuid, title text, genre text, size int, pages int,
    price numeric, published_at timestamptz, lost bool, parts jsonb, secret_of uuid);
create table reviews (id uuid, workspace_id uuid, book_id uuid, about_author_id uuid, about_book_id uuid, stars int);
"""


class Sight:
    """What a reader sees; a librarian sees all."""

    def __init__(self, where: str, follows: str | None = None) -> None:
        self.where, self.follows = where, follows


HERE = "{t}.workspace_id = {workspace}"
OPEN = "({t}.secret_of is null or {t}.secret_of = {me})"
OF_BOOK = "exists (select from books b where b.id = {t}.book_id and " + OPEN.replace("{t}", "b") + ")"
SIGHTS = {
    "books": Sight(f"{HERE} and {OPEN}"),
    "reviews": Sight(f"{HERE} and {OF_BOOK}", "book_id"),
    "authors": Sight(HERE),
}


@strawberry.type
class Part:
    heading: str
    length: int | None


@strawberry.type
class Life:
    born: str | None
    name: str


@strawberry.type
class Advice:
    read: bool
    why: str


def praise(facts: dict[str, Any], viewer: Any) -> list[dict[str, Any]]:
    return [{"read": True, "why": f"{facts['word']} for a {viewer.kind}"}]


def advise(facts: dict[str, Any], viewer: Any) -> list[dict[str, Any]]:
    return [{"read": facts["pages"] is not None, "why": f"{facts['pages']} pages for a {viewer.kind}"}]


@node(Authors, prefix="author", searchable=True)
class Author(Node):
    """Who writes."""

    name: str = column("Name.")
    born: date | None = column("Day of birth.")
    mentor: "Author | None" = one("Who taught them.")
    pupils: "Connection[Author]" = page("Whom they taught.", by="mentor")
    books: "Connection[Book]" = page("What they wrote.", by="author")
    life: Life = embed("Name and day.", born="{t}.born::text", name="{t}.name")
    is_me: bool = sql("Whether it is the one who asks.", "{t}.id = {me}")
    advice: list[Advice] = computed("Why to read them.", praise, word="upper({t}.name)")


@node(
    Books,
    prefix="book",
    hidden=Hidden("{t}.lost", "includeLost", "Also lost ones.", unless="title"),
)
class Book(Node):
    """What is read."""

    title: str = column("Title.")
    genre: Genre = column("Kind.")
    size: Size = column("Size.")
    pages: int | None = column("Pages.")
    price: Decimal = column("Price.")
    published_at: datetime | None = column("When.")
    old: bool = sql("Whether it is older than today.", "coalesce({t}.published_at < {today}, false)")
    author: Author | None = one("Who wrote it.")
    parts: list[Part] = embed(
        "Its parts.", rows="jsonb_each({t}.parts) p", heading="p.key", length="(p.value ->> 0)::int"
    )
    reviews: "Connection[Review]" = page("What people say.", by="book")
    advice: list[Advice] = computed("Whether to read it.", advise, pages="{t}.pages")


Subject = Annotated[Union["Author", "Book"], strawberry.union("Subject")]


@node(REVIEWS, prefix="review")
class Review(Node):
    """What somebody says."""

    stars: int = column("How good.")
    book: Book | None = one("About which book.")
    subject: Subject | None = one_of("About what.", Author="about_author_id", Book="about_book_id")


@strawberry.type
class Query:
    author: Author | None = item("One.")
    authors: Connection[Author] = listing("All.")
    book: Book | None = item("One.")
    books: Connection[Book] = listing("All.")
    reviews: Connection[Review] = listing("All.")
    myself: Author | None = me("Who asks.")
    node: Node | None = item("Any.")
    nodes: list[Node | None] = items("Any.")


@strawberry.type
class TouchPayload:
    """What was touched."""

    book: UUID | None = changed("The book as it is now.", Book)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def touch(self, number: int) -> TouchPayload:
        return TouchPayload(book=key("book", number))


TYPES = {each.__name__: each for each in (Author, Book, Review)}
RULES = Rules(
    sight=lambda table, kind: SIGHTS[table] if kind == "reader" else Sight(HERE),
    words={"workspace": "uuid", "me": "uuid"},
    macros={"today": "(now() at time zone 'UTC')::date"},
    secret=b"toy",
    answers={
        Kind.UUID: strawberry.ID,
        Kind.TEXT: str,
        Kind.INT: int,
        Kind.BOOL: bool,
        Kind.DATE: date,
        Kind.INSTANT: DateTimeOrDuration,
        Kind.NUMERIC: Decimal,
    },
)
schema, reader = Builder(TYPES, RULES, StrawberryConfig(scalar_map=SCALAR_MAP)).build(Query, Mutation)


def key(type_: str, number: int) -> UUID:
    """The id of a row."""
    return UUID(f"{ {'author': 'a', 'book': 'b', 'review': 'c', 'workspace': 'd'}[type_] * 8 }-{number:024x}")


class Viewer:
    """Who asks: Anna, whose secret book is the fifth."""

    def __init__(self, kind: str = "reader", author: int = 1) -> None:
        self.kind = kind
        self.words = {"workspace": key("workspace", 1), "me": key("author", author)}


class Context:
    """One request's."""

    def __init__(self, viewer: Viewer, database: Any) -> None:
        self.viewer, self.database, self.turn = viewer, database, asyncio.Lock()


def authors() -> list[tuple[Any, ...]]:
    here, there = key("workspace", 1), key("workspace", 2)
    return [
        (key("author", 1), here, "Anna Blume", date(1900, 1, 1), None),
        (key("author", 2), here, "Bert Ask", None, key("author", 1)),
        (key("author", 3), here, "Cleo Äther", date(1950, 5, 5), key("author", 1)),
        (key("author", 4), there, "Dora Else", None, None),
    ]


def books() -> list[tuple[Any, ...]]:
    here, there = key("workspace", 1), key("workspace", 2)
    old, older = datetime(1999, 12, 31, 23, 59, 59, 999999, UTC), datetime(1950, 1, 1, tzinfo=UTC)
    rows = (
        (here, 1, "Ash", "NOVEL", 1, 100, "9.90", old, False, None),
        (here, 1, "birch", "POEM", 2, None, "10.00", None, False, None),
        (here, 2, "Cedar", "NOVEL", 2, 300, "0.50", older, False, None),
        (here, 2, "Dogwood", "NOVEL", 1, 300, "9.90", older, True, None),
        (here, 3, "Elm", "POEM", 1, 20, "7.00", old, False, 1),
        (here, 3, "Fir", "POEM", 1, 20, "7.00", old, False, 2),
        (there, 4, "Ginkgo", "NOVEL", 1, 1, "1.00", None, False, None),
    )
    return [
        (
            key("book", n),
            w,
            key("author", a),
            t,
            g,
            s,
            p,
            Decimal(c),
            d,
            lost,
            '{"I": [3], "II": []}',
            x and key("author", x),
        )
        for n, (w, a, t, g, s, p, c, d, lost, x) in enumerate(rows, 1)
    ]


def reviews() -> list[tuple[Any, ...]]:
    here = key("workspace", 1)
    about = ((1, None, 1), (1, 1, None), (2, None, 2), (6, None, 6), (3, 2, None), (3, None, 6))
    return [
        (key("review", n), here, key("book", b), a and key("author", a), c and key("book", c), n % 5 + 1)
        for n, (b, a, c) in enumerate(about, 1)
    ]


async def store(connection: Any) -> None:
    """Make the tables and fill them."""
    await connection.execute(TABLES)
    columns = {
        "authors": "id, workspace_id, name, born, mentor_id",
        "books": "id, workspace_id, author_id, title, genre, size, pages, price, published_at, lost, parts, secret_of",
        "reviews": "id, workspace_id, book_id, about_author_id, about_book_id, stars",
    }
    for table, rows in (("authors", authors()), ("books", books()), ("reviews", reviews())):
        places = ", ".join(f"${n}" for n in range(1, len(rows[0]) + 1))
        await connection.executemany(f"insert into {table} ({columns[table]}) values ({places})", rows)
