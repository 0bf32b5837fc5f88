"""The executor that lets PostgreSQL write the answer: finished JSON passes through as it is."""

from typing import TYPE_CHECKING, Any

from orjson import Fragment
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

if TYPE_CHECKING:
    from graphql import GraphQLOutputType, GraphQLResolveInfo
    from graphql.execution.collect_fields import FieldDetailsList
    from graphql.pyutils import AwaitableOrValue, Path


class Compiled(StrawberryGraphQLCoreExecutionContext):
    """Complete a field that returned an `orjson.Fragment` as it is, and anything else as usual.

    The fragment holds the JSON of the whole field, its selection included; `orjson.dumps` splices the bytes
    into the answer. `None` and errors keep their normal meaning, so a non-null field still refuses null.
    """

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
