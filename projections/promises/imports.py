"""Imports under way: what falls due in them is told in one pass once they have ended, and alerts nobody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from domain.errors import Unavailable
from domain.instants import Instant, instant_of, moment_of
from eventstore.clock import now
from eventstore.database import Database, Session
from eventstore.store import Store

_LASTS = timedelta(seconds=30)
"""How long an import that was killed counts as under way."""
_BEATS = 3

_OPEN = "INSERT INTO open_imports (workspace_id, import_id, alive_until) VALUES ($1, $2, $3)"
_BEAT = "UPDATE open_imports SET alive_until = $3 WHERE workspace_id = $1 AND import_id = $2"
_END = "UPDATE open_imports SET ended_at = $3, position = $4 WHERE workspace_id = $1 AND import_id = $2"
_ALL = "SELECT import_id, alive_until, ended_at, position FROM open_imports WHERE workspace_id = $1"
_REMOVE = "DELETE FROM open_imports WHERE workspace_id = $1 AND import_id = ANY($2)"


@dataclass(frozen=True, slots=True)
class Import:
    """One import, as its row says. One that was killed has ended where the ledger stands when that is noticed."""

    id: UUID
    alive_until: Instant
    ended_at: Instant | None
    position: int | None


@asynccontextmanager
async def importing(database: Database, store: Store, workspace: UUID) -> AsyncIterator[None]:
    """Say that an import is under way for as long as this lasts."""
    import_id = uuid4()
    async with database.transaction(workspace) as connection:
        await connection.execute(_OPEN, workspace, import_id, moment_of(now()) + _LASTS)
    beating = asyncio.create_task(_beat(database, workspace, import_id), name="import")
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
        head = await store.head(workspace)
        async with database.transaction(workspace) as connection:
            await connection.execute(_END, workspace, import_id, moment_of(now()), head)


async def imports_of(connection: Session, workspace: UUID) -> list[Import]:
    """Those under way, and those that ended and were not told yet."""
    rows = await connection.fetch(_ALL, workspace)
    return [
        Import(
            row["import_id"],
            instant_of(row["alive_until"]),
            None if row["ended_at"] is None else instant_of(row["ended_at"]),
            row["position"],
        )
        for row in rows
    ]


async def forget(connection: Session, workspace: UUID, imports: list[Import]) -> None:
    """They ended, and what fell due in them was told."""
    await connection.execute(_REMOVE, workspace, [each.id for each in imports])


async def _beat(database: Database, workspace: UUID, import_id: UUID) -> None:
    while True:
        await asyncio.sleep(_LASTS.total_seconds() / _BEATS)
        with contextlib.suppress(Unavailable):
            async with database.transaction(workspace) as connection:
                await connection.execute(_BEAT, workspace, import_id, moment_of(now()) + _LASTS)
