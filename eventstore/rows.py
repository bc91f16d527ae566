"""Rows of the `events` table: how they go in, and what is read of a ledger's end."""

import struct
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from domain.instants import Instant, instant_of
from eventstore.codec import leaf, leaf_hash
from eventstore.copying import LENGTH, NULL, POSTGRESQL_EPOCH, copy_and_commit, packed_text
from eventstore.database import Session
from eventstore.units import Row

_COLUMNS = (
    "workspace_id", "position", "event_id", "stream_key", "version", "occurred_at", "recorded_at",
    "leaf_hash", "type", "content", "sealed",
)  # fmt: skip


async def insert_and_commit(
    connection: Session, workspace: UUID, before: Sequence[str], rows: Sequence[Row], recorded_at: Instant
) -> None:
    """Insert events at their places and commit, in one message that begins with the statements `before`."""
    await copy_and_commit(connection, before, "events", _COLUMNS, _packed(workspace, rows, recorded_at))


_FIXED = struct.Struct(">h i16s iq i16s i16s ii iq iq i32s")
"""Up to `type`: each value follows its length, and the row begins with their number."""


def _packed(workspace: UUID, rows: Sequence[Row], recorded_at: Instant) -> list[bytes]:
    """The rows' parts in COPY's binary format."""
    parts: list[bytes] = []
    workspace_bytes, workspace_text = workspace.bytes, str(workspace).encode()
    recorded = recorded_at - POSTGRESQL_EPOCH
    fixed, length, values = _FIXED.pack, LENGTH.pack, len(_COLUMNS)
    for row in rows:
        event, version = row.event, row.version
        content, sealed = event.content, event.sealed
        parts += (
            fixed(
                *(values, 16, workspace_bytes, 8, row.position, 16, event.event_id.bytes, 16, event.stream_key),
                *(4, version, 8, event.occurred_at - POSTGRESQL_EPOCH, 8, recorded),
                *(32, leaf_hash(leaf(content, recorded_at, version, workspace_text))),
            ),
            packed_text(event.type),
            length(len(content)),
            content,
        )
        parts += (NULL,) if sealed is None else (length(len(sealed)), sealed)
    return parts


async def ends(connection: Session, workspace: UUID, streams: Sequence[bytes]) -> tuple[int, Instant, dict[bytes, int]]:
    """The ledger's last position (-1 where it is empty) and when that was recorded, and the last versions of streams
    (-1 where they are new): one look at the end of each, however long it is."""
    position, recorded_at, versions = -1, 0, dict.fromkeys(streams, -1)
    for start in range(0, max(1, len(streams)), _LOOKED_AT):
        keys: list[UUID | None] = [UUID(bytes=stream) for stream in streams[start : start + _LOOKED_AT]]
        size = 1 << (len(keys) - 1).bit_length() if keys else 0
        keys += [None] * (size - len(keys))
        for key, last, moment in await connection.fetch(_ends(size), workspace, *keys):
            if moment is not None:
                position, recorded_at = last, instant_of(moment)
            elif last is not None:
                versions[key.bytes] = last
    return position, recorded_at, versions


_LOOKED_AT = 256


@lru_cache
def _ends(streams: int) -> str:
    """For that many streams: powers of two only, so that few statements are prepared."""
    statement = (
        "(SELECT NULL::uuid AS key, position AS last, recorded_at FROM events WHERE workspace_id = $1 "
        "ORDER BY position DESC LIMIT 1)"
    )
    if streams:
        keys = ", ".join(f"(${number}::uuid)" for number in range(2, streams + 2))
        statement += (
            " UNION ALL SELECT stream.key, (SELECT max(version) FROM events WHERE workspace_id = $1 "
            f"AND stream_key = stream.key), NULL FROM (VALUES {keys}) AS stream (key)"
        )
    return statement
