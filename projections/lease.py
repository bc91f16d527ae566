"""One worker at a time for each generation.

A lease is taken by compare-and-set on the generation's row and raises its epoch. Whoever holds it beats; whoever finds
it run out takes it over. A worker that was only asleep notices at its next commit, which compares the epoch too: so
two may work for a moment, but only one of them can commit. Instants come from the database's clock alone, so clocks of
machines that disagree do not matter.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from domain.errors import Conflict
from eventstore.database import Database, Session
from projections.generations import Generation, Halt, State

LASTS = timedelta(seconds=10)
"""How long a lease outlives its holder."""
BEATS = 4
"""Heartbeats in that time."""


class LeaseLost(Conflict):
    """Another worker took the generation over, or it was retired; nothing more may be written to it."""


_CLAIM = """
    UPDATE projection_generations SET epoch = epoch + 1, holder = $4, leased_until = $5, heartbeat_at = $6
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3 AND epoch = $7
        AND state IN ('filling', 'serving') AND halted_at IS NULL
    RETURNING epoch, state, checkpoint, folded
"""
_BEAT = """
    UPDATE projection_generations SET leased_until = $4, heartbeat_at = $5
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3 AND epoch = $6
"""
_RELEASE = """
    UPDATE projection_generations SET holder = NULL, leased_until = NULL
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3 AND epoch = $4
"""
_ADVANCE = """
    UPDATE projection_generations SET checkpoint = $6, recorded_at = $7, folded = $8
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3 AND epoch = $4 AND checkpoint = $5
"""
_HALT = """
    UPDATE projection_generations
    SET halted_at = $5, halted_position = $6, halted_type = $7, halted_error = $8, holder = NULL, leased_until = NULL
    WHERE workspace_id = $1 AND projection = $2 AND generation = $3 AND epoch = $4
"""
_ONE = "UPDATE 1"


@dataclass(slots=True)
class Lease:
    """The right to write one generation's rows, for as long as its epoch stands."""

    workspace: UUID
    projection: str
    generation: int
    epoch: int
    state: State
    checkpoint: int
    """Where the generation stood when it was taken."""
    folded: dict[str, int]
    """Events that it had folded by then, by type."""
    lasts: timedelta
    _clock: datetime
    _read_at: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        """The database's clock, carried on by our monotonic one."""
        return self._clock + timedelta(seconds=time.monotonic() - self._read_at)

    async def beat(self, database: Database) -> None:
        """Say that the holder lives. Raises `LeaseLost`."""
        now = self.now
        async with database.transaction(self.workspace) as connection:
            status = await connection.execute(_BEAT, *self._row, now + self.lasts, now, self.epoch)
        self._must_be_ours(status)

    async def advance(
        self, connection: Session, *, checkpoint: int, to: int, recorded_at: datetime, folded: str
    ) -> None:
        """Move the checkpoint in the batch's transaction, if both it and the lease are still as we left them."""
        status = await connection.execute(_ADVANCE, *self._row, self.epoch, checkpoint, to, recorded_at, folded)
        self._must_be_ours(status)

    async def halt(self, database: Database, halt: Halt) -> None:
        """Write down what the generation cannot get past, and let go of it."""
        async with database.transaction(self.workspace) as connection:
            status = await connection.execute(
                _HALT, *self._row, self.epoch, halt.at, halt.position, halt.type, halt.error
            )
        self._must_be_ours(status)

    async def release(self, database: Database) -> None:
        """Let somebody else take over at once. Nothing to release is no error: it was lost."""
        async with database.transaction(self.workspace) as connection:
            await connection.execute(_RELEASE, *self._row, self.epoch)

    @property
    def _row(self) -> tuple[UUID, str, int]:
        return (self.workspace, self.projection, self.generation)

    def _must_be_ours(self, status: str) -> None:
        if status != _ONE:
            raise LeaseLost(f"generation {self.generation} of {self.projection} was taken over or retired")


async def claim(database: Database, generation: Generation, holder: str, *, lasts: timedelta = LASTS) -> Lease | None:
    """Take a generation that was just read; None if somebody was faster."""
    clock, read_at = generation.now, time.monotonic()
    row = (generation.workspace, generation.projection, generation.number)
    async with database.transaction(generation.workspace) as connection:
        taken = await connection.fetchrow(_CLAIM, *row, holder, clock + lasts, clock, generation.epoch)
    if taken is None:
        return None
    folded = msgspec.json.decode(taken["folded"], type=dict[str, int])
    return Lease(*row, taken["epoch"], State(taken["state"]), taken["checkpoint"], folded, lasts, clock, read_at)
