"""Rows of the `events` table on their way in.

Small batches go in by VALUES. Large ones by COPY, whose binary format is written here: a row costs a tenth of what
the driver asks for nine parameters.
"""

import struct
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from uuid import UUID

from domain.instants import Instant, moment_of
from eventstore.codec import leaf, leaf_hash
from eventstore.database import Session
from eventstore.multirow import insert_rows
from eventstore.units import Row

_COLUMNS = (
    "workspace_id", "position", "event_id", "stream_key", "version", "type",
    "occurred_at", "recorded_at", "content", "leaf_hash", "sealed",
)  # fmt: skip
COPY_FROM = 1000000


async def insert(connection: Session, workspace: UUID, rows: Sequence[Row], recorded_at: Instant) -> None:
    if not rows:
        return
    if len(rows) >= COPY_FROM:
        await _copy(connection, workspace, rows, recorded_at)
        return
    moment = moment_of(recorded_at)
    await insert_rows(
        connection,
        "events",
        _COLUMNS,
        [
            (
                workspace,
                row.position,
                row.event.event_id,
                row.event.stream_key,
                row.version,
                row.event.type,
                moment_of(row.event.occurred_at),
                moment,
                row.event.content,
                leaf_hash(leaf(row.event.content, recorded_at, row.version, workspace)),
                row.event.sealed,
            )
            for row in rows
        ],
    )


_EPOCH = 946_684_800_000_000
"""PostgreSQL counts microseconds from 2000-01-01."""
_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TAIL = struct.pack(">h", -1)
_FIXED = struct.Struct(">h i16s iq i16s i16s ii i")
_TIMES = struct.Struct(">iq iq i")
_HASH = struct.Struct(">i32s i")


async def _copy(connection: Session, workspace: UUID, rows: Sequence[Row], recorded_at: Instant) -> None:
    out = [_HEAD]
    w = workspace.bytes
    r = recorded_at - _EPOCH
    wt = workspace
    for row in rows:
        e = row.event
        c = e.content
        t = e.type.encode()
        h = leaf_hash(leaf(c, recorded_at, row.version, wt))
        s = e.sealed
        out += (
            _FIXED.pack(
                11, 16, w, 8, row.position, 16, e.event_id.bytes, 16, e.stream_key.bytes, 4, row.version, len(t)
            ),
            t,
            _TIMES.pack(8, e.occurred_at - _EPOCH, 8, r, len(c)),
            c,
            _HASH.pack(32, h, -1 if s is None else len(s)),
        )
        if s is not None:
            out.append(s)
    out.append(_TAIL)
    data = b"".join(out)

    async def source() -> AsyncIterator[bytes]:
        yield data

    await connection.copy_to_table("events", source=source(), columns=_COLUMNS, format="binary")


async def last_versions(connection: Session, workspace: UUID, streams: Sequence[UUID]) -> dict[UUID, int]:
    """The last versions of those streams that exist: one look at the end of each, however long it is."""
    found: dict[UUID, int] = {}
    for start in range(0, len(streams), _LOOKED_AT):
        part = streams[start : start + _LOOKED_AT]
        size = 1
        while size < len(part):
            size *= 2
        rows = await connection.fetch(_last_versions(size), workspace, *part, *[None] * (size - len(part)))
        found.update({row[0]: row[1] for row in rows if row[1] is not None})
    return found


_LOOKED_AT = 256


@lru_cache
def _last_versions(size: int) -> str:
    keys = ", ".join(f"(${number}::uuid)" for number in range(2, size + 2))
    return (
        "SELECT stream.key, (SELECT max(version) FROM events WHERE workspace_id = $1 AND stream_key = stream.key) "
        f"FROM (VALUES {keys}) AS stream (key)"
    )
