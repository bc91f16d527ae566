"""Fillings of projections: asked for, filled beside the one that answers, switched to, taken away.

    FILLING ──caught up──► SERVING ──another one is switched to──► RETIRED ──its rows are deleted──► REMOVED
       └──another fingerprint is wanted before it was done──────────► RETIRED

At most one generation of a projection serves. The first one serves from the start, empty as it is, since there is
nothing else to answer from; its checkpoint says how far it has got.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from asyncpg import Record
from sqlalchemy import Table

from domain.errors import Conflict, NotFound
from eventstore.database import Database, Session
from projections.projection import Projection


class State(StrEnum):
    """Where a generation stands; the module's diagram says how it gets there."""

    FILLING = "filling"
    SERVING = "serving"
    RETIRED = "retired"
    REMOVED = "removed"


LIVE = (State.FILLING, State.SERVING)


@dataclass(frozen=True, slots=True)
class Halt:
    """The event that a projection cannot get past. `type` is None where the event cannot even be read."""

    at: datetime
    position: int
    type: str | None
    error: str


@dataclass(frozen=True, slots=True)
class Generation:
    """A filling of a projection's tables for one workspace, as its row says."""

    workspace: UUID
    projection: str
    number: int
    state: State
    fingerprint: str
    held_back: bool
    checkpoint: int
    """The last position folded, -1 for none."""
    recorded_at: datetime | None
    """When the event at the checkpoint was recorded."""
    folded: Mapping[str, int]
    """Events folded, by type."""
    epoch: int
    holder: str | None
    leased_until: datetime | None
    heartbeat_at: datetime | None
    halt: Halt | None
    retired_at: datetime | None
    now: datetime
    """The database's clock when the row was read."""

    @property
    def leased(self) -> bool:
        """Somebody works on it, or did until a moment ago."""
        return self.holder is not None and self.leased_until is not None and self.leased_until > self.now


COLUMNS = """workspace_id, projection, generation, state, fingerprint, held_back, checkpoint, recorded_at, folded,
    epoch, holder, leased_until, heartbeat_at, halted_at, halted_position, halted_type, halted_error, retired_at,
    clock_timestamp() AS now"""


def of_row(row: Record) -> Generation:
    halt = None
    if row["halted_at"] is not None:
        halt = Halt(row["halted_at"], row["halted_position"], row["halted_type"], row["halted_error"])
    return Generation(
        workspace=row["workspace_id"],
        projection=row["projection"],
        number=row["generation"],
        state=State(row["state"]),
        fingerprint=row["fingerprint"],
        held_back=row["held_back"],
        checkpoint=row["checkpoint"],
        recorded_at=row["recorded_at"],
        folded=msgspec.json.decode(row["folded"], type=dict[str, int]),
        epoch=row["epoch"],
        holder=row["holder"],
        leased_until=row["leased_until"],
        heartbeat_at=row["heartbeat_at"],
        halt=halt,
        retired_at=row["retired_at"],
        now=row["now"],
    )


_OF_PROJECTION = f"""
    SELECT {COLUMNS} FROM projection_generations
    WHERE workspace_id = $1 AND projection = $2 AND state <> 'removed' ORDER BY generation
"""
_OF_WORKSPACE = f"""
    SELECT {COLUMNS} FROM projection_generations
    WHERE workspace_id = $1 AND state <> 'removed' ORDER BY projection, generation
"""
_ALL = f"SELECT {COLUMNS} FROM projection_generations WHERE state <> 'removed'"
_SEEN = "SELECT count(*) FROM projection_generations WHERE workspace_id = $1 AND projection = $2 AND fingerprint = $3"
_LAST = "SELECT coalesce(max(generation), 0) FROM projection_generations WHERE workspace_id = $1 AND projection = $2"
_INSERT = """
    INSERT INTO projection_generations (workspace_id, projection, generation, state, fingerprint, held_back, checkpoint,
        folded, epoch, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, -1, '{}', 0, $7) ON CONFLICT DO NOTHING
"""
_LOCK = """
    SELECT generation FROM projection_generations
    WHERE workspace_id = $1 AND projection = $2 AND state IN ('filling', 'serving') ORDER BY generation FOR UPDATE
"""
_LOCKED = """
    SELECT generation, state, fingerprint, checkpoint, epoch FROM projection_generations
    WHERE workspace_id = $1 AND projection = $2 AND state IN ('filling', 'serving') ORDER BY generation
"""
_RETIRE = """
    UPDATE projection_generations SET state = 'retired', retired_at = $4, holder = NULL, epoch = epoch + 1
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3
"""
_SERVE = """
    UPDATE projection_generations SET state = 'serving', held_back = false, switched_at = $4
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3
"""
_FREE = """
    UPDATE projection_generations SET epoch = epoch + 1, holder = NULL, leased_until = NULL
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3
"""
_RESUME = """
    UPDATE projection_generations
    SET halted_at = NULL, halted_position = NULL, halted_type = NULL, halted_error = NULL
    WHERE workspace_id = $1 AND projection = $2 AND halted_at IS NOT NULL AND state <> 'removed'
"""
_NOW = "SELECT clock_timestamp()"


