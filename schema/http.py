"""The GraphQL endpoint: strict JSON in, the executor's bytes out, one status code rule for both media types."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import orjson
import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, OperationType, ValueNode, execute
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.execution import optimized_is_awaitable

from domain.errors import DomainError
from schema.compiler.executor import Compiled
from schema.deadlines import Deadlines
from schema.documents import Documents
from schema.faults import BadUserInput, Fault, Internal, LimitExceeded, NotAcceptable, Rejected, Timeout
from schema.limits import Limits, Operation
from schema.requests import GRAPHQL_JSON, JSON, GraphQLRequest, answer_type, read, request_id

log = structlog.get_logger(__name__)

MakeContext = Callable[[Request, OperationType], Awaitable[object]]


class View:
    """An ASGI endpoint for one schema; queries that only ask for the schema itself need no context and no token.

    `make_context` finds out who asks for an operation of this type and raises `Unauthenticated` (or another `Fault`)
    if it cannot; it sees the request id as `request.state.request_id`. In the end `request.state.outcome` is OK,
    ERRORS (an answer with errors) or the code of what kept it from having data.
    """

    def __init__(self, schema: strawberry.Schema, make_context: MakeContext, limits: Limits) -> None:
        """Serve `schema` within `limits`."""
        self.schema = schema._schema  # noqa: SLF001 - Strawberry keeps graphql-core's schema under no other name
        self.make_context = make_context
        self.limits = limits
        self.documents = Documents(self.schema, limits)
        self.deadlines = Deadlines(limits.execution_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        state, id = request.state, request_id(request)
        state.request_id = id
        media = answer_type(request.headers.get("accept", "*/*"))
        status, headers = 200, {"X-Request-Id": id}
        try:
            answer = await self._answer(request, id, media)
            content, state.outcome = orjson.dumps(answer), "ERRORS" if "errors" in answer else "OK"
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - this is where a fault of any kind becomes an answer
            faults = _faults(error, id)
            content = orjson.dumps({"errors": [_described(fault, id) for fault in faults]})
            status = faults[0].status if media == GRAPHQL_JSON else faults[0].legacy_status
            headers |= faults[0].headers
            state.outcome = faults[0].code
        await Response(content, status, headers, media or JSON)(scope, receive, send)

    async def _answer(self, request: Request, id: str, media: str | None) -> dict[str, Any]:
        """Run the operation that the request names; raise what keeps it from having data."""
        if media is None:
            raise NotAcceptable(f"Accept {JSON} or {GRAPHQL_JSON}.")
        asked = await read(request, self.limits.body_bytes)
        operation = await self.documents.operation(asked.query, asked.operation_name)
        cost = operation.cost(asked.variables)
        if cost > self.limits.cost:
            raise LimitExceeded("cost", cost, self.limits.cost)
        result = await self._in_time(request, asked, operation)
        if result.data is None and result.errors and not any(error.path for error in result.errors):
            raise Rejected([BadUserInput(error.message, at=error) for error in result.errors])
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_described(error, id) for error in result.errors]
        if asked.extensions.get("cost") is True:
            budget = {"requested": cost, "limit": self.limits.cost, "remaining": self.limits.cost - cost}
            answer["extensions"] = {"cost": budget}
        return answer

    async def _in_time(self, request: Request, asked: GraphQLRequest, operation: Operation) -> ExecutionResult:
        """Find out who asks and execute, or stop when the time is over."""
        try:
            with self.deadlines.start() as deadline:
                type_ = operation.node.operation
                context = None if operation.introspects else await self.make_context(request, type_)
                if operation.direct and (told := await operation.direct.answer(asked.variables, context)):
                    return told
                result = self._execute(asked, operation, context)
                return result if isinstance(result, ExecutionResult) else await result
        except TimeoutError:
            if deadline.passed:
                seconds = self.limits.execution_seconds
                raise Timeout(f"The operation took longer than {seconds} s and was stopped. Ask for less.") from None
            raise

    def _execute(
        self, asked: GraphQLRequest, operation: Operation, context: object
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        return execute(
            self.schema,
            operation.document,
            context_value=context,
            variable_values=dict(asked.variables),
            operation_name=operation.node.name.value if operation.node.name else None,
            executor_class=Compiled,
            is_awaitable=cast("Any", optimized_is_awaitable),
            operation_extensions=asked.extensions,
        )


def _faults(error: Exception, request_id: str) -> tuple[Fault, ...]:
    """What a client may know of the error that ended its request."""
    if isinstance(error, Rejected):
        return error.faults
    if isinstance(error, Fault):
        return (error,)
    log.error("request failed", request_id=request_id, exc_info=error)
    return (Internal(request_id),)


def _described(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as it is sent: its own words if they were meant for the client, masked and logged otherwise."""
    shown: dict[str, Any] = {**error.formatted}
    extensions = {"code": _code(error), "requestId": request_id}
    if extensions["code"] == Internal.code:
        log.error("field failed", request_id=request_id, path=error.path, exc_info=error.original_error or error)
        shown["message"] = Internal(request_id).message
    shown["extensions"] = {**shown.get("extensions", {}), **extensions}
    return shown


def _code(error: GraphQLError) -> str:
    """The code of an error that was written for the client; graphql-core's own are only if they point at a value."""
    cause = error.original_error or error
    if isinstance(cause, DomainError):
        return cause.errors[0].code
    if not isinstance(cause, GraphQLError):
        return Internal.code
    at_value = cause.nodes and isinstance(cause.nodes[0], ValueNode)
    return str((cause.extensions or {}).get("code", BadUserInput.code if at_value else Internal.code))
