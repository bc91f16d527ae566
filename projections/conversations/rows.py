"""Samples and conversations as rows of the room's tables, there and back."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Context, Credit, Sample, Standing
from domain.conversation.state import Conversation
from domain.instants import Instant, instant_of, moment_of
from domain.words import ActorType, Kind, Priority
from projections.conversations import tables

SAMPLE_COLUMNS = tuple(column.name for column in tables.samples.columns)
CONVERSATION_COLUMNS = tuple(column.name for column in tables.conversations.columns)


def sample_row(
    workspace: UUID,
    generation: int,
    conversation: str,
    number: int,
    sample: Sample,
    held_from: int,
    held_until: int | None,
) -> tuple[object, ...]:
    """In the order of `SAMPLE_COLUMNS`."""
    credit, context = sample.credit, sample.context
    return (
        workspace,
        generation,
        conversation,
        number,
        sample.measure,
        _moment_of(sample.at),
        sample.calendar,
        sample.business,
        held_from,
        held_until,
        sample.positions,
        sample.episode,
        context.team is not None,
        credit.inferred,
        credit.actor_type,
        sample.standing,
        credit.operator,
        sample.team,
        context.channel,
        context.community,
        context.kind,
        context.priority,
    )


def sample_of(row: Record) -> Sample:
    """The sample that a row holds."""
    return Sample(
        measure=row["measure"],
        at=instant_of(row["at"]),
        episode=row["episode"],
        credit=Credit(row["operator"], ActorType(row["actor_type"]), row["inferred"]),
        team=row["team"],
        context=Context(
            channel=row["channel"],
            community=row["community"],
            kind=None if row["kind"] is None else Kind(row["kind"]),
            team=row["team"] if row["queued"] else None,
            priority=None if row["priority"] is None else Priority(row["priority"]),
        ),
        positions=tuple(row["positions"]),
        calendar=row["calendar"],
        business=row["business"],
        standing=Standing(row["standing"]),
    )


def conversation_row(
    workspace: UUID, generation: int, conversation: str, state: Conversation, numbered: int
) -> tuple[object, ...]:
    """In the order of `CONVERSATION_COLUMNS`."""
    episode, ending, context = state.episode, state.ending, state.context
    return (
        workspace,
        generation,
        conversation,
        moment_of(state.opened_at),
        moment_of(state.last_at),
        _moment(ending.at if ending else None),
        _moment(state.turns.waiting_since),
        episode.number,
        state.items_received,
        state.replies_sent,
        state.first_response,
        numbered,
        bool(state.proactive),
        state.standing,
        ending.outcome if ending else None,
        state.on_hold,
        state.holder,
        context.team,
        context.channel,
        context.community,
        context.kind,
        context.priority,
        state.topic,
        state.customer,
    )


_moment_of = lru_cache(maxsize=1_000)(moment_of)
"""Samples of one event are of one instant."""


def _moment(instant: Instant | None) -> datetime | None:
    return None if instant is None else moment_of(instant)
