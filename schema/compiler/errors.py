"""What the compiler refuses, as GraphQL errors with a code."""

from graphql import GraphQLError


class CompileError(GraphQLError):
    """A value in the request that no statement can be made of."""

    code = "INVALID_INPUT"

    def __init__(self, message: str) -> None:
        super().__init__(message, extensions={"code": self.code})


class InvalidId(CompileError):
    """An id that is malformed, or of another type than the field takes."""

    code = "INVALID_ID"


class InvalidCursor(CompileError):
    """A cursor that was changed, or that comes from another sort or filter."""

    code = "INVALID_CURSOR"


class LimitExceeded(CompileError):
    """More of something than one request may ask for."""

    code = "LIMIT_EXCEEDED"
