"""Signed heads as they are stored, a row each, append-only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from eventstore.database import Session

_COLUMNS = "run, size, root, signed_at, checkpoint"


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head: the ledger's first `size` events have the root `root`."""

    run: int
    size: int
    root: bytes
    signed_at: datetime
    checkpoint: str


async def last(connection: Session, workspace: UUID) -> Head | None:
    """The newest head; None where nothing was signed yet."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM tree_heads WHERE workspace_id = $1 ORDER BY run DESC, size DESC LIMIT 1", workspace
    )
    return None if row is None else _head(row)


async def of_size(connection: Session, workspace: UUID, size: int) -> Head | None:
    """The newest head over exactly that many events."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM tree_heads WHERE workspace_id = $1 AND size = $2 ORDER BY run DESC LIMIT 1",
        workspace,
        size,
    )
    return None if row is None else _head(row)


async def after(connection: Session, workspace: UUID, place: tuple[int, int], limit: int) -> list[Head]:
    """Heads in the order in which they were signed, after one of that run and size."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM tree_heads WHERE workspace_id = $1 AND (run, size) > ($2, $3) "
        "ORDER BY run, size LIMIT $4",
        workspace,
        *place,
        limit,
    )
    return [_head(row) for row in rows]


async def store(connection: Session, workspace: UUID, head: Head) -> None:
    """Add a head. Its key objects where another process signed the same size meanwhile."""
    await connection.execute(
        f"INSERT INTO tree_heads (workspace_id, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)",
        workspace,
        head.run,
        head.size,
        head.root,
        head.signed_at,
        head.checkpoint,
    )


async def run(connection: Session, workspace: UUID) -> int:
    """Which run of heads is under way: the first, until a ledger that went backwards was accepted."""
    found = await connection.fetchval("SELECT max(run) FROM tree_runs WHERE workspace_id = $1", workspace)
    return 1 if found is None else int(found)


def _head(row: Record) -> Head:
    return Head(row["run"], row["size"], row["root"], row["signed_at"], row["checkpoint"])
