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


def compared(count: int, value: str = '"x"') -> str:
    """So many comparisons."""
    return " ".join("{title: {contains: " + value.replace("#", str(n)) + "}}" for n in range(count))


def related(count: int) -> str:
    """So many conditions of three hops."""
    return '{parent: {assignee: {tasks: {some: {title: {eq: "x"}}}}}}' * count


PAGE = "nodes { id } edges { cursor } pageInfo { startCursor endCursor } totalCount"
SORT = "sort: [{field: DUE_ON} {field: TITLE} {field: SCHEDULED_AT}]"
BOTH = "parent { #LEAVES #NEXT } subtasks(first: 1) { nodes { #LEAVES #NEXT } }".replace("#LEAVES", leaves("Task"))
HALVES = [f"fragment F{n} on Task {{ {BOTH.replace('#NEXT', f'...F{n + 1}' if n < 1 else '')} }}" for n in range(2)]
TWICE = "a: tasks(first: 1) { nodes { ...F0 } } b: tasks(first: 1) { nodes { ...F0 } } } "
CASES = {
    "30 deep roots": " ".join(f"a{n}: tasks(first: 1) {{ nodes {{ {deep(6, 'key status')} }} }}" for n in range(30)),
    "30 full pages": " ".join(f"a{n}: tasks(first: 1, {SORT}) {{ {PAGE} }}" for n in range(30)),
    "every field of 14 tasks": " ".join(f'a{n}: task(id: "{ID}") {{ {leaves("Task")} }}' for n in range(14)),
    "a wide filter": f"tasks(filter: {{or: [{compared(60)}], and: [{compared(60)}]}}) {{ totalCount }}",
    "a filter of relations": f"tasks({SORT}, filter: {{or: [{related(30)}]}}) {{ {PAGE} }}",
    "fragments that double": TWICE + " ".join(HALVES) + " query B { __typename",
}
CASES = {name: f"query A {{ {text} }}" for name, text in CASES.items()}
NAMES = " ".join(f"$v{n}: String" for n in range(99))
DEEP = " ".join(f"a{n}: tasks(first: $first) {{ nodes {{ {deep(6, '...Key')} }} }}" for n in range(30))
CASES["30 deep roots with variables, a fragment and a directive"] = (
    f"query A($first: Int = 1) {{ {DEEP} }} fragment Key on Task {{ key status @include(if: true) }}"
)
CASES["99 variables"] = f"query A({NAMES}) {{ tasks(filter: {{or: [{compared(99, '$v#')}]}}) {{ totalCount }} }}"


def plainly(text: str) -> None:
    """What graphql-core by itself does before it executes."""
    assert validate(GRAPH, parse(text)) == []


async def prepared(text: str) -> None:
    """What we do before anything is read, the statements included."""
    reader.statements.clear()
    operation = await Documents(GRAPH, Limits()).operation(text, "A")
    operation.cost({})
    by = Principal(id=uuid4(), workspace_id=uuid4(), role=Role.SUPERVISOR, name="Somebody")
    result = execute(
        GRAPH,
        operation.document,
        context_value=Context(by, Nowhere()),
        operation_name="A",
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
    for name, text in CASES.items():
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
