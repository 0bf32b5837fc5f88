"""The largest documents that the limits allow, at first sight: `python -m bench.documents`."""

import asyncio
import gc
import time
from collections.abc import Sequence
from uuid import uuid4

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    execute,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)
from strawberry.execution import optimized_is_awaitable

from domain.principal import Principal
from models import Role
from schema import reader, schema
from schema.compiler.executor import Compiled
from schema.context import Context
from schema.documents import Documents
from schema.limits import Limits

GRAPH = schema._schema  # noqa: SLF001 - Strawberry keeps graphql-core's schema under no other name
ROUNDS = 5
ID = "task_" + "0" * 32


class Nowhere:
    """A database that answers nothing, at once."""

    async def json(self, statement: str, values: Sequence[object]) -> bytes | None:
        """Run nothing."""
        return None


def leaves(name: str) -> str:
    """All that a row of a type shows of itself."""
    type_ = GRAPH.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    return " ".join(each for each, place in type_.fields.items() if is_leaf_type(get_named_type(place.type)))


def deep(levels: int, inside: str) -> str:
    """So many parents of a task."""
    return "parent { title " * levels + inside + " }" * levels


def many(count: int, text: str) -> str:
    """So many times the same, with numbers for each `#`."""
    return " ".join(text.replace("#", str(n)) for n in range(count))


PAGE = "nodes { id } edges { cursor } pageInfo { startCursor endCursor } totalCount"
SORT = "sort: [{field: DUE_ON} {field: TITLE} {field: SCHEDULED_AT}]"
LONG = '"' + 14_900 * "x" + '"'
COMPARED = "{title: {contains: %s}}"
WIDE = many(54, COMPARED % '"x"')
RELATED = '{parent: {assignee: {tasks: {some: {title: {eq: "x"}}}}}}'
ROOT = "a#: tasks(first: %s) { nodes { %s } }"
BOTH = f"parent {{ {leaves('Task')} }} subtasks(first: 1) {{ nodes {{ {leaves('Task')} }} }}"
CASES = {
    "30 roots": many(30, ROOT % (1, deep(2, "key"))),
    "15 deep roots": many(15, ROOT % (1, deep(6, "key status"))),
    "22 full pages": many(22, f"a#: tasks(first: 1, {SORT}) {{ {PAGE} }}"),
    "22 full pages with variables": many(22, f"a#: tasks(first: $n, {SORT}) {{ {PAGE} }}"),
    "every field of 7 tasks": many(7, f'a#: task(id: "{ID}") {{ {leaves("Task")} }}'),
    "a wide filter": f"tasks(filter: {{or: [{WIDE}], and: [{WIDE}]}}) {{ totalCount }}",
    "a filter of relations": f"tasks({SORT}, filter: {{or: [{many(30, RELATED)}]}}) {{ {PAGE} }}",
    "a long text": f"tasks(filter: {COMPARED % LONG}) {{ totalCount }}",
    "equal fields": f"tasks {{ nodes {{ {many(139, 'id')} }} }}",
    "fragments": f"{many(3, ROOT % (1, '...F'))} }} fragment F on Task {{ {BOTH}",
    "70 variables": f"tasks(filter: {{or: [{many(70, COMPARED % '$v#')}]}}) {{ totalCount }}",
    "30 roots with variables": many(30, ROOT % ("$n", deep(2, "...K"))) + " } fragment K on Task { key @skip(if: $no)",
}
VARIABLES = {
    "22 full pages with variables": "$n: Int = 1",
    "30 roots with variables": "$n: Int = 1 $no: Boolean = false",
    "70 variables": many(70, "$v#: String"),
}


def document(name: str) -> str:
    """Write one of the cases as a document."""
    variables = f"({VARIABLES[name]})" if name in VARIABLES else ""
    return f"query{variables} {{ {CASES[name]} }}"


def plainly(text: str) -> None:
    """What graphql-core by itself does before it executes."""
    assert validate(GRAPH, parse(text)) == []


async def prepared(text: str) -> None:
    """What we do before anything is read, the statements included."""
    reader.statements.clear()
    operation = await Documents(GRAPH, Limits()).operation(text, None)
    operation.cost({})
    by = Principal(id=uuid4(), workspace_id=uuid4(), role=Role.SUPERVISOR, name="Somebody")
    result = execute(
        GRAPH,
        operation.document,
        context_value=Context(by, Nowhere()),
        executor_class=Compiled,
        is_awaitable=optimized_is_awaitable,
    )
    result = result if isinstance(result, ExecutionResult) else await result
    assert not result.errors, result.errors


async def longest_wait(text: str) -> float:
    """Return how long at most another request waited for its turn meanwhile, in milliseconds."""
    waits = [0.0]

    async def others() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0)
            waits.append(time.perf_counter() - start)

    beside = asyncio.create_task(others())
    await asyncio.sleep(0)
    await prepared(text)
    await asyncio.sleep(0)
    beside.cancel()
    return 1000 * max(waits)


def main() -> None:
    """Measure each case in turns, and print the best of the rounds."""
    gc.freeze()  # as the server does
    for name in CASES:
        text = document(name)
        plain, ours, waits = [], [], []
        for _ in range(ROUNDS):
            start = time.process_time()
            plainly(text)
            middle = time.process_time()
            asyncio.run(prepared(text))
            plain.append(1000 * (middle - start))
            ours.append(1000 * (time.process_time() - middle))
            waits.append(asyncio.run(longest_wait(text)))
        ratio = min(ours) / min(plain)
        print(
            f"{name}: {len(text):,} characters, {min(ours):.0f} ms, {ratio:.2f} of graphql-core's parse and validate;"
            f" others wait {min(waits):.0f} ms at most"
        )


if __name__ == "__main__":
    main()
