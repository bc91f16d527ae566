"""One process at a time does something for a workspace: signs its heads, tells of its promises. Two that did for a
moment must do no harm, for a watch is only a lease: whoever is asleep does not know that it ran out. Instants come from
the database's clock alone."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Column, Table, Text, Uuid

from eventstore.database import Session
from eventstore.tables import SHARD, Instants, metadata


def table_of_watches(name: str) -> Table:
    """A table in which the watches of one kind are kept."""
    return Table(
        name,
        metadata,
        Column("workspace_id", Uuid, primary_key=True),
        Column("epoch", BigInteger, nullable=False),
        Column("holder", Text, nullable=True),
        Column("leased_until", Instants, nullable=True),
        info=SHARD,
    )


class Watch:
    """The watches of one kind, one for each workspace, kept in a table of theirs (`table_of_watches`)."""

    def __init__(self, kept_in: Table, *, lasts: timedelta) -> None:
        """`lasts`: how long a watch outlives its holder."""
        table = kept_in.name
        self._lasts = lasts
        self._make = f"INSERT INTO {table} (workspace_id, epoch) VALUES ($1, 0) ON CONFLICT DO NOTHING"
        self._look = (
            f"SELECT epoch, holder, leased_until, clock_timestamp() AS now FROM {table} WHERE workspace_id = $1"
        )
        self._take = f"""
            UPDATE {table} SET epoch = $3, holder = $2, leased_until = $4 WHERE workspace_id = $1 AND epoch = $5
            RETURNING epoch
        """
        self._release = f"UPDATE {table} SET holder = NULL, leased_until = NULL WHERE workspace_id = $1 AND holder = $2"

    async def taken(self, connection: Session, workspace: UUID, name: str) -> bool:
        """Whether the process called `name` has it for the next seconds. One that lasts is not written anew."""
        row = await connection.fetchrow(self._look, workspace)
        if row is None:
            await connection.execute(self._make, workspace)
            row = await connection.fetchrow(self._look, workspace)
        if row is None:
            return False
        until: datetime | None = row["leased_until"]
        if until is not None and row["holder"] == name and until > row["now"] + self._lasts / 2:
            return True
        if until is not None and row["holder"] not in (None, name) and until > row["now"]:
            return False
        epoch, renewed = row["epoch"], row["now"] + self._lasts
        return await connection.fetchval(self._take, workspace, name, epoch + 1, renewed, epoch) is not None

    async def release(self, connection: Session, workspace: UUID, name: str) -> None:
        """Let somebody else take over at once."""
        await connection.execute(self._release, workspace, name)
