"""Putting opened words in the place of their commitments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import structlog
from msgspec import structs

from domain.envelope import RecordedEvent
from domain.event import Commitment
from eventstore.codec import ENVELOPE_PERSONAL, commitment
from eventstore.sealing import Opened

log = structlog.get_logger(__name__)

_IN_PAYLOAD = "payload."


def is_sealed(event: RecordedEvent) -> bool:
    """Whether a commitment stands anywhere in it."""
    payload, envelope = event.payload, event.envelope
    return any(type(getattr(payload, name)) is Commitment for name in payload.declaration.personal) or any(
        type(getattr(envelope, name)) is Commitment for name in ENVELOPE_PERSONAL
    )


class OwnedWords(NamedTuple):
    """An event as far as it was opened, and whose words those are, by path (`payload.text`)."""

    event: RecordedEvent
    owners: Mapping[str, Sequence[UUID]]


def with_owners(event: RecordedEvent, boxes: Iterable[tuple[Sequence[UUID], Opened]]) -> OwnedWords:
    """The event with the words of all boxes that were opened."""
    opened: dict[str, tuple[bytes, str]] = {}
    owners: dict[str, Sequence[UUID]] = {}
    for subjects, words in boxes:
        opened.update(words)
        owners.update(dict.fromkeys(words, subjects))
    return OwnedWords(with_words(event, opened), owners)


def with_words(event: RecordedEvent, opened: Opened) -> RecordedEvent:
    """The event with those of its words that were opened. Words that are not what was committed to stay away."""
    payload = event.payload
    in_payload = _kept(
        event,
        {name: opened[_IN_PAYLOAD + name] for name in payload.declaration.personal if _IN_PAYLOAD + name in opened},
        payload,
    )
    in_envelope = _kept(event, {name: opened[name] for name in ENVELOPE_PERSONAL if name in opened}, event.envelope)
    if in_payload:
        payload = structs.replace(payload, **in_payload)
    envelope = structs.replace(event.envelope, **in_envelope) if in_envelope else event.envelope
    return RecordedEvent(event.position, event.version, event.recorded_at, envelope, payload)


def _kept(event: RecordedEvent, opened: Opened, holder: object) -> Mapping[str, str]:
    kept = {}
    for name, (salt, words) in opened.items():
        if getattr(holder, name) == Commitment(commitment(salt, words.encode())):
            kept[name] = words
        else:
            log.error("sealed words are not those committed to", event_id=str(event.envelope.id), field=name)
    return kept
