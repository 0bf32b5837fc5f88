"""The top-level errors: why a request, or a field of it, has no answer."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from graphql import GraphQLError


class Fault(GraphQLError):
    """An error that a client may read as it is, with its code and the status codes it leads to.

    `status` answers `application/graphql-response+json`; `legacy_status` answers `application/json`, where a
    well-formed request gets 200 whatever became of it (GraphQL over HTTP, section 6.4).
    """

    code: ClassVar[str]
    status: ClassVar[int]
    legacy_status: ClassVar[int]

    def __init__(
        self,
        message: str,
        *,
        at: GraphQLError | None = None,
        headers: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        """Say what is wrong, and where `at` was found; `facts` stand in `extensions`, `headers` in the response."""
        nodes, source, positions = (at.nodes, at.source, at.positions) if at else (None, None, None)
        super().__init__(message, nodes, source, positions, extensions={"code": self.code, **facts})
        self.headers = headers or {}


class ParseFailed(Fault):
    """The document is not GraphQL."""

    code, status, legacy_status = "GRAPHQL_PARSE_FAILED", 400, 200


class ValidationFailed(Fault):
    """The document does not fit the schema."""

    code, status, legacy_status = "GRAPHQL_VALIDATION_FAILED", 400, 200


class BadUserInput(Fault):
    """The variables, or the operation's name, do not fit the document."""

    code, status, legacy_status = "BAD_USER_INPUT", 400, 200


class LimitExceeded(Fault):
    """The document asks for more than is allowed."""

    code, status, legacy_status = "LIMIT_EXCEEDED", 400, 200

    def __init__(self, limit: str, found: int | str, allowed: int) -> None:
        """Name the limit, what was found ("more than 12" where counting stopped) and what is allowed."""
        less = "Put values into variables, ask for less" if limit in {"characters", "tokens"} else "Ask for less"
        message = f"Limit exceeded: {limit} {found}, allowed {allowed}. {less}, or in several requests."
        super().__init__(message, limit=limit, found=found, allowed=allowed)


class Timeout(Fault):
    """The operation took too long and was stopped."""

    code, status, legacy_status = "TIMEOUT", 504, 200


class Unauthenticated(Fault):
    """The request does not say who acts, or not convincingly."""

    code, status, legacy_status = "UNAUTHENTICATED", 401, 401

    def __init__(self, message: str = "Send a valid token: `Authorization: Bearer …`.") -> None:
        """Refuse, and say which scheme is understood (RFC 6750, section 3)."""
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class InsufficientScope(Fault):
    """The API key is not for such operations."""

    code, status, legacy_status = "INSUFFICIENT_SCOPE", 403, 403


class Internal(Fault):
    """A fault of ours; what happened is in the log under the request id."""

    code, status, legacy_status = "INTERNAL", 500, 500

    def __init__(self, request_id: str) -> None:
        """Say nothing but where to look."""
        super().__init__(f"Something went wrong on our side; quote request id {request_id}.")


class BadRequest(Fault):
    """The request is not a GraphQL request (GraphQL over HTTP, section 5)."""

    code, status, legacy_status = "BAD_REQUEST", 400, 400


class MethodNotAllowed(Fault):
    """Only POST is served."""

    code, status, legacy_status = "METHOD_NOT_ALLOWED", 405, 405


class NotAcceptable(Fault):
    """No media type that the client accepts can be written."""

    code, status, legacy_status = "NOT_ACCEPTABLE", 406, 406


class BodyTooLarge(Fault):
    """The body is larger than allowed."""

    code, status, legacy_status = "LIMIT_EXCEEDED", 413, 413


class UnsupportedMediaType(Fault):
    """The body is not declared as JSON; this also keeps forms of foreign sites out (CSRF)."""

    code, status, legacy_status = "UNSUPPORTED_MEDIA_TYPE", 415, 415


class Rejected(Exception):
    """A request that is refused for one or more reasons; the first one decides the status."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the reasons in the order in which they were found."""
        super().__init__()
        self.faults = tuple(faults)
