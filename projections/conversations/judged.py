"""Whether promises were judged: what nobody may arrange for the past any more."""

from collections.abc import Mapping
from uuid import UUID

from domain.errors import Unavailable
from domain.instants import Instant, moment_of
from domain.kpi import measures as m
from eventstore.database import Session
from projections.conversations.project import NAME
from projections.serving import serving

_JUDGED = [
    measure.code
    for measure in (
        m.FIRST_RESPONSE_KEPT,
        m.NEXT_RESPONSE_KEPT,
        m.RESOLUTION_KEPT,
        m.FIRST_RESPONSE_OVERDUE,
        m.NEXT_RESPONSE_OVERDUE,
        m.RESOLUTION_OVERDUE,
    )
]
_COLUMNS = ("team", "channel", "community", "kind", "priority", "segment")


async def was_judged(
    connection: Session, workspace: UUID, scope: Mapping[str, tuple[str, ...]], *, since: Instant, until: Instant
) -> bool:
    """Whether a promise was judged between two instants in conversations of a scope: values by dimension."""
    try:
        state = await serving(connection, workspace, NAME)
    except Unavailable as error:
        if error.detail == "NOT_BEGUN":
            return False
        raise
    named = [dimension for dimension in _COLUMNS if dimension in scope]
    conditions = "".join(f" AND {dimension} = ANY(${number}::text[])" for number, dimension in enumerate(named, 6))
    found: bool = await connection.fetchval(
        f"""
        SELECT EXISTS (
            SELECT 1 FROM samples
            WHERE workspace_id = $1 AND generation = $2 AND measure = ANY($3::smallint[]) AND at >= $4 AND at <= $5
              AND held_until IS NULL AND place IN (
                SELECT place FROM places WHERE workspace_id = $1 AND generation = $2{conditions}))
        """,
        workspace,
        state.generation,
        _JUDGED,
        moment_of(since),
        moment_of(until),
        *([str(value) for value in scope[dimension]] for dimension in named),
    )
    return found
