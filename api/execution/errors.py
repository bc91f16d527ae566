"""What the client is told of an error. The only place that maps the domain's codes to GraphQL.

Refusals (`DeskledgerError`) are told as they are. Anything else is ours: the client gets a number to quote, the log
gets the rest, without the query's text or variables, which may hold personal words.
"""

from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError, GraphQLFormattedError, GraphQLSyntaxError

from domain.errors import DeskledgerError

log = structlog.get_logger("deskledger.api")


def to_wire(error: GraphQLError, *, code: str | None = None) -> GraphQLFormattedError:
    """One error of an answer. `code`: what it is where the error itself does not say."""
    cause = _cause(error)
    if cause is None:
        return _format(error, error.message, {"code": code or _code(error), **(error.extensions or {})})
    if isinstance(cause, DeskledgerError):
        return _format(error, cause.message, extensions_of(cause))
    return _format(error, *_masked(cause, error))


def refusal(error: DeskledgerError) -> GraphQLFormattedError:
    """An error of a whole request, before there is anything of GraphQL."""
    return {"message": error.message, "extensions": extensions_of(error)}


def extensions_of(error: DeskledgerError) -> dict[str, Any]:
    """`code`, a narrower `detail` where there is one, and `inputPath` where the input is at fault."""
    extensions: dict[str, Any] = {"code": error.code}
    if error.detail is not None:
        extensions["detail"] = error.detail
    if error.path:
        extensions["inputPath"] = list(error.path)
    return extensions


def unexpected(error: BaseException) -> GraphQLFormattedError:
    """An error that nobody foresaw, outside the execution of fields."""
    message, extensions = _masked(error, None)
    return {"message": message, "extensions": extensions}


def _cause(error: GraphQLError) -> BaseException | None:
    """What was raised, where that was not an error of GraphQL's own (a wrong type, an unknown field)."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _masked(cause: BaseException, error: GraphQLError | None) -> tuple[str, dict[str, Any]]:
    quote = uuid4().hex[:12]
    log.error(
        "unexpected error",
        error_id=quote,
        field="/".join(str(part) for part in (error.path if error else None) or ()),
        exc_info=(type(cause), cause, cause.__traceback__),
    )
    return f"something went wrong on our side; quote {quote}", {"code": "INTERNAL", "id": quote}


def _format(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLFormattedError:
    formatted: GraphQLFormattedError = {"message": message, "extensions": extensions}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    return formatted


def _code(error: GraphQLError) -> str:
    return "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "BAD_USER_INPUT"
