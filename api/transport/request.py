"""From an HTTP request to an operation, with every way in which it can be malformed."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request

from api.execution.engine import Operation
from domain.errors import InvalidInput


class BadRequest(InvalidInput):
    """The request is not one of GraphQL over HTTP."""

    code = "BAD_REQUEST"


class UnsupportedMedia(InvalidInput):
    """The body is in no format that is read here."""

    code = "UNSUPPORTED_MEDIA_TYPE"


async def operation_of(request: Request) -> Operation:
    """The operation that a GET's query string or a POST's body holds."""
    if request.method == "GET":
        return operation_from(_of_query_string(request.query_params))
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":
        raise UnsupportedMedia("send the body as Content-Type: application/json")
    charset = parameters.lower().partition("charset=")[2].strip().strip('"')
    if charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMedia("send the body as UTF-8")
    return operation_from(decode(await request.body()))


def decode(body: bytes | str) -> Any:
    """JSON, strictly: UTF-8, no lone surrogates, no NaN."""
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"this is not valid JSON: {error}") from None


def operation_from(parameters: object) -> Operation:
    """The operation in a request's parameters, whatever brought them."""
    if not isinstance(parameters, Mapping):
        raise BadRequest("a request is a JSON object with query, variables, operationName")
    query = parameters.get("query")
    if not isinstance(query, str) or not query.strip():
        raise BadRequest("`query` must be the text of a GraphQL document", path=("query",))
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise BadRequest("`operationName` must be text", path=("operationName",))
    extensions = parameters.get("extensions")
    if extensions is not None and not isinstance(extensions, Mapping):
        raise BadRequest("`extensions` must be an object", path=("extensions",))
    variables = parameters.get("variables")
    if variables is None:
        variables = {}
    if not isinstance(variables, dict):
        raise BadRequest("`variables` must be an object", path=("variables",))
    return Operation(query, name or None, variables)


def _of_query_string(given: Mapping[str, str]) -> dict[str, object]:
    parameters: dict[str, object] = dict(given)
    for name in ("variables", "extensions"):
        text = given.get(name)
        if text:
            parameters[name] = decode(text)
        else:
            parameters.pop(name, None)
    return parameters
