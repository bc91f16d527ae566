"""Which conversations and customers somebody had to do with: those in which there is an entry within their sight. All
functions read in the caller's transaction."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from eventstore.database import Session
from projections.journal.projection import NAME
from projections.serving import serving
from projections.sight import Sight


async def seen(
    connection: Session, workspace: UUID, column: Literal["conversation", "customer"], ids: Iterable[str], sight: Sight
) -> set[str]:
    """Those of the conversations (or customers, by pseudonym) that are within a sight."""
    wanted = sorted(set(ids))
    if sight.everything or not wanted:
        return set(wanted)
    whose = "operator = $4" if sight.operator is not None else "team = ANY($4::text[])"
    state = await serving(connection, workspace, NAME)
    rows = await connection.fetch(
        f"""
        SELECT wanted.id FROM unnest($3::text[]) AS wanted (id) WHERE EXISTS (
            SELECT 1 FROM journal_entries
            WHERE workspace_id = $1 AND generation = $2 AND {column} = wanted.id AND {whose})
        """,
        workspace,
        state.generation,
        wanted,
        sight.operator if sight.operator is not None else list(sight.teams or ()),
    )
    return {row["id"] for row in rows}