async def all_of(database: Database, workspace: UUID, projection: str | None = None) -> list[Generation]:
    """Generations that have rows, of one projection or of all, oldest first."""
    async with database.session() as connection:
        return await of(connection, workspace, projection)


async def of(connection: Session, workspace: UUID, projection: str | None = None) -> list[Generation]:
    """The same in the caller's transaction."""
    if projection is None:
        rows = await connection.fetch(_OF_WORKSPACE, workspace)
    else:
        rows = await connection.fetch(_OF_PROJECTION, workspace, projection)
    return [of_row(row) for row in rows]


async def everywhere(database: Database) -> list[Generation]:
    """All generations that have rows, of all workspaces: where workers look for work."""
    async with database.session() as connection:
        return [of_row(row) for row in await connection.fetch(_ALL)]


async def prepare(database: Database, workspace: UUID, projection: Projection, known: list[Generation]) -> bool:
    """Have a generation of the projection as it is declared here, given those `known`; True if one was begun.

    A fingerprint that was never seen begins a rebuild. One that was is an older program's: it rebuilds only when
    nobody works on what serves, so that two versions of a program that run for a while side by side do not take
    turns in rebuilding.
    """
    live = [generation for generation in known if generation.state in LIVE]
    if any(generation.fingerprint == projection.fingerprint for generation in live):
        return False
    if any(generation.leased for generation in live) and await _seen(database, workspace, projection):
        return False
    return await begin(database, workspace, projection, unless_live=True) is not None


async def _seen(database: Database, workspace: UUID, projection: Projection) -> bool:
    async with database.session() as connection:
        return bool(await connection.fetchval(_SEEN, workspace, projection.name, projection.fingerprint))


async def begin(
    database: Database,
    workspace: UUID,
    projection: Projection,
    *,
    held_back: bool = False,
    unless_live: bool = False,
) -> int | None:
    """Begin another generation, and give up one that was still being filled. Returns its number.

    `held_back`: fill it and keep it up to date, but switch only when told to. `unless_live`: only if none of this
    fingerprint serves or is being filled; else None.
    """
    async with database.transaction(workspace) as connection:
        live = await _locked(connection, workspace, projection.name)
        if unless_live and any(row["fingerprint"] == projection.fingerprint for row in live):
            return None
        now = await connection.fetchval(_NOW)
        for row in live:
            if row["state"] == State.FILLING:
                await connection.execute(_RETIRE, workspace, projection.name, row["generation"], now)
        serving = any(row["state"] == State.SERVING for row in live)
        number = int(await connection.fetchval(_LAST, workspace, projection.name)) + 1
        state = State.FILLING if serving else State.SERVING
        await connection.execute(
            _INSERT, workspace, projection.name, number, state, projection.fingerprint, held_back, now
        )
    return number


async def _locked(connection: Session, workspace: UUID, projection: str) -> list[Record]:
    """The live generations, which nobody else changes before the transaction ends. Read by a statement of its own:
    one that had to wait for the lock does not see what was begun meanwhile."""
    await connection.execute(_LOCK, workspace, projection)
    return await connection.fetch(_LOCKED, workspace, projection)


