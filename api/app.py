"""The server: what it has open, and what it answers at which address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from api.context import Services
from api.execution.engine import Engine
from api.export.endpoint import ExportEndpoint
from api.export.tlog import TlogEndpoint
from api.opening import opened, working
from api.schema import schema
from api.settings import Settings
from api.transport.body import BodyLimit
from api.transport.http import GraphQLEndpoint
from api.transport.session import Sessions
from api.transport.websocket import WebSocketEndpoint
from domain.errors import DeskledgerError, Unavailable

log = structlog.get_logger("deskledger.api")

_RETRY_SECONDS = 0.5
_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
"""The endpoint itself says which of them it answers."""
_PATIENCE_SECONDS = 2.0
"""How long the database may take to say that it is there."""


class Desk:
    """What the server has open. It opens when the database is there, and the server answers "unready" until then."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._url = url
        self._services: Services | None = None
        self._why = "the server is starting"

    def services(self) -> Services:
        if self._services is None:
            raise Unavailable(self._why)
        return self._services

    @asynccontextmanager
    async def running(self, _app: object = None) -> AsyncIterator[None]:
        """The server's life."""
        async with AsyncExitStack() as stack:
            opening = asyncio.create_task(self._open(stack), name="opening")
            try:
                yield
            finally:
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)
                self._services = None

    async def _open(self, stack: AsyncExitStack) -> None:
        while True:
            try:
                services = await stack.enter_async_context(opened(self._settings, self._url))
                if self._settings.workers:
                    await stack.enter_async_context(working(services))
            except Unavailable as error:
                self._not_ready(error.message)
            except Exception as error:  # noqa: BLE001 - a fault of ours: it is logged, and said at /readyz
                self._not_ready(f"the server cannot open: {type(error).__name__}, see its log", error)
            else:
                self._services = services
                log.info("ready")
                return
            await asyncio.sleep(_RETRY_SECONDS)

    def _not_ready(self, why: str, error: Exception | None = None) -> None:
        if why != self._why:
            self._why = why
            log.warning("not ready", reason=why, exc_info=error)

    async def reasons(self) -> list[str]:
        """Why requests cannot be answered; empty: they can."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self.services().database.session() as connection:
                await connection.fetchval("SELECT 1")
        except TimeoutError:
            return [f"the database does not answer within {_PATIENCE_SECONDS:g} seconds"]
        except DeskledgerError as error:
            return [error.message]
        return []


def create_app(settings: Settings, url: str) -> Starlette:
    """The ASGI application over the database at `url`."""
    desk = Desk(settings, url)
    engine = Engine(schema)
    sessions = Sessions(desk.services)
    graphql = GraphQLEndpoint(engine, sessions, explorer=settings.development)

    async def ready(_request: Request) -> Response:
        reasons = await desk.reasons()
        state = {"status": "unready" if reasons else "ready", "reasons": reasons}
        return JSONResponse(state, status_code=503 if reasons else 200)

    return Starlette(
        routes=[
            Route("/", lambda _request: RedirectResponse("/graphql")),
            Route("/graphql", graphql.respond, methods=_ALL_METHODS),
            Route("/export/{name}.{format}", ExportEndpoint(engine, sessions).respond, methods=["GET", "POST"]),
            Route("/tlog/{workspace}/{what:path}", TlogEndpoint(sessions).respond),
            WebSocketRoute("/graphql", WebSocketEndpoint(engine, sessions).attend),
            Route("/healthz", lambda _request: JSONResponse({"status": "alive"})),
            Route("/readyz", ready),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=[origin.strip() for origin in settings.allowed_origins.split(",")],
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type", "accept"],
                max_age=86_400,
            ),
            Middleware(BodyLimit, limit=settings.max_body_bytes),
        ],
        lifespan=desk.running,
    )
