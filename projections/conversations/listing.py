"""All conversations, page by page, in the order of their ids."""

from collections.abc import Sequence
from uuid import UUID

from domain.instants import moment_of
from domain.kpi.question import Range
from eventstore.database import Session
from projections.conversations.project import NAME
from projections.conversations.query import ConversationState, state_of
from projections.serving import serving


async def opened_within(
    connection: Session, workspace: UUID, range_: Range, *, after: str, limit: int
) -> Sequence[ConversationState]:
    """The next conversations that were first opened in the range; `after`: the id of the last one seen, "" at the
    beginning."""
    state = await serving(connection, workspace, NAME)
    since, until = moment_of(range_.since), moment_of(range_.until)
    rows = await connection.fetch(_SELECT, workspace, state.generation, after, since, until, limit)
    return [state_of(row) for row in rows]


_SELECT = """
    SELECT * FROM conversations
    WHERE workspace_id = $1 AND generation = $2 AND conversation > $3 AND opened_at >= $4 AND opened_at < $5
    ORDER BY conversation LIMIT $6
"""
