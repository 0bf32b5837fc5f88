"""The short way: a query of compiled fields alone needs no executor between the request and its statements."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_variable_values,
    is_non_null_type,
)

from schema.compiler.reader import Reads
from schema.compiler.selection import Selection


@dataclass(frozen=True, slots=True)
class Direct:
    """A query whose fields are all compiled, each by the name it is answered by."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fields: Mapping[str, tuple[Reads, Selection]]

    async def answer(self, variables: Mapping[str, Any], context: Any) -> dict[str, Any] | None:
        """Return the data, read side by side; None when anything is not as it should be, for the executor to tell.

        So there is one meaning of null and of errors: to read again costs time only where something is wrong.
        """
        definitions = self.operation.variable_definitions
        given = get_variable_values(self.schema, definitions, dict(variables)) if definitions else None
        if isinstance(given, list):
            return None
        asked = {"variables": given.coerced if given else {}, "context": context}
        reading = [reads.read(selection._replace(**asked)) for reads, selection in self.fields.values()]
        try:
            answers = (
                [await reading[0]] if len(reading) == 1 else await asyncio.gather(*reading, return_exceptions=True)
            )
        except Exception:  # noqa: BLE001 - the executor meets it again, and says where
            return None
        data = dict(zip(self.fields, answers, strict=True))
        return data if all(self._fits(key, answer) for key, answer in data.items()) else None

    def _fits(self, key: str, answer: object) -> bool:
        if answer is None:
            return not is_non_null_type(self.fields[key][1].place.type)
        return type(answer) is orjson.Fragment


def direct(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Direct | None:
    """Return the short way for a valid operation, or None if it has none.

    It has none with directives, fragments, repeated names or fields that are not compiled at its root.
    """
    parent = schema.query_type
    if operation.operation is not OperationType.QUERY or operation.directives or parent is None:
        return None
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    fields: dict[str, tuple[Reads, Selection]] = {}
    for node in operation.selection_set.selections:
        place = parent.fields.get(node.name.value) if isinstance(node, FieldNode) else None
        if not isinstance(node, FieldNode) or node.directives or place is None or not isinstance(place.resolve, Reads):
            return None
        key = (node.alias or node.name).value
        if key in fields:
            return None
        fields[key] = place.resolve, Selection(place, [node], operation, fragments, {}, None)
    return Direct(schema, operation, fields)
