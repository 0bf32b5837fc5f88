"""Random documents get the same answer from the compiler and from a naive server, in one statement a root field."""

import random

import pytest
from graphql import OverlappingFieldsCanBeMergedRule

from schema.context import Context
from tests.effort import SEED, tries
from tests.schema.compiler.asking import faults
from tests.schema.compiler.comparing import REAL, WRONG, compare
from tests.schema.compiler.documents import Writer
from tests.schema.compiler.values import Values

pytestmark = pytest.mark.long

MERGING = [OverlappingFieldsCanBeMergedRule]
"""The one rule that a writer may break without knowing: two fragments meet, and ask the same name for two things."""

DOCUMENTS = tries(few=150, all=3_000)


def people(world):
    return [user for user in world.rows["User"].values() if user["active"]]


def another(world, by, rng):
    """Somebody of another role, in the same workspace."""
    found = [user for user in people(world) if user["workspace_id"] == by.workspace_id and user["role"] != by.role]
    return world.principal(rng.choice(found))


def cursors_in(answer, alias):
    """All cursors in an answer under an alias."""
    if isinstance(answer, dict):
        return [
            c
            for key, value in answer.items()
            for c in ([value] if key == alias and isinstance(value, str) else cursors_in(value, alias))
        ]
    return [c for value in answer for c in cursors_in(value, alias)] if isinstance(answer, list) else []


def written(seed, reference, world):
    """A valid document by a seed, and who runs it."""
    rng = random.Random(seed)
    user = rng.choice(people(world))
    by = world.principal(user)
    while True:
        writer = Writer(reference.schema, Values(world, by, rng), rng)
        document = writer.document()
        if not faults(REAL, document.text, MERGING):
            return document, by


@pytest.mark.parametrize("part", range(10))
async def test_random_documents_get_the_answer_of_a_naive_server(part, reference, world, reading):
    for seed in range(part, DOCUMENTS, 10):
        document, by = written(SEED * 1_000_000 + seed, reference, world)
        context = Context(by, reading)
        variables = first = document.choose()
        try:
            answer = await compare(reference, context, document.text, variables, document.cursors)
            context = Context(another(world, by, document.rng), reading)
            await compare(reference, context, document.text, variables, document.cursors)
            variables = document.choose()
            await compare(reference, context, document.text, variables, document.cursors)
            context = Context(by, reading)
            found = {name: cursors_in(answer.data, name) for name in document.cursors}
            variables = first | {name: document.rng.choice(each) for name, each in found.items() if each}
            await compare(reference, context, document.text, variables, document.cursors)
            if document.refusable:
                variables = variables | {document.rng.choice(document.refusable): WRONG}
                await compare(reference, context, document.text, variables, document.cursors)
        except BaseException as error:
            error.add_note(
                f"seed {SEED * 1_000_000 + seed}, {context.by.role} {context.by.id}:\n{document.text}\n{variables}"
            )
            raise
