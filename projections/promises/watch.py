"""One process at a time tells of a workspace's promises. Two that did for a moment would do no harm: what they append
has the same ids. Instants come from the database's clock alone."""

from datetime import datetime, timedelta
from uuid import UUID

from eventstore.database import Session

LASTS = timedelta(seconds=10)
"""How long a watch outlives its holder."""

_MAKE = "INSERT INTO promise_watches (workspace_id, epoch) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_LOOK = "SELECT epoch, holder, leased_until, clock_timestamp() AS now FROM promise_watches WHERE workspace_id = $1"
_TAKE = """
    UPDATE promise_watches SET epoch = $3, holder = $2, leased_until = $4 WHERE workspace_id = $1 AND epoch = $5
    RETURNING epoch
"""


async def taken(connection: Session, workspace: UUID, name: str) -> bool:
    """Whether the process called `name` tells of this workspace for the next seconds."""
    row = await connection.fetchrow(_LOOK, workspace)
    if row is None:
        await connection.execute(_MAKE, workspace)
        row = await connection.fetchrow(_LOOK, workspace)
    if row is None:
        return False
    until: datetime | None = row["leased_until"]
    if row["holder"] not in (None, name) and until is not None and until > row["now"]:
        return False
    epoch = row["epoch"]
    return await connection.fetchval(_TAKE, workspace, name, epoch + 1, row["now"] + LASTS, epoch) is not None
