"""Filling projections by hand, batch by batch, as a worker would: so that a test says what is in a batch.

await append(store, workspace, history)
filled = await fill(database, store, Journal(store), workspace, batches=3)
await filled.rows(tables.entries)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from domain.envelope import NewEvent
from eventstore.database import Database
from eventstore.store import Append, Outcome, Store
from projections import generations, lease
from projections.hints import Announcer
from projections.pace import Pace
from projections.projection import Projection
from projections.runner import Runner


@dataclass(frozen=True)
class Filled:
    """One generation of a projection of a workspace."""

    database: Database
    workspace: UUID
    generation: int

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """The generation's rows, without whose they are."""
        keys = ", ".join(column.name for column in table.primary_key.columns)
        async with self.database.transaction(self.workspace) as connection:
            rows = await connection.fetch(
                f"SELECT * FROM {table.name} WHERE workspace_id = $1 AND generation = $2 ORDER BY {keys}",
                self.workspace,
                self.generation,
            )
        return [
            {name: value for name, value in row.items() if name not in {"workspace_id", "generation"}} for row in rows
        ]


async def append(store: Store, workspace: UUID, events: Sequence[NewEvent]) -> list[int]:
    """Append events in this order, each a unit; where each stands."""
    appended = await store.append(workspace, [Append((event,)) for event in events])
    assert {unit.outcome for unit in appended} <= {Outcome.APPENDED}, [unit for unit in appended if unit.error]
    return [unit.position for unit in appended if unit.position is not None]


def batches_of(size: int) -> Pace:
    return Pace(smallest=size, largest=size, limit=size)


async def runner_of(
    database: Database, store: Store, projection: Projection, workspace: UUID, *, batches: int = 1_000
) -> Runner:
    """A runner of the newest live generation, its lease taken; a generation is begun where there is none."""
    known = await generations.all_of(database, workspace, projection.name)
    if await generations.prepare(database, workspace, projection, known):
        known = await generations.all_of(database, workspace, projection.name)
    newest = [generation for generation in known if generation.state in generations.LIVE][-1]
    taken = await lease.claim(database, newest, "a test")
    assert taken is not None
    return Runner(database, store, projection, newest, taken, Announcer(database), pace=batches_of(batches))


async def fill(
    database: Database, store: Store, projection: Projection, workspace: UUID, *, batches: int = 1_000
) -> Filled:
    """Fold everything that the ledger holds by now into the newest live generation."""
    runner = await runner_of(database, store, projection, workspace, batches=batches)
    await runner.catch_up(await store.head(workspace))
    await runner.let_go()
    return Filled(database, workspace, runner.generation)
