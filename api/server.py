"""How a server is run: its database, where it listens, and what uvicorn is told."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from api.opening import reachable
from api.settings import Settings
from domain.errors import Unavailable


@contextmanager
def served_database(settings: Settings) -> Iterator[str]:
    """The database's URL. The embedded one belongs to one server alone, and is migrated by it."""
    if settings.database_url:
        yield settings.database_url
        return
    import migrations
    from eventstore.embedded import sole_server

    with sole_server(settings.folder), reachable(settings) as url:
        if asyncio.run(migrations.current(url)) != migrations.newest():
            asyncio.run(migrations.upgrade(url))
        yield url


def listening(settings: Settings) -> socket.socket:
    """A socket that is bound and listens. Raises `Unavailable` where the address is taken or is none of ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); --port 0 takes a free one"
        ) from None


def address(bound: socket.socket) -> str:
    """Where the API is, by a socket that listens."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/graphql"


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """All but what is served and where."""
    return {
        "ws": "websockets-sansio",
        "ws_max_size": settings.max_body_bytes,
        "timeout_graceful_shutdown": 3,
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": bool(settings.proxies),
        "forwarded_allow_ips": settings.proxies,
    }


def run(app: Any, settings: Settings, bound: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM, and return: so that whoever called can close what it opened."""
    import uvicorn

    class Server(uvicorn.Server):
        """uvicorn's own sends itself the signal again once it has ended, which kills the process on the spot."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            handled = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in handled.items():
                    signal.signal(number, handler)

    Server(uvicorn.Config(app, **uvicorn_options(settings))).run(sockets=[bound])
