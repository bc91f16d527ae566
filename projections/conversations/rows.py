"""Samples and conversations as rows of the room's tables, there and back."""

import struct
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Context, Credit, Sample, Standing
from domain.conversation.state import Conversation
from domain.instants import Instant, instant_of, moment_of
from domain.words import ActorType, Kind, Priority
from eventstore.copying import NULL, POSTGRESQL_EPOCH, packed_text
from projections.conversations import tables

SAMPLE_COLUMNS = (
    "workspace_id", "generation", "number", "measure", "at", "calendar", "business", "held_from", "episode", "queued",
    "conversation", "held_until", "positions",
    "inferred", "actor_type", "standing", "operator", "team", "channel", "community", "kind", "priority",
)  # fmt: skip
CONVERSATION_COLUMNS = tuple(column.name for column in tables.conversations.columns)


_FIXED = struct.Struct(">h i16s ii ii ih iq iq iq iq ii i?")
"""The columns of one width: each value follows its length, and the row begins with the number of its values."""
_LONG = struct.Struct(">iq")
"""A bigint after its length."""
_BIGINT = 20
"""PostgreSQL's number for the type of an array's elements."""


def packed_sample(
    workspace: bytes,
    generation: int,
    conversation: str,
    number: int,
    sample: Sample,
    held_from: int,
    held_until: int | None,
) -> bytes:
    """A row for COPY, in the order of `SAMPLE_COLUMNS`. `workspace`: its sixteen bytes."""
    fixed = _FIXED.pack(
        len(SAMPLE_COLUMNS),
        *(16, workspace),
        *(4, generation),
        *(4, number),
        *(2, sample.measure),
        *(8, sample.at - POSTGRESQL_EPOCH),
        *(8, sample.calendar),
        *(8, sample.business),
        *(8, held_from),
        *(4, sample.episode),
        *(1, sample.context.team is not None),
    )
    return b"".join(
        (
            fixed,
            packed_text(conversation),
            NULL if held_until is None else _LONG.pack(8, held_until),
            _packed_positions(sample.positions),
            _packed_circumstances(sample.credit, sample.standing, sample.team, sample.context),
        )
    )


def _packed_positions(positions: tuple[int, ...]) -> bytes:
    """An array of one dimension, which begins at 1 and holds no NULL."""
    return _array_of(len(positions)) + b"".join([_LONG.pack(8, position) for position in positions])


@lru_cache
def _array_of(size: int) -> bytes:
    """How an array of that many begins."""
    return struct.pack(">iiiiii", 20 + 12 * size, 1, 0, _BIGINT, size, 1)


@lru_cache(maxsize=20_000)
def _packed_circumstances(credit: Credit, standing: Standing, team: str | None, context: Context) -> bytes:
    """What many samples have in common."""
    words = (credit.actor_type, standing, credit.operator, team)
    place = (context.channel, context.community, context.kind, context.priority)
    return _INFERRED.pack(1, credit.inferred) + b"".join([packed_text(word) for word in (*words, *place)])


_INFERRED = struct.Struct(">i?")


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


def _moment(instant: Instant | None) -> datetime | None:
    return None if instant is None else moment_of(instant)
