"""What queries need to know of a projection: which generation answers, and how far it has got."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.errors import Unavailable
from domain.instants import Instant, instant_of
from eventstore.database import Database, Session
from projections import generations
from projections.hints import Ear

_POLL = 0.25
"""Seconds after which somebody who waits looks for themselves."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The generation that answers. Read it and its tables in one snapshot, so that both speak of the same state."""

    generation: int
    checkpoint: int
    """The position up to which events are in the tables; -1 for none."""
    recorded_at: Instant | None
    """When the event at the checkpoint was recorded."""
    halted: bool
    """It has met an event that it cannot fold, and stands still until somebody looks after it."""
    stale_since: datetime | None
    """When it halted."""


async def serving(connection: Session, workspace: UUID, name: str) -> Serving:
    """Which generation of the projection `name` answers for a workspace, in the caller's transaction.

    Raises `Unavailable` where no worker has begun it yet.
    """
    current = await generations.current(connection, workspace, name)
    if current is None:
        raise Unavailable(f"the projection {name} has not been begun; is a worker running?", detail="NOT_BEGUN")
    return Serving(
        generation=current.number,
        checkpoint=current.checkpoint,
        recorded_at=None if current.recorded_at is None else instant_of(current.recorded_at),
        halted=current.halt is not None,
        stale_since=None if current.halt is None else current.halt.at,
    )


async def wait_for(
    database: Database, ear: Ear, workspace: UUID, name: str, position: int, *, within: float
) -> Serving:
    """Wait until a projection has folded the ledger up to `position`, included: so one reads what one wrote.

    `ear`: the process's listener to hints; `within`: seconds. Raises `Unavailable` with detail `BEHIND` when the time
    is up, and at once with detail `HALTED` where the projection cannot get there.
    """
    deadline = time.monotonic() + within
    async with ear.waiter(workspace, name) as waiter:
        while True:
            async with database.session() as connection:
                now = await serving(connection, workspace, name)
            if now.checkpoint >= position:
                return now
            if now.halted:
                raise Unavailable(f"{name} has halted at position {now.checkpoint}", detail="HALTED")
            left = deadline - time.monotonic()
            if left <= 0:
                raise Unavailable(
                    f"{name} has got to position {now.checkpoint}, not yet to {position}", detail="BEHIND"
                )
            await waiter.wait(min(left, _POLL))
