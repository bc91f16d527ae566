"""How the projections are doing, and whether they have folded everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.errors import NotFound
from domain.instants import SECOND, instant_of
from eventstore.database import Database
from eventstore.store import Store
from projections import generations
from projections.generations import Generation, Halt, State


@dataclass(frozen=True, slots=True)
class Progress:
    """One generation: how far it is behind the ledger, and who works on it.

    `behind`: events still to be folded; `behind_seconds`: how long the first of them has been waiting. `holder` and
    `heartbeat_at` are None where nobody works on it.
    """

    workspace: UUID
    projection: str
    generation: int
    state: State
    fingerprint: str
    head: int
    checkpoint: int
    behind: int
    behind_seconds: float
    holder: str | None
    heartbeat_at: datetime | None
    halt: Halt | None


async def progress(database: Database, store: Store, workspace: UUID) -> list[Progress]:
    """All generations of a workspace that serve, are being filled, or wait to be removed."""
    found = await generations.all_of(database, workspace)
    head = await store.head(workspace)
    return [await _progress(store, generation, head) for generation in found]


async def _progress(store: Store, generation: Generation, head: int) -> Progress:
    waiting = 0.0
    if head > generation.checkpoint:
        for event in await store.read(generation.workspace, after=generation.checkpoint, limit=1):
            waiting = max((instant_of(generation.now) - event.recorded_at) / SECOND, 0.0)
    return Progress(
        workspace=generation.workspace,
        projection=generation.projection,
        generation=generation.number,
        state=generation.state,
        fingerprint=generation.fingerprint,
        head=head,
        checkpoint=generation.checkpoint,
        behind=max(head - generation.checkpoint, 0),
        behind_seconds=waiting,
        holder=generation.holder if generation.leased else None,
        heartbeat_at=generation.heartbeat_at,
        halt=generation.halt,
    )


@dataclass(frozen=True, slots=True)
class Completeness:
    """Events in the ledger up to the checkpoint, and events folded, by type. Lag alone cannot see a hole."""

    checkpoint: int
    in_ledger: Mapping[str, int]
    folded: Mapping[str, int]

    @property
    def missing(self) -> dict[str, int]:
        """By type, how many were not folded, or (negative) folded more than once. Empty: all is well."""
        types = self.in_ledger.keys() | self.folded.keys()
        differences = {type_: self.in_ledger.get(type_, 0) - self.folded.get(type_, 0) for type_ in sorted(types)}
        return {type_: difference for type_, difference in differences.items() if difference}


_IN_LEDGER = "SELECT type, count(*) FROM events WHERE workspace_id = $1 AND position <= $2 GROUP BY type"


async def completeness(database: Database, workspace: UUID, projection: str) -> Completeness:
    """Compare what serves with the ledger. Counts the whole ledger: seconds for millions of events."""
    async with database.transaction(workspace, snapshot=True) as connection:
        serving = await generations.current(connection, workspace, projection)
        if serving is None:
            raise NotFound(f"the projection {projection} was never begun for this workspace")
        rows = await connection.fetch(_IN_LEDGER, workspace, serving.checkpoint)
    return Completeness(serving.checkpoint, {row["type"]: row["count"] for row in rows}, serving.folded)
