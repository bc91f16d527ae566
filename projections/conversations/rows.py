"""Samples and conversations as rows of the room's tables."""

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from domain.conversation.sample import Place, Sample
from domain.conversation.state import Conversation
from eventstore.copying import LENGTH, NULL, POSTGRESQL_EPOCH, packed_text
from projections.conversations import tables

SAMPLE_COLUMNS = (
    "workspace_id", "generation", "measure", "flags", "at", "held_from", "calendar", "business", "ordinal", "episode",
    "place", "positions", "conversation", "held_until",
)  # fmt: skip
CONVERSATION_COLUMNS = tuple(column.name for column in tables.conversations.columns)


NO_CONVERSATION = -1
Begun = tuple[Sample, int, int, int]
"""A sample; its conversation's number, or `NO_CONVERSATION`; the position it holds from; which of that event's."""


def packed_samples(
    workspace: UUID,
    generation: int,
    begun: Sequence[Begun],
    until: Mapping[int, int],
    numbers: Mapping[Place, Sequence[int]],
) -> list[bytes]:
    """Rows for COPY, in the order of `SAMPLE_COLUMNS`. `until`: by index in `begun`, the position that took a sample
    back; `numbers`: of places, their own first."""
    begin = packed_begin(workspace, generation, len(SAMPLE_COLUMNS))
    rows = []
    for index, (sample, conversation, held_from, ordinal) in enumerate(begun):
        positions = sample.positions
        size = len(positions)
        held_until = until.get(index)
        fixed = (
            2, sample.measure, 2, sample.flags, 8, sample.at - POSTGRESQL_EPOCH, 8, held_from, 8, sample.calendar,
            8, sample.business, 4, ordinal, 4, sample.episode, 4, numbers[sample.place][0],
            20 + 12 * size, 1, 0, _BIGINT, size, 1, 8, positions[0],
        )  # fmt: skip
        if size == 1 and held_until is None and conversation >= 0:
            rows.append(begin + _MOST(*fixed, 8, conversation, -1))
            continue
        others = [part for position in positions[1:] for part in (8, position)]
        optional = [part for value in (conversation, held_until) for part in _optional(value)]
        form = _form(size, conversation >= 0, held_until is not None)
        rows.append(begin + form(*fixed, *others, *optional))
    return rows


_BIGINT = 20
"""PostgreSQL's number for the type of an array's elements. The array has one dimension, begins at 1, holds no NULL."""


def _optional(value: int | None) -> tuple[int, ...]:
    return (-1,) if value is None or value < 0 else (8, value)


@lru_cache
def _form(positions: int, of_conversation: bool, ended: bool) -> Callable[..., bytes]:
    """Each value follows its length, -1 where there is none."""
    optional = "".join("iq" if there else "i" for there in (of_conversation, ended))
    return struct.Struct(f">ih ih iq iq iq iq ii ii ii iiiiii {'iq' * positions} {optional}").pack


_MOST = _form(1, of_conversation=True, ended=False)


def packed_conversation(begin: bytes, conversation: str, number: int, state: Conversation) -> bytes:
    """A row for COPY, in the order of `CONVERSATION_COLUMNS`. `begin`: `packed_begin` of the generation."""
    episode, ending, context = state.episode, state.ending, state.context
    ended_at = None if ending is None else ending.at
    waiting_since = state.turns.waiting_since
    return b"".join(
        (
            begin,
            _text(conversation),
            _LEADING(8, number, 8, state.opened_at - POSTGRESQL_EPOCH, 8, state.last_at - POSTGRESQL_EPOCH),
            NULL if ended_at is None else _LONG(8, ended_at - POSTGRESQL_EPOCH),
            NULL if waiting_since is None else _LONG(8, waiting_since - POSTGRESQL_EPOCH),
            _COUNTS(4, episode.number, 4, state.items_received, 4, state.replies_sent),
            NULL if state.first_response is None else _LONG(8, state.first_response),
            _FLAG(1, bool(state.proactive)),
            packed_text(state.standing),
            packed_text(ending.outcome if ending else None),
            packed_text(state.on_hold),
            packed_text(state.holder),
            packed_text(context.team),
            packed_text(context.channel),
            packed_text(context.community),
            packed_text(context.kind),
            packed_text(context.priority),
            packed_text(state.topic),
            NULL if state.customer is None else _text(state.customer),
        )
    )


def packed_begin(workspace: UUID, generation: int, columns: int) -> bytes:
    """How every row of a generation begins: the number of its values, then these two."""
    return struct.pack(">h i16s ii", columns, 16, workspace.bytes, 4, generation)


_LEADING = struct.Struct(">iq iq iq").pack
_LONG = struct.Struct(">iq").pack
_COUNTS = struct.Struct(">ii ii ii").pack
_FLAG = struct.Struct(">i?").pack


def _text(text: str) -> bytes:
    """A word that few rows have in common."""
    encoded = text.encode()
    return LENGTH.pack(len(encoded)) + encoded