async def switch(
    database: Database, workspace: UUID, projection: str, number: int, *, epoch: int | None = None
) -> bool:
    """Let a filled generation answer from now on, in one transaction; False if it is still behind the one that does.

    `epoch`: the switching worker's; if it lost its lease, `Conflict`. Without it (a person switches), whoever fills
    the generation loses the lease, and whoever takes it next knows that it serves.
    """
    async with database.transaction(workspace) as connection:
        live = {row["generation"]: row for row in await _locked(connection, workspace, projection)}
        filled = live.get(number)
        if filled is None or filled["state"] != State.FILLING:
            raise NotFound(f"generation {number} of {projection} is not being filled")
        if epoch is not None and filled["epoch"] != epoch:
            raise Conflict(f"another worker fills generation {number} of {projection}")
        serving = [row for row in live.values() if row["state"] == State.SERVING]
        if any(row["checkpoint"] > filled["checkpoint"] for row in serving):
            return False
        now = await connection.fetchval(_NOW)
        for row in serving:
            await connection.execute(_RETIRE, workspace, projection, row["generation"], now)
        await connection.execute(_SERVE, workspace, projection, number, now)
        if epoch is None:
            await connection.execute(_FREE, workspace, projection, number)
    return True


async def resume(database: Database, workspace: UUID, projection: str) -> int:
    """Let a halted projection try again; how many of its generations were halted."""
    async with database.transaction(workspace) as connection:
        status = await connection.execute(_RESUME, workspace, projection)
    return int(status.rpartition(" ")[2])


async def remove(database: Database, projection: Projection, retired: Generation, *, chunk: int = 5_000) -> int:
    """Delete a retired generation's rows, a chunk a transaction, and call it removed. Returns how many there were."""
    deleted = 0
    for table in projection.tables:
        while True:
            async with database.transaction(retired.workspace) as connection:
                count = await _remove_some(connection, table, retired, chunk)
            deleted += count
            if count < chunk:
                break
    await _forget(database, retired)
    return deleted


async def _remove_some(connection: Session, table: Table, retired: Generation, chunk: int) -> int:
    """Delete the first rows in the order of their keys, up to one that is looked up before: no join, whose plan might
    be a bad one."""
    keys = ", ".join(column.name for column in table.primary_key.columns if column.name not in _WHOSE)
    whose = f"FROM {table.name} WHERE workspace_id = $1 AND generation = $2"
    last = await connection.fetchrow(
        f"SELECT {keys} {whose} ORDER BY {keys} OFFSET $3 LIMIT 1", retired.workspace, retired.number, chunk - 1
    )
    if last is None:
        status = await connection.execute(f"DELETE {whose}", retired.workspace, retired.number)
    else:
        upto = ", ".join(f"${number}" for number in range(3, 3 + len(last)))
        status = await connection.execute(
            f"DELETE {whose} AND ({keys}) <= ({upto})", retired.workspace, retired.number, *last
        )
    return int(status.rpartition(" ")[2])


_WHOSE = ("workspace_id", "generation")
_REMOVED = """
    UPDATE projection_generations SET state = 'removed', holder = NULL
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3 AND state = 'retired'
"""


async def _forget(database: Database, retired: Generation) -> None:
    async with database.transaction(retired.workspace) as connection:
        await connection.execute(_REMOVED, retired.workspace, retired.projection, retired.number)


def stale(retired: Generation, grace: timedelta) -> bool:
    """Retired so long ago that no query can still be reading it."""
    return retired.retired_at is not None and retired.now - retired.retired_at > grace


async def current(connection: Session, workspace: UUID, projection: str) -> Generation | None:
    """The generation that answers, read in the caller's transaction."""
    row = await connection.fetchrow(
        f"SELECT {COLUMNS} FROM projection_generations "
        "WHERE workspace_id = $1 AND projection = $2 AND state = 'serving'",
        workspace,
        projection,
    )
    return None if row is None else of_row(row)
