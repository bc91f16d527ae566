"""How conversations stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Standing
from domain.instants import Instant, instant_of
from domain.words import Kind, Outcome, Priority, WaitingFor
from eventstore.database import Session
from projections.conversations.project import NAME
from projections.serving import serving

_W = TypeVar("_W", bound=StrEnum)


class Status(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"
    ON_HOLD = "on_hold"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ConversationState:
    """One conversation, as the last event known leaves it."""

    id: str
    status: Status
    standing: Standing
    outcome: Outcome | None
    """What the current episode ended in; None while it is open."""
    episode: int
    """How many times it was opened, the first included."""
    proactive: bool
    opened_at: Instant
    last_at: Instant
    ended_at: Instant | None
    waiting_since: Instant | None
    """Since when a customer awaits an answer."""
    on_hold: WaitingFor | None
    holder: str | None
    team: str | None
    channel: str | None
    community: str | None
    kind: Kind | None
    priority: Priority | None
    topic: str | None
    customer: str | None
    """The customer's pseudonym."""
    items: int
    replies: int
    first_response: int | None
    """Seconds, calendar time."""


async def conversations(connection: Session, workspace: UUID, ids: Sequence[str]) -> dict[str, ConversationState]:
    """The conversations of these ids that there are, in the caller's snapshot."""
    state = await serving(connection, workspace, NAME)
    rows = await connection.fetch(_SELECT, workspace, state.generation, list(ids))
    return {row["conversation"]: state_of(row) for row in rows}


def state_of(row: Record) -> ConversationState:
    return ConversationState(
        id=row["conversation"],
        status=_status(row),
        standing=Standing(row["standing"]),
        outcome=_word(Outcome, row["outcome"]),
        episode=row["episode"],
        proactive=row["proactive"],
        opened_at=instant_of(row["opened_at"]),
        last_at=instant_of(row["last_at"]),
        ended_at=None if row["ended_at"] is None else instant_of(row["ended_at"]),
        waiting_since=None if row["waiting_since"] is None else instant_of(row["waiting_since"]),
        on_hold=_word(WaitingFor, row["on_hold"]),
        holder=row["holder"],
        team=row["team"],
        channel=row["channel"],
        community=row["community"],
        kind=_word(Kind, row["kind"]),
        priority=_word(Priority, row["priority"]),
        topic=row["topic"],
        customer=row["customer"],
        items=row["items"],
        replies=row["replies"],
        first_response=row["first_response"],
    )


def _status(row: Record) -> Status:
    if row["ended_at"] is not None:
        return Status.ENDED
    return Status.OPEN if row["on_hold"] is None else Status.ON_HOLD


def _word(words: type[_W], value: str | None) -> _W | None:
    return None if value is None else words(value)


_SELECT = """
    SELECT * FROM conversations WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)
"""
