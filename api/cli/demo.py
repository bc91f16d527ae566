"""`deskledger demo`: a simulated desk to look at."""

import asyncio
from typing import Annotated

import msgspec
import typer

from api.settings import Settings


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    workspace: Annotated[str, typer.Option(help="The workspace to fill, by its short name.")] = "demo",
    days: Annotated[int, typer.Option(help="How long its history is.", min=1)] = 90,
    operators: Annotated[int, typer.Option(help="How many work there.", min=20)] = 45,
    seed: Annotated[int, typer.Option(help="Which of all possible desks.")] = 1,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Fill a workspace with a simulated desk, serve it and keep it living, until Ctrl-C.

    Started again, it continues with the same desk, and DAYS, OPERATORS and SEED mean nothing.
    """
    from api.demo.show import Play, show
    from api.logs import configure_logs
    from api.server import served_database

    settings = Settings.from_environment()
    told = {"port": settings.port if port is None else port, "log_level": _quieter(settings.log_level)}
    settings = msgspec.structs.replace(settings, **told)
    configure_logs(settings)
    with served_database(settings) as url:
        asyncio.run(show(settings, url, Play(workspace, days, operators, seed)))


def _quieter(level: str) -> str:
    """The demo speaks for itself: what is only of interest is not logged."""
    return "warning" if level == "info" else level
