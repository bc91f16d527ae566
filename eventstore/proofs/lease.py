"""One process at a time signs a ledger's heads. Two that did for a moment would do no harm: a key lets one of them
through. Instants come from the database's clock alone."""

from datetime import datetime, timedelta
from uuid import UUID

from eventstore.database import Session

LASTS = timedelta(seconds=5)
"""How long a lease outlives its holder."""

_MAKE = "INSERT INTO tree_signers (workspace_id, epoch) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_LOOK = "SELECT epoch, holder, leased_until, clock_timestamp() AS now FROM tree_signers WHERE workspace_id = $1"
_TAKE = """
    UPDATE tree_signers SET epoch = $3, holder = $2, leased_until = $4 WHERE workspace_id = $1 AND epoch = $5
    RETURNING epoch
"""
_RELEASE = "UPDATE tree_signers SET holder = NULL, leased_until = NULL WHERE workspace_id = $1 AND holder = $2"


async def taken(connection: Session, workspace: UUID, name: str) -> bool:
    """Whether the process called `name` signs for the next seconds. A lease that lasts is not written anew."""
    row = await connection.fetchrow(_LOOK, workspace)
    if row is None:
        await connection.execute(_MAKE, workspace)
        row = await connection.fetchrow(_LOOK, workspace)
    if row is None:
        return False
    until: datetime | None = row["leased_until"]
    if until is not None and row["holder"] == name and until > row["now"] + LASTS / 2:
        return True
    if until is not None and row["holder"] not in (None, name) and until > row["now"]:
        return False
    epoch = row["epoch"]
    return await connection.fetchval(_TAKE, workspace, name, epoch + 1, row["now"] + LASTS, epoch) is not None


async def release(connection: Session, workspace: UUID, name: str) -> None:
    """Let somebody else take over at once."""
    await connection.execute(_RELEASE, workspace, name)
