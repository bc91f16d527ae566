"""`/export/kpis.csv`, `/export/conversations.xlsx` and their likes: who asks, for what, and how refusals are told.

Arguments come in the query string of a GET or the JSON body of a POST: `input` (the same as of the query `kpis`, as
JSON), `locale`, `layout`, `spread`; for conversations `since` and `until`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.auth.roles import Right
from api.client import client_of
from api.context import Context
from api.execution.engine import Engine, RequestRefused
from api.execution.errors import refusal
from api.export import conversations, csv_file, kpis, xlsx_file
from api.export.table import Row, Table
from api.transport.request import BadRequest, UnsupportedMedia, decode
from api.transport.session import Sessions
from api.transport.statuses import STATUSES, headers_of, status_of
from domain.errors import DeskledgerError, InvalidInput, NotFound
from domain.instants import parse_instant
from domain.kpi.question import Range
from domain.text import Locale

Arguments = Mapping[str, object]
Written = Callable[[Table], AsyncIterator[bytes]]
_W = TypeVar("_W", bound=StrEnum)

_FORMATS: Mapping[str, tuple[str, Written]] = {
    "csv": (csv_file.MEDIA, csv_file.written),
    "xlsx": (xlsx_file.MEDIA, xlsx_file.written),
}
_STATUS_OF = {**{kind.code: status for kind, status in STATUSES}, NotFound.code: 404}
"""What the schema refused with comes as a code."""
_KNOWN = {
    "kpis": frozenset({"input", "locale", "layout", "spread"}),
    "conversations": frozenset({"since", "until", "locale"}),
}


class ExportEndpoint:
    """Answers `/export/{name}.{format}`."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self._engine = engine
        self._sessions = sessions

    async def respond(self, request: Request) -> Response:
        name, format_ = request.path_params["name"], request.path_params["format"]
        try:
            if name not in _KNOWN or format_ not in _FORMATS:
                raise NotFound("there are /export/kpis and /export/conversations, each as .csv or .xlsx")
            session = await self._sessions.of_header(request.headers.get("authorization"), client_of(request))
            arguments = await _arguments(request, _KNOWN[name])
            with session.operation(f"export {name}", "export") as context:
                table = await self._table(name, context, arguments)
                media, written = _FORMATS[format_]
                await context.trace(f"export {name}", arguments, 0)
                pieces = await _begun(written(replace(table, rows=_traced(context, name, arguments, table.rows))))
        except RequestRefused as refused:
            errors = refused.answer.errors
            return _refused(errors, max(_STATUS_OF.get(str(error["extensions"]["code"]), 400) for error in errors))
        except DeskledgerError as error:
            return _refused([refusal(error)], 404 if isinstance(error, NotFound) else status_of(error))
        disposition = f'attachment; filename="{table.name}.{format_}"'
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return StreamingResponse(pieces, media_type=media, headers=headers)

    async def _table(self, name: str, context: Context, arguments: Arguments) -> Table:
        locale = _word(Locale, arguments, "locale", Locale.EN)
        if name == "conversations":
            context.principal.require(Right.CONVERSATIONS)
            return conversations.table_of(context, _range(arguments), locale)
        layout = _word(kpis.Layout, arguments, "layout", kpis.Layout.LONG)
        spread = _flag(arguments, "spread")
        answer = await kpis.asked(self._engine, context, arguments.get("input"), locale=locale, spread=spread)
        return kpis.table_of(answer, locale=locale, layout=layout, spread=spread)


async def _traced(context: Context, name: str, arguments: Arguments, rows: AsyncIterator[Row]) -> AsyncIterator[Row]:
    """The same rows; how many they were is added to the trace."""
    count = 0
    try:
        async for row in rows:
            count += 1
            yield row
    finally:
        await context.trace(f"export {name}", arguments, count)


async def _begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces, of which the first two (the mark, and a head with rows) are there: what is refused up to then is
    still refused by a status."""
    first = [await anext(pieces, b"") for _ in range(2)]

    async def all_pieces() -> AsyncIterator[bytes]:
        for piece in first:
            yield piece
        async for piece in pieces:
            yield piece

    return all_pieces()


async def _arguments(request: Request, known: frozenset[str]) -> Arguments:
    if request.method == "GET":
        given: object = {
            name: decode(value) if name == "input" else value for name, value in request.query_params.items()
        }
    else:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise UnsupportedMedia("send the arguments as Content-Type: application/json")
        given = decode(await request.body())
    if not isinstance(given, dict):
        raise BadRequest("arguments are a JSON object")
    for name in given:
        if name not in known:
            raise BadRequest(f"there is no argument {name!r:.100}; there are {', '.join(sorted(known))}", path=(name,))
    return given


def _word(words: type[_W], arguments: Arguments, name: str, otherwise: _W) -> _W:
    given = arguments.get(name, otherwise)
    try:
        return words(str(given).lower())
    except ValueError:
        raise InvalidInput(f"`{name}` is one of {', '.join(words)}", path=(name,)) from None


def _flag(arguments: Arguments, name: str) -> bool:
    given = arguments.get(name, False)
    told = {"true": True, "false": False}.get(str(given).lower())
    if told is None:
        raise InvalidInput(f"`{name}` is true or false", path=(name,))
    return told


def _range(arguments: Arguments) -> Range:
    since, until = (_instant(arguments, name) for name in ("since", "until"))
    if since >= until:
        raise InvalidInput("a range ends after it begins: [since, until)", path=("until",))
    return Range(since, until)


def _instant(arguments: Arguments, name: str) -> int:
    given = arguments.get(name)
    if not isinstance(given, str):
        raise InvalidInput(f"`{name}` is an instant such as 2026-03-01T09:00:00Z", path=(name,))
    return parse_instant(given)


def _refused(errors: object, status: int) -> Response:
    body = msgspec.json.encode({"errors": errors})
    return Response(
        body, status, {**headers_of(status), "Cache-Control": "no-store"}, "application/json; charset=utf-8"
    )
