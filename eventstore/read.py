"""Reading the ledger. Personal words stay sealed: in their place stand their commitments, until `open` is asked."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from domain.envelope import RecordedEvent, Stream
from eventstore.codec import recorded, stream_key
from eventstore.database import Session

_COLUMNS = "position, version, type, recorded_at, content"
_AT_A_STRETCH = 250
"""Events decoded before the event loop has its turn: a millisecond's work."""


async def last_position(connection: Session, workspace: UUID) -> int:
    """-1 where the ledger is empty."""
    position: int | None = await connection.fetchval(
        "SELECT position FROM events WHERE workspace_id = $1 ORDER BY position DESC LIMIT 1", workspace
    )
    return -1 if position is None else position


async def recorded_by(connection: Session, workspace: UUID, moment: datetime) -> int:
    """The last position recorded at a moment or before it; -1 where there is none. Moments grow with positions, so it
    is found by halving, without an index of its own."""
    low, high = -1, await last_position(connection, workspace)
    while low < high:
        middle = (low + high + 1) // 2
        recorded_at: datetime = await connection.fetchval(
            "SELECT recorded_at FROM events WHERE workspace_id = $1 AND position = $2", workspace, middle
        )
        low, high = (middle, high) if recorded_at <= moment else (low, middle - 1)
    return low


async def after(
    connection: Session, workspace: UUID, position: int, limit: int, upto: int | None
) -> list[RecordedEvent]:
    """Events after a position, in order, not beyond `upto`."""
    if upto is None:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM events WHERE workspace_id = $1 AND position > $2 ORDER BY position LIMIT $3",
            workspace,
            position,
            limit,
        )
    else:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM events WHERE workspace_id = $1 AND position > $2 AND position <= $3 "
            "ORDER BY position LIMIT $4",
            workspace,
            position,
            upto,
            limit,
        )
    return await _recorded_in_stretches(rows)


async def of_stream(
    connection: Session, workspace: UUID, stream: Stream, after_version: int, limit: int
) -> list[RecordedEvent]:
    """A stream's events after a version, in order."""
    return _recorded(
        await connection.fetch(
            f"SELECT {_COLUMNS} FROM events WHERE workspace_id = $1 AND stream_key = $2 AND version > $3 "
            "ORDER BY version LIMIT $4",
            workspace,
            UUID(bytes=stream_key(stream)),
            after_version,
            limit,
        )
    )


async def of_streams(
    connection: Session, workspace: UUID, streams: Sequence[Stream]
) -> dict[Stream, list[RecordedEvent]]:
    """All events of several streams, each in order."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM events WHERE workspace_id = $1 AND stream_key = ANY($2) ORDER BY stream_key, version",
        workspace,
        [UUID(bytes=stream_key(stream)) for stream in streams],
    )
    found: dict[Stream, list[RecordedEvent]] = {stream: [] for stream in streams}
    for event in _recorded(rows):
        found[event.envelope.stream].append(event)
    return found


async def at(connection: Session, workspace: UUID, positions: Sequence[int]) -> dict[int, RecordedEvent]:
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM events WHERE workspace_id = $1 AND position = ANY($2)", workspace, positions
    )
    return {event.position: event for event in _recorded(rows)}


async def by_id(connection: Session, workspace: UUID, ids: Sequence[UUID]) -> dict[UUID, RecordedEvent]:
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM events WHERE workspace_id = $1 AND event_id = ANY($2)", workspace, ids
    )
    return {event.envelope.id: event for event in _recorded(rows)}


async def sealed_at(connection: Session, workspace: UUID, positions: Sequence[int]) -> dict[int, bytes]:
    """The sealed words of events, by position, where there are some."""
    rows = await connection.fetch(
        "SELECT position, sealed FROM events WHERE workspace_id = $1 AND position = ANY($2) AND sealed IS NOT NULL",
        workspace,
        positions,
    )
    return {row[0]: row[1] for row in rows}


def _recorded(rows: Sequence[Record]) -> list[RecordedEvent]:
    return [recorded(position, version, type_, at, content) for position, version, type_, at, content in rows]


async def _recorded_in_stretches(rows: Sequence[Record]) -> list[RecordedEvent]:
    """The same of many, while others have their turn in between: a batch that is read ahead is decoded when the one
    before waits for the database."""
    events: list[RecordedEvent] = []
    for start in range(0, len(rows), _AT_A_STRETCH):
        if start:
            await asyncio.sleep(0)
        events += _recorded(rows[start : start + _AT_A_STRETCH])
    return events
