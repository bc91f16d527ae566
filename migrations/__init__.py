"""The schema's history, forward and back."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from eventstore import roles
from eventstore.failures import translated

if TYPE_CHECKING:  # what migrates takes long to import, and every start of a server asks only whether it has to
    from alembic.config import Config
    from sqlalchemy import Connection

__all__ = ["configuration", "current", "downgrade", "newest", "upgrade"]


_alembic = asyncio.Lock()
"""Alembic keeps its context in globals: one migration at a time in a process, too."""


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database's schema up to the revision, making the roles first. Safe to run from several processes."""
    with translated():
        connection = await asyncpg.connect(url, server_settings=dict(roles.AS_LOGIN))
        try:
            await roles.prepare(connection)
        finally:
            await connection.close()
    from alembic import command

    await _run(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> None:
    """Take the schema back to the revision (`base`: to nothing). What the newer one kept is lost."""
    from alembic import command

    await _run(url, lambda config: command.downgrade(config, revision))


async def current(url: str) -> str | None:
    """The revision that the database is at; None where it was never migrated."""
    connection = await asyncpg.connect(url, server_settings=dict(roles.AS_LOGIN))
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT version_num FROM public.alembic_version")
        return revision
    finally:
        await connection.close()


def newest() -> str:
    """The newest revision there is: revisions are called like their files, and numbered."""
    return max(path.stem for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


async def _run(url: str, action: Callable[["Config"], None]) -> None:
    """Run an Alembic command in the owner's role, one process at a time."""
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(
        "postgresql+asyncpg://",
        poolclass=NullPool,
        async_creator=lambda: asyncpg.connect(url, server_settings=dict(roles.AS_OWNER)),
    )
    try:
        async with _alembic, engine.connect() as connection:
            await connection.run_sync(_with_config, action)
    finally:
        await engine.dispose()


def _with_config(connection: "Connection", action: Callable[["Config"], None]) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    action(config)


def configuration() -> "Config":
    """Alembic's configuration: where the migrations lie."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
