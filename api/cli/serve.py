"""`deskledger serve`: the server."""

from contextlib import ExitStack
from typing import Annotated

import msgspec
import typer

from api.settings import Settings


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    workers: Annotated[bool | None, typer.Option(help="Run the projections in this process.")] = None,
) -> None:
    """Serve the API, until Ctrl-C. Without a database URL it starts the embedded PostgreSQL and migrates it."""
    told = {"host": host, "port": port, "workers": workers}
    settings = Settings.from_environment()
    settings = msgspec.structs.replace(settings, **{name: value for name, value in told.items() if value is not None})
    with ExitStack() as stack:
        _run(settings, _database(settings, stack))


def _database(settings: Settings, stack: ExitStack) -> str:
    """The database's URL. The embedded one belongs to one server alone, and is migrated by it."""
    if settings.database_url:
        return settings.database_url
    import asyncio

    import migrations
    from api.opening import reachable
    from eventstore.embedded import sole_server

    stack.enter_context(sole_server(settings.folder))
    url = stack.enter_context(reachable(settings))
    if asyncio.run(migrations.current(url)) != migrations.newest():
        asyncio.run(migrations.upgrade(url))
    return url


def _run(settings: Settings, url: str) -> None:
    import uvicorn

    from api.app import create_app
    from api.logs import configure_logs

    configure_logs(settings)
    uvicorn.run(
        create_app(settings, url),
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        ws_max_size=settings.max_body_bytes,
        timeout_graceful_shutdown=3,
        access_log=False,
        log_config=None,
        server_header=False,
    )
