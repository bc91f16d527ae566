"""`deskledger migrate`: bring the database's schema up to date."""

import asyncio
from typing import Annotated

import typer

from api.settings import Settings


def register(app: typer.Typer) -> None:
    app.command("migrate")(migrate)


def migrate(
    revision: Annotated[str, typer.Argument(help="Up to this revision.")] = "head",
    down: Annotated[bool, typer.Option("--down", help="Take the schema back to REVISION instead.")] = False,
) -> None:
    """Bring the database's schema up to date. Safe to run at any time, and from several processes."""
    import migrations
    from api.opening import reachable

    with reachable(Settings.from_environment()) as url:
        asyncio.run(migrations.downgrade(url, revision) if down else migrations.upgrade(url, revision))
        typer.echo(f"the schema is at {asyncio.run(migrations.current(url)) or 'nothing'}")
