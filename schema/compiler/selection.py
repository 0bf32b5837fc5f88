"""A compiled field as a request selects it: what reading needs to know, whoever executes the operation."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    VariableNode,
)

from schema.compiler.errors import CompileError
from schema.compiler.values import Variables, given


class Selection(NamedTuple):
    """The field's place in the schema, its nodes in the document, and what comes with the request.

    The context has a `viewer`, a `turn` (a lock, held while a statement is written) and a `database`, whose
    `json(statement, values)` answers the one JSON value of a statement, as bytes, or None.
    """

    place: GraphQLField
    nodes: list[FieldNode]
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Variables
    context: Any

    @classmethod
    def of(cls, info: GraphQLResolveInfo[Any]) -> "Selection":
        """Take it from what an executor tells a resolver; Strawberry's passes the coerced variables alone."""
        place, variables = info.parent_type.fields[info.field_name], cast("Variables", info.variable_values)
        return cls(place, info.field_nodes, info.operation, info.fragments, variables, info.context)

    def value(self, name: str) -> Any:
        """Return the value of an argument; None for one that is left out."""
        for each in self.nodes[0].arguments or ():
            if each.name.value == name:
                if isinstance(each.value, VariableNode):
                    return self.variables.get(each.value.name.value)
                found = given(each.value, self.place.args[name].type, self.variables)
                return found and found.source.read(self.variables)
        return None

    def argument(self, name: str) -> Any:
        """Return the value of an argument that may not be null; raises CompileError where a variable makes it so."""
        value = self.value(name)
        if value is None or (isinstance(value, list) and None in value):
            message = f"`{name}` must not be null."
            raise CompileError(message)
        return value
