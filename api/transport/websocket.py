"""The protocol `graphql-transport-ws`, server's side. Its older namesake `graphql-ws` is not spoken.

A socket's messages are read by one task; each operation runs in one of its own. Sending waits for the client to take
what was sent before, so a slow client slows its own streams down and nobody's memory grows.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from enum import IntEnum
from typing import Any

import msgspec
import structlog
from graphql import GraphQLFormattedError
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.auth.tokens import Unauthenticated
from api.client import client_of
from api.context import Session
from api.execution.engine import Answer, Engine, RequestRefused
from api.execution.errors import refusal, unexpected
from api.transport.request import BadRequest, decode, operation_from
from api.transport.session import Sessions
from domain.errors import DeskledgerError, Unavailable

PROTOCOL = "graphql-transport-ws"
_INIT_SECONDS = 10.0
_MAX_OPERATIONS = 100

log = structlog.get_logger("deskledger.api")


class Close(IntEnum):
    """What the socket is closed with. Clients come back after 4403; after 4400, 4401, 4406, 4409, 4429 they give up."""

    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429


class Closed(Exception):
    """The socket is to be closed, with this code and reason."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class WebSocketEndpoint:
    """The endpoint `/graphql` for WebSockets."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self._engine = engine
        self._sessions = sessions

    async def attend(self, websocket: WebSocket) -> None:
        spoken = PROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=PROTOCOL if spoken else None)
        if not spoken:
            await websocket.close(Close.SUBPROTOCOL_NOT_ACCEPTABLE, f"speak {PROTOCOL}")
            return
        await _Socket(self._engine, self._sessions, websocket).serve()


class _Socket:
    """One client's connection."""

    def __init__(self, engine: Engine, sessions: Sessions, websocket: WebSocket) -> None:
        self._engine = engine
        self._sessions = sessions
        self._websocket = websocket
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        try:
            session = await self._initialise()
            self._watch = asyncio.create_task(self._keep_watch(session))
            await self._send({"type": "connection_ack"})
            while True:
                await self._handle(session, await self._receive())
        except Closed as closed:
            await self._close(closed)
        except WebSocketDisconnect:
            return
        finally:
            tasks = [*self._operations.values(), *([self._watch] if self._watch else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _initialise(self) -> Session:
        """The first message lets the client in, or the socket is closed."""
        try:
            message = await asyncio.wait_for(self._receive(), _INIT_SECONDS)
        except TimeoutError:
            raise Closed(Close.INITIALISATION_TIMEOUT, "no connection_init in time") from None
        if message["type"] != "connection_init":
            raise Closed(Close.UNAUTHORIZED, "begin with connection_init")
        try:
            return await self._let_in(message.get("payload"))
        except Unavailable as error:
            raise Closed(Close.TRY_AGAIN_LATER, error.message) from None
        except Unauthenticated as error:
            raise Closed(Close.FORBIDDEN, error.message) from None

    async def _let_in(self, payload: object) -> Session:
        """By `{"authorization": "Bearer ..."}` in the message, or the header of the handshake."""
        told = {str(name).lower(): value for name, value in payload.items()} if isinstance(payload, Mapping) else {}
        header = told.get("authorization", self._websocket.headers.get("authorization"))
        return await self._sessions.of_header(header if isinstance(header, str) else None, client_of(self._websocket))

    async def _keep_watch(self, session: Session) -> None:
        """Close the socket once its token is dead."""
        while True:
            await asyncio.sleep(session.services.settings.token_seconds)
            try:
                await session.still_valid()
            except Unauthenticated as error:
                await self._close(Closed(Close.FORBIDDEN, error.message))
                return

    async def _handle(self, session: Session, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                return
            case "subscribe":
                self._subscribe(session, _text(message, "id"), message.get("payload"))
            case "complete":
                task = self._operations.pop(_text(message, "id"), None)
                if task is not None:
                    task.cancel()
            case "connection_init":
                raise Closed(Close.TOO_MANY_INITIALISATIONS, "connection_init came twice")
            case _:
                raise Closed(Close.BAD_REQUEST, "a message of an unknown type")

    def _subscribe(self, session: Session, key: str, payload: object) -> None:
        if key in self._operations:
            raise Closed(Close.SUBSCRIBER_EXISTS, f"Subscriber for {key[:100]} already exists")
        task = asyncio.create_task(self._run(session, key, payload))
        self._operations[key] = task

    async def _run(self, session: Session, key: str, payload: object) -> None:
        """One operation from its beginning to its `complete` or `error`."""
        try:
            ending = await self._answer_all(session, key, payload)
        except (WebSocketDisconnect, RuntimeError):
            return  # the client is gone; starlette says so with either
        self._operations.pop(key, None)
        await self._send(ending)

    async def _answer_all(self, session: Session, key: str, payload: object) -> dict[str, Any]:
        try:
            if len(self._operations) > _MAX_OPERATIONS:
                raise BadRequest(f"a connection carries at most {_MAX_OPERATIONS} operations at a time")
            async with aclosing(self._answers(session, payload)) as answers:
                async for answer in answers:
                    if not answer.started:
                        return _error(key, answer.errors)
                    await self._send({"id": key, "type": "next", "payload": answer.as_json()})
        except RequestRefused as refused:
            return _error(key, refused.answer.errors)
        except DeskledgerError as error:
            return _error(key, [refusal(error)])
        except (WebSocketDisconnect, RuntimeError):
            raise
        except Exception as error:  # noqa: BLE001 - the client is told that it was ours, and the log the rest
            return _error(key, [unexpected(error)])
        return {"id": key, "type": "complete"}

    async def _answers(self, session: Session, payload: object) -> AsyncGenerator[Answer, None]:
        prepared = self._engine.prepare(operation_from(payload))
        with session.operation(prepared.name, prepared.kind.value, prepared.cost) as context:
            async with aclosing(self._engine.answers(prepared, context)) as answers:
                async for answer in answers:
                    yield answer

    async def _receive(self) -> Mapping[str, Any]:
        raw = await self._websocket.receive()
        if raw["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(raw.get("code", 1000))
        try:
            message = decode(raw.get("text") or "")
        except BadRequest:
            raise Closed(Close.BAD_REQUEST, "a message must be JSON text") from None
        if not isinstance(message, Mapping) or not isinstance(message.get("type"), str):
            raise Closed(Close.BAD_REQUEST, "a message must be an object with a type")
        return message

    async def _send(self, message: Mapping[str, Any]) -> None:
        """As text: clients of the protocol take no binary frames."""
        await self._websocket.send_text(msgspec.json.encode(message).decode())

    async def _close(self, closed: Closed) -> None:
        try:
            await self._websocket.close(closed.code, closed.reason[:100])
        except (RuntimeError, WebSocketDisconnect):
            log.debug("the client had gone before it was told why", code=int(closed.code))


def _error(key: str, errors: list[GraphQLFormattedError]) -> dict[str, Any]:
    return {"id": key, "type": "error", "payload": errors}


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise Closed(Close.BAD_REQUEST, f"`{name}` must be text")
    return value
