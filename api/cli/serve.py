"""`deskledger serve`: the server."""

import threading
from importlib import import_module
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
    """Serve the API, until Ctrl-C. Without a database URL it starts the embedded PostgreSQL and migrates it.

    The first line of its output is the address.
    """
    # The schema takes half a second to make, and so does the database to start: side by side.
    threading.Thread(target=import_module, args=("api.app",), daemon=True).start()
    from api.logs import configure_logs
    from api.server import address, listening, run, served_database

    told = {"host": host, "port": port, "workers": workers}
    settings = Settings.from_environment()
    settings = msgspec.structs.replace(settings, **{name: value for name, value in told.items() if value is not None})
    configure_logs(settings)
    with served_database(settings) as url, listening(settings) as bound:
        from api.app import create_app

        typer.echo(address(bound))
        run(create_app(settings, url), settings, bound)
