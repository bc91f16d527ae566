"""INSERT of many rows with VALUES: one statement, sizes from a short list, so that each is prepared once.

(An array for `unnest`, a CTE or executemany would be shorter, and is slow or refused where tables are distributed.)
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from eventstore.database import Session

_SIZES = (512, 256, 128, 64, 32, 16, 8, 4, 3, 2, 1)


async def insert_rows(
    connection: Session, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, conflict: str = ""
) -> None:
    """Insert the rows, in order, in as few statements as the sizes allow. Runs in the caller's transaction."""
    done = 0
    while done < len(rows):
        size = next(size for size in _SIZES if size <= len(rows) - done)
        statement = _statement(table, tuple(columns), size, conflict)
        await connection.execute(statement, *[value for row in rows[done : done + size] for value in row])
        done += size


@lru_cache(maxsize=256)
def _statement(table: str, columns: tuple[str, ...], size: int, conflict: str) -> str:
    width = len(columns)
    rows = (", ".join(f"${row * width + column + 1}" for column in range(width)) for row in range(size))
    values = ", ".join(f"({row})" for row in rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values} {conflict}".rstrip()
