"""The executor that lets PostgreSQL write the answer: finished JSON passes through as it is."""

from typing import TYPE_CHECKING, Any

from graphql.execution.executor import to_nodes
from orjson import Fragment
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.compiler.reader import Reads

if TYPE_CHECKING:
    from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
    from graphql.execution.collect_fields import FieldDetailsList
    from graphql.pyutils import AwaitableOrValue, Path


class Compiled(StrawberryGraphQLCoreExecutionContext):
    """Complete a field that returned an `orjson.Fragment` as it is, and anything else as usual.

    The fragment holds the JSON of the whole field, its selection included; `orjson.dumps` splices the bytes
    into the answer. `None` and errors keep their normal meaning, so a non-null field still refuses null.
    """

    def execute_field(
        self,
        parent_type: "GraphQLObjectType",
        source: Any,
        field_details_list: "FieldDetailsList",
        path: "Path",
        position_context: Any,
    ) -> Any:
        """Resolve a field; a compiled one reads its own arguments, and is spared their coercion."""
        place = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
        if place is None or type(place.resolve) is not Reads:
            return super().execute_field(parent_type, source, field_details_list, path, position_context)
        info = self.build_resolve_info(place, to_nodes(field_details_list), parent_type, path)
        answer = place.resolve(source, info)
        return self.complete_awaitable_value(place.type, field_details_list, info, path, answer, position_context)

    def complete_value(  # noqa: PLR0917 - the signature is graphql-core's
        self,
        return_type: "GraphQLOutputType",
        field_details_list: "FieldDetailsList",
        info: "GraphQLResolveInfo[Any]",
        path: "Path",
        result: object,
        position_context: Any,
    ) -> "AwaitableOrValue[Any]":
        """Return the value to put into the answer."""
        if type(result) is Fragment:
            return result
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)
