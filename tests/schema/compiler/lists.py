"""Filters, sorts and pages, the slow and obvious way."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from graphql import GraphQLError

from models import Priority
from schema.formats import parse_duration
from tests.schema.compiler.columns import FINAL, column, value
from tests.schema.compiler.world import decode

ONE_CASE = {"eq", "neq", "in", "nin", "contains", "startsWith"}
RELATED = {"finishedBy": "finished_by_id"}


class Refused(GraphQLError):
    """What the server refuses."""

    def __init__(self, code):
        super().__init__(code, extensions={"code": code})


def asunder(part):
    """What a relation's filter joins with a word on its being null, and all else that it says."""
    given = {key: each for key, each in part.items() if each is not None}
    apart = {key: each for key, each in given.items() if key in {"and", "or", "not"} and speaks_of_null(key, each)}
    return apart, {key: each for key, each in given.items() if key not in apart}


def speaks_of_null(key, part):
    if part is None:
        return False
    items = part if key in {"and", "or"} else [part] if key == "not" else []
    return key == "isNull" or any(speaks_of_null(*entry) for item in items if item for entry in item.items())


class Lists:
    """The lists of one viewer; `related` finds what a relation or a list holds, `types` the kinds of inputs."""

    def __init__(self, world, by, related):
        self.world, self.by, self.related = world, by, related

    # Filters

    def check(self, type_, wanted, depth=1):
        """Refuse what is too deep, too long or no id, whether or not a row is there to be compared."""
        if depth > 5:
            raise Refused("LIMIT_EXCEEDED")
        for name, part in wanted.items():
            if part is None:
                continue
            if name in {"and", "or"}:
                for each in limited(part):
                    self.check(type_, each, depth + 1)
            elif name == "not":
                self.check(type_, part, depth + 1)
            elif name != "isNull":
                self._check_field(type_, name, part, depth)

    def _check_field(self, type_, name, part, depth):
        kind, target = self.related.kind(type_, name)
        if kind == "one":
            self._check_one(target, part, depth)
        elif kind == "many":
            for each in part.values():
                if each is not None:
                    self.check(target, each, depth + 1)
        else:
            for word, each in part.items():
                if each is not None and word in {"in", "nin"}:
                    limited(each)
                for text in each if isinstance(each, list) else [each]:
                    if name == "id" and isinstance(text, str) and decode(text)[0] != type_:
                        raise Refused("INVALID_ID")

    def _check_one(self, target, part, depth):
        if depth > 5:
            raise Refused("LIMIT_EXCEEDED")
        apart, rest = asunder(part)
        for name, each in apart.items():
            for item in limited(each) if name != "not" else [each]:
                if item is not None:
                    self._check_one(target, item, depth + 1)
        rest.pop("isNull", None)
        if rest:
            self.check(target, rest, depth + 1)

    def fits(self, row, wanted):
        """Whether a row fulfils all of a filter."""
        return all(self._fits(row, name, part) for name, part in wanted.items() if part is not None)

    def _fits(self, row, name, part):
        if name == "and":
            return all(self.fits(row, each) for each in part)
        if name == "or":
            return any(self.fits(row, each) for each in part)
        if name == "not":
            return not self.fits(row, part)
        if name == "isNull":
            return not part
        kind, _ = self.related.kind(row.type, name)
        if kind == "one":
            return self._one(self.related.one(row, name), part)
        if kind == "many":
            return self._many(self.related.many(row, name), part)
        return all(self._compare(row, name, word, given) for word, given in part.items() if given is not None)

    def _one(self, found, part):
        apart, rest = asunder(part)
        if "isNull" in rest and rest.pop("isNull") != (found is None):
            return False
        joined = {"and": all, "or": any, "not": lambda fit: not any(fit)}
        for name, each in apart.items():
            items = [each] if name == "not" else each
            if not joined[name](self._one(found, item) for item in items if item is not None):
                return False
        return not rest or (found is not None and self.fits(found, rest))

    def _many(self, found, part):
        tests = {"some": any, "every": all, "none": lambda fit: not any(fit)}
        return all(
            tests[word](self.fits(each, wanted) for each in found)
            for word, wanted in part.items()
            if wanted is not None
        )

    def _compare(self, row, name, word, given):
        found = value(self.world, self.by, row, name)
        if word == "isNull":
            return (found is None) is given
        if name == "id":
            decoded = [decode(each)[1].hex for each in (given if isinstance(given, list) else [given])]
            given, found = decoded if isinstance(given, list) else decoded[0], row["id"].hex
        elif name == "priority":
            given, found = self._typed(given, Priority.LOW), found and Priority[found]
        else:
            given = self._typed(given, found)
        if found is None:
            return word in {"neq", "nin"}
        return compare(word, found, given)

    def _typed(self, given, like):
        """Read what was given as the type of what it is compared with, letters in one case."""
        if isinstance(given, list):
            return [self._typed(each, like) for each in given]
        if isinstance(like, Priority):
            return Priority[given]
        if isinstance(like, datetime):
            return moment(given, self.world.now)
        if isinstance(like, timedelta):
            return parse_duration(given)
        if isinstance(like, date):
            return date.fromisoformat(given)
        if isinstance(like, Decimal):
            return Decimal(given)
        return given

    # Pages

    def page(self, type_, rows, *, usual=None, first=None, last=None, after=None, before=None, **rest):
        """A connection over some rows of a type, which come in their usual order unless another is given."""
        wanted, sort = rest.get("filter") or {}, rest.get("sort")
        search = (rest.get("search") or "").strip() and rest["search"]
        self.check(type_, wanted)
        if first is not None and last is not None:
            raise Refused("INVALID_INPUT")
        limit = next((each for each in (first, last) if each is not None), 20)
        if not 0 <= limit <= 100 or len(sort or ()) > 3:
            raise Refused("LIMIT_EXCEEDED")
        hidden = type_ == "Task" and not rest.get("includeFinished") and not names_status(wanted)
        found = self.world.searches[type_, search] if search else {}
        kept = [
            row
            for row in rows
            if self.world.sees(self.by, row)
            and self.fits(row, wanted)
            and (not search or row["id"] in found)
            and not (hidden and row["status"] in FINAL)
        ]
        usual = usual and [{"field": usual, "direction": "ASC"}]
        order = self.order(type_, sort or (None if search else usual), found if search else None)
        return window(kept, order, first, last, *(self._at(type_, each) for each in (after, before)))

    def _at(self, type_, cursor):
        if cursor == "cursor:wrong":
            raise Refused("INVALID_CURSOR")
        return cursor and self.world.get(type_, UUID(cursor.removeprefix("cursor:")))

    def order(self, type_, sort, ranks):
        """A function that sorts rows."""

        def sorted_(rows):
            rows = sorted(rows, key=lambda row: row["id"])
            if sort is None:
                return sorted(rows, key=lambda row: -ranks[row["id"]]) if ranks is not None else rows
            for key in reversed(sort):
                rows = self._by(rows, key)
            return rows

        return sorted_

    def _by(self, rows, key):
        name, down = camel(key["field"]), key["direction"] == "DESC"
        nulls = key.get("nulls") or ("FIRST" if down else "LAST")
        worth = {row["id"]: row["id"] if name == "id" else column(row, name) for row in rows}
        empty = [row for row in rows if worth[row["id"]] is None]
        full = [row for row in rows if worth[row["id"]] is not None]
        full.sort(key=lambda row: worth[row["id"]], reverse=down)
        return empty + full if nulls == "FIRST" else full + empty


