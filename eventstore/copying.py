"""COPY in PostgreSQL's binary format, packed here: packing a row costs less than handing a driver its values.

A row is the number of its values, then every value after its length, -1 for NULL; all numbers are big-endian.
"""

import struct
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import lru_cache

from eventstore.database import Session

LENGTH = struct.Struct(">i")
NULL = LENGTH.pack(-1)
POSTGRESQL_EPOCH = 946_684_800_000_000
"""PostgreSQL's timestamps count microseconds from 2000-01-01; this is that instant."""

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"


async def copy_packed(connection: Session, table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """Copy in rows that are packed in the order of the columns. Runs in the caller's transaction."""
    packed = b"".join((_HEADER, *rows, _END))
    await connection.copy_to_table(table, source=_once(packed), columns=columns, format="binary")


async def copy_and_commit(
    connection: Session, before: Sequence[str], table: str, columns: Sequence[str], rows: Iterable[bytes]
) -> None:
    """The statements, the rows, and COMMIT, all in one message: whoever waits for a lock in it has nothing to send any
    more once it is held. (The driver's `copy_to_table` writes the statement itself, and so begins with COPY; what it
    hands that to takes any statements, and answers what the last one did.)"""
    copying = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT binary)"
    packed = b"".join((_HEADER, *rows, _END))
    statements = "; ".join((*before, copying, "COMMIT"))
    copy_in = connection._copy_in  # type: ignore[attr-defined]  # it is not public, and so not in the driver's types
    ended = await copy_in(statements, memoryview(packed), None)
    if ended != "COMMIT":
        raise RuntimeError("a statement failed, its error was swallowed, and the transaction rolled back")


async def _once(packed: bytes) -> AsyncIterator[bytes]:
    """What COPY reads from. A file, which it takes too, is read in another thread."""
    yield packed


@lru_cache(maxsize=50_000)
def packed_text(text: str | None) -> bytes:
    """A value of type text, with its length. Remembered: rows of a batch repeat what they say."""
    if text is None:
        return NULL
    encoded = text.encode()
    return LENGTH.pack(len(encoded)) + encoded
