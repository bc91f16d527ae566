"""Samples and conversations as rows of the room's tables."""

import struct
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from msgspec import Struct

from domain.conversation.sample import Sample
from domain.conversation.state import Conversation
from domain.instants import Instant, moment_of
from eventstore.copying import POSTGRESQL_EPOCH
from projections.conversations import tables

SAMPLE_COLUMNS = (
    "workspace_id", "generation", "measure", "flags", "at", "held_from", "calendar", "business", "ordinal", "episode",
    "place", "positions", "conversation", "held_until",
)  # fmt: skip
CONVERSATION_COLUMNS = tuple(column.name for column in tables.conversations.columns)


class Held(Struct, gc=False):
    """A sample that began to hold, and when."""

    sample: Sample
    conversation: int
    """Its number; -1 where the sample belongs to none."""
    held_from: int
    ordinal: int
    held_until: int | None = None


def packed_sample(begin: bytes, held: Held, place: int) -> bytes:
    """A row for COPY, in the order of `SAMPLE_COLUMNS`. `begin`: `packed_begin` of the generation; `place`: number."""
    sample = held.sample
    positions, conversation, until = sample.positions, held.conversation, held.held_until
    size = len(positions)
    form = _form(size, conversation >= 0, until is not None)
    return begin + form(
        2, sample.measure,
        2, sample.flags,
        8, sample.at - POSTGRESQL_EPOCH,
        8, held.held_from,
        8, sample.calendar,
        8, sample.business,
        4, held.ordinal,
        4, sample.episode,
        4, place,
        20 + 12 * size, 1, 0, _BIGINT, size, 1, *[part for position in positions for part in (8, position)],
        *((8, conversation) if conversation >= 0 else (-1,)),
        *((-1,) if until is None else (8, until)),
    )  # fmt: skip


def packed_begin(workspace: UUID, generation: int) -> bytes:
    """How every sample of a generation begins."""
    return struct.pack(">h i16s ii", len(SAMPLE_COLUMNS), 16, workspace.bytes, 4, generation)


_BIGINT = 20
"""PostgreSQL's number for the type of an array's elements. The array has one dimension, begins at 1, holds no NULL."""


@lru_cache
def _form(positions: int, of_conversation: bool, ended: bool) -> Callable[..., bytes]:
    """Each value follows its length, -1 where there is none."""
    optional = "".join("iq" if there else "i" for there in (of_conversation, ended))
    return struct.Struct(f">ih ih iq iq iq iq ii ii ii iiiiii {'iq' * positions} {optional}").pack


def conversation_row(
    workspace: UUID, generation: int, conversation: str, number: int, state: Conversation
) -> tuple[object, ...]:
    """In the order of `CONVERSATION_COLUMNS`."""
    episode, ending, context = state.episode, state.ending, state.context
    return (
        workspace,
        generation,
        conversation,
        number,
        moment_of(state.opened_at),
        moment_of(state.last_at),
        _moment(ending.at if ending else None),
        _moment(state.turns.waiting_since),
        episode.number,
        state.items_received,
        state.replies_sent,
        state.first_response,
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
