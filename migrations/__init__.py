"""The schema's history, forward and back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from eventstore import roles
from eventstore.failures import translated

__all__ = ["current", "downgrade", "newest", "upgrade"]


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
    await _run(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> None:
    """Take the schema back to the revision (`base`: to nothing). What the newer one kept is lost."""
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


def newest() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def _run(url: str, action: Callable[[Config], None]) -> None:
    """Run an Alembic command in the owner's role, one process at a time."""
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


def _with_config(connection: Connection, action: Callable[[Config], None]) -> None:
    config = _config()
    config.attributes["connection"] = connection
    action(config)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
