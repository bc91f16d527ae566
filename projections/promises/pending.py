"""What is still to be told, as rows: written by the fold of conversations, read by the scheduler."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.conversation.tellings import Telling
from domain.events.promises import PromiseNearlyDue
from domain.instants import Instant, instant_of, moment_of
from domain.words import Metric
from eventstore.database import Session

_COLUMNS = ("workspace_id", "generation", "conversation", "clock", "event", "due_at", "at", "promised", "promise")
_CLEAR = "DELETE FROM due_instants WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)"


async def replace(
    connection: Session, workspace: UUID, generation: int, pending: Mapping[str, Iterable[Telling]]
) -> None:
    """Have exactly this still to be told of these conversations."""
    await connection.execute(_CLEAR, workspace, generation, list(pending))
    await connection.copy_records_to_table(
        "due_instants",
        records=[
            (
                workspace,
                generation,
                conversation,
                telling.clock,
                telling.event.declaration.name,
                moment_of(telling.due_at),
                moment_of(telling.at),
                telling.promised,
                telling.promise,
            )
            for conversation, tellings in pending.items()
            for telling in tellings
        ],
        columns=_COLUMNS,
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A row: one thing to be told."""

    conversation: str
    clock: str
    event: str
    due_at: Instant
    at: Instant
    promised: Metric
    promise: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A workspace of which something is to be told now, by its generation that answers."""

    workspace: UUID
    generation: int
    checkpoint: int


_WAITING = """
    SELECT serving.workspace_id, serving.generation, serving.checkpoint FROM projection_generations AS serving
    WHERE projection = $1 AND state = 'serving' AND EXISTS (
        SELECT 1 FROM due_instants AS due
        WHERE due.workspace_id = serving.workspace_id AND due.generation = serving.generation AND due.at <= $2)
"""
_NEXT = """
    SELECT min(due.at) FROM projection_generations AS serving
    CROSS JOIN LATERAL (
        SELECT at FROM due_instants
        WHERE workspace_id = serving.workspace_id AND generation = serving.generation AND at > $2
        ORDER BY at LIMIT 1
    ) AS due
    WHERE serving.projection = $1 AND serving.state = 'serving'
"""
_DUE = """
    SELECT conversation, clock, event, due_at, at, promised, promise FROM due_instants
    WHERE workspace_id = $1 AND generation = $2 AND at >= $3 AND at <= $4 AND (event <> $6 OR due_at > $7)
    ORDER BY at, conversation, clock LIMIT $5
"""


async def waiting(connection: Session, projection: str, now: Instant) -> list[Waiting]:
    """The workspaces of which something is to be told by now."""
    rows = await connection.fetch(_WAITING, projection, moment_of(now))
    return [Waiting(row["workspace_id"], row["generation"], row["checkpoint"]) for row in rows]


async def following(connection: Session, projection: str, now: Instant) -> Instant | None:
    """When the next thing is to be told, in whatever workspace."""
    found: datetime | None = await connection.fetchval(_NEXT, projection, moment_of(now))
    return None if found is None else instant_of(found)


async def due(
    connection: Session, which: Waiting, *, since: Instant, until: Instant, now: Instant, limit: int
) -> list[Due]:
    """What is to be told of a workspace, by its instants, both included. What is due by `now` is not nearly due."""
    rows = await connection.fetch(
        _DUE,
        which.workspace,
        which.generation,
        moment_of(since),
        moment_of(until),
        limit,
        PromiseNearlyDue.declaration.name,
        moment_of(now),
    )
    return [
        Due(
            row["conversation"],
            row["clock"],
            row["event"],
            instant_of(row["due_at"]),
            instant_of(row["at"]),
            Metric(row["promised"]),
            row["promise"],
        )
        for row in rows
    ]