def window(rows, order, first, last, after, before):
    """Cut a page out of rows: what comes after one row and before another, and of that the first or last few."""
    marks = [mark for mark in (after, before) if mark is not None]
    known = {row["id"] for row in rows}
    ordered = order(list({row["id"]: row for row in (*rows, *marks)}.values()))
    places = {row["id"]: place for place, row in enumerate(ordered)}
    start = places[after["id"]] + 1 if after else 0
    end = places[before["id"]] if before else len(ordered)
    between = [row for row in ordered[start:end] if row["id"] in known]
    limit = next((each for each in (first, last) if each is not None), 20)
    page = between[max(0, len(between) - limit) :] if last is not None else between[:limit]
    more = len(between) > limit
    edges = [{"cursor": f"cursor:{row['id']}", "node": row} for row in page]
    info = {
        "hasNextPage": before is not None if last is not None else more,
        "hasPreviousPage": more if last is not None else after is not None,
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
    }
    return {"nodes": page, "edges": edges, "pageInfo": info, "totalCount": len(rows)}


def limited(values):
    if len(values) > 100:
        raise Refused("LIMIT_EXCEEDED")
    return values


def names_status(wanted):
    """Whether a filter speaks of the status in its own object, `and`, `or` or `not`."""
    given = {name: part for name, part in wanted.items() if part is not None}
    inner = [*given.get("and", ()), *given.get("or", ()), *([given["not"]] if "not" in given else ())]
    return "status" in given or any(names_status(each) for each in inner)


def compare(word, found, given):
    """One comparison of values that are there; texts without regard to case."""
    if isinstance(found, str) and word in ONE_CASE:
        found, given = found.lower(), [each.lower() for each in given] if isinstance(given, list) else given.lower()
    tests = {
        "eq": lambda: found == given,
        "neq": lambda: found != given,
        "in": lambda: found in given,
        "nin": lambda: found not in given,
        "gt": lambda: found > given,
        "gte": lambda: found >= given,
        "lt": lambda: found < given,
        "lte": lambda: found <= given,
        "contains": lambda: given in found,
        "startsWith": lambda: found.startswith(given),
    }
    return tests[word]()


def moment(text, now):
    """An instant, or a length of time from now."""
    if not text.startswith(("P", "-P")):
        return datetime.fromisoformat(text)
    sign, days, hours = re.fullmatch(r"(-?)P(?:(\d+)D)?(?:T(\d+)H)?", text).groups()
    span = timedelta(days=int(days or 0), hours=int(hours or 0))
    return now - span if sign else now + span


def camel(name):
    """The field behind a word in capitals."""
    head, *tail = name.lower().split("_")
    return head + "".join(part.title() for part in tail)
