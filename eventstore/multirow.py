"""INSERT of many rows with VALUES: one statement, sizes from a short list, so that each is prepared once.

(An array for `unnest`, a CTE or executemany would be shorter, and is slow or refused where tables are distributed.)
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from asyncpg import Record

from eventstore.database import Session

_SIZES = (64, 48, 32, 24, *range(16, 0, -1))
"""Beyond 64 rows a statement's parameters cost more each."""


async def insert_rows(
    connection: Session, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, more: str = ""
) -> list[Record]:
    """Insert the rows, in order, in as few statements as the sizes allow. Runs in the caller's transaction. `more`
    follows the values (`ON CONFLICT ...`, `RETURNING ...`); returns what is returned."""
    returned: list[Record] = []
    done = 0
    while done < len(rows):
        size = next(size for size in _SIZES if size <= len(rows) - done)
        statement = _statement(table, tuple(columns), size, more)
        returned += await connection.fetch(statement, *[value for row in rows[done : done + size] for value in row])
        done += size
    return returned


@lru_cache(maxsize=256)
def _statement(table: str, columns: tuple[str, ...], size: int, more: str) -> str:
    width = len(columns)
    rows = (", ".join(f"${row * width + column + 1}" for column in range(width)) for row in range(size))
    values = ", ".join(f"({row})" for row in rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values} {more}".rstrip()
