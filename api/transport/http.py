"""GraphQL over HTTP, as its specification says, and server-sent events for subscriptions (graphql-sse, distinct
connections)."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path

import msgspec
from graphql import GraphQLError, GraphQLFormattedError, OperationType
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from api.client import client_of
from api.context import Session
from api.execution.engine import Answer, Engine, Prepared, RequestRefused
from api.execution.errors import refusal, to_wire
from api.transport.negotiation import Media, accepted
from api.transport.request import operation_of
from api.transport.session import Sessions
from api.transport.statuses import headers_of, status_of
from api.transport.streams import kept_alive
from domain.errors import DeskledgerError

NOT_BEGUN = 400
"""The status of an operation that never began. The newest draft and the audits disagree about 400 and 422."""

_ANSWERS = (Media.GRAPHQL, Media.JSON, Media.EVENTS)
_EXPLORER = Path(__file__).with_name("explorer.html")
_SIGN = b":\n\n"
_NO_CACHE = {"Cache-Control": "no-store"}


class GraphQLEndpoint:
    """The endpoint `/graphql` for GET and POST."""

    def __init__(self, engine: Engine, sessions: Sessions, *, explorer: bool) -> None:
        self._engine = engine
        self._sessions = sessions
        self._explorer = explorer

    async def respond(self, request: Request) -> Response:
        if request.method not in ("GET", "POST"):
            return _json([_wrong_method("use GET or POST")], 405, headers={"Allow": "GET, POST"})
        if self._wants_explorer(request):
            return HTMLResponse(_EXPLORER.read_bytes())
        media = accepted(request.headers.getlist("accept"), _ANSWERS)
        if media is None:
            error: GraphQLFormattedError = {
                "message": f"answers come as {', '.join(_ANSWERS)}",
                "extensions": {"code": "NOT_ACCEPTABLE"},
            }
            return _json([error], 406)
        try:
            return await self._answer(request, media)
        except RequestRefused as refused:
            return _respond(refused.answer, media)
        except DeskledgerError as error:
            return _refuse(error, media)

    def _wants_explorer(self, request: Request) -> bool:
        """A browser that opens the address, rather than a client that asks something."""
        if not self._explorer or request.method != "GET" or "query" in request.query_params:
            return False
        return accepted(request.headers.getlist("accept"), (*_ANSWERS, Media.HTML)) is Media.HTML

    async def _answer(self, request: Request, media: Media) -> Response:
        session = await self._sessions.of_header(request.headers.get("authorization"), client_of(request))
        prepared = self._engine.prepare(await operation_of(request))
        if request.method == "GET" and prepared.kind is OperationType.MUTATION:
            return _json([_wrong_method("a mutation is sent with POST")], 405, media, headers={"Allow": "POST"})
        if media is Media.EVENTS:
            return StreamingResponse(self._events(session, prepared), media_type=Media.EVENTS, headers=_NO_CACHE)
        if prepared.kind is OperationType.SUBSCRIPTION:
            needs = GraphQLError("ask for subscriptions with Accept: text/event-stream, or over a WebSocket")
            raise RequestRefused([to_wire(needs, code="SUBSCRIPTION_NEEDS_STREAM")])
        with session.operation(prepared.name, prepared.kind.value, prepared.cost) as context:
            return _respond(await self._engine.run(prepared, context), media)

    async def _events(self, session: Session, prepared: Prepared) -> AsyncIterator[bytes]:
        every = session.services.settings.token_seconds
        try:
            with session.operation(prepared.name, prepared.kind.value, prepared.cost) as context:
                events = _as_events(self._engine.answers(prepared, context))
                async with aclosing(kept_alive(events, _SIGN, every=every, check=session.still_valid)) as alive:
                    async for event in alive:
                        yield event
        except DeskledgerError as error:
            yield _event(Answer(None, [refusal(error)], started=False))
        yield b"event: complete\ndata:\n\n"


async def _as_events(answers: AsyncGenerator[Answer, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(answers):
        async for answer in answers:
            yield _event(answer)


def _event(answer: Answer) -> bytes:
    return b"event: next\ndata: " + msgspec.json.encode(answer.as_json()) + b"\n\n"


def _wrong_method(message: str) -> GraphQLFormattedError:
    return {"message": message, "extensions": {"code": "METHOD_NOT_ALLOWED"}}


def _respond(answer: Answer, media: Media) -> Response:
    """Clients of plain JSON take every well-formed request as 200; the newer media type tells it by the status."""
    status = 200 if answer.started or media is Media.JSON else NOT_BEGUN
    kind = Media.JSON if media is Media.EVENTS else media
    return Response(msgspec.json.encode(answer.as_json()), status, _NO_CACHE, f"{kind}; charset=utf-8")


def _refuse(error: DeskledgerError, media: Media) -> Response:
    status = status_of(error)
    return _json([refusal(error)], status, media, headers=headers_of(status))


def _json(
    errors: list[GraphQLFormattedError],
    status: int,
    media: Media = Media.JSON,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    kind = Media.JSON if media is Media.EVENTS else media
    body = msgspec.json.encode({"errors": errors})
    return Response(body, status, {**_NO_CACHE, **(headers or {})}, f"{kind}; charset=utf-8")
