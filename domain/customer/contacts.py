"""Repeat contacts: a resolution that the same customer follows with another conversation, in whatever channel.

The conversation's fold says what contacts there were; here they are seen together. The outcome depends on the set of
contacts alone. A reopening is no new conversation, and is counted by itself.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from domain.conversation.sample import Sample, Standing
from domain.conversation.state import Conversation
from domain.instants import DAY, Instant
from domain.kpi import measures as m

REPEAT_WINDOW = 7 * DAY
"""A conversation begun so soon after a resolution is about what was not resolved."""


class Contact(NamedTuple):
    """One conversation, as far as it matters to the others of its customer."""

    conversation: str
    opened_at: Instant
    position: int
    """The event that opened it."""
    by_customer: bool
    topic: str | None
    resolutions: tuple[Sample, ...]
    """Its samples of `RESOLVED`."""
    reopened: frozenset[int]
    """The episodes whose resolution a reopening spoiled."""


def contact_of(conversation: str, state: Conversation) -> Contact | None:
    """What a conversation says of itself; None before anything opened it, and where a verdict sets it aside."""
    opening = state.opening()
    if opening is None or state.standing is not Standing.REGULAR:
        return None
    standing = [sample for sample in state.samples if sample is not None]
    return Contact(
        conversation=conversation,
        opened_at=opening.at,
        position=opening.positions[0],
        by_customer=not state.proactive,
        topic=state.topic,
        resolutions=tuple(sample for sample in standing if sample.measure == m.RESOLVED.code),
        reopened=frozenset(sample.episode for sample in standing if sample.measure in _REOPENED),
    )


def repeats(contacts: Iterable[Contact]) -> Iterator[tuple[str, Sample]]:
    """The samples of `FOLLOWED_UP` of one customer, with the conversation that each belongs to: one for each resolution
    that another conversation of theirs followed within the window."""
    known = sorted(contacts, key=lambda contact: (contact.opened_at, contact.conversation))
    for contact in known:
        for resolution in contact.resolutions:
            following = [
                other
                for other in known
                if other.conversation != contact.conversation
                and other.by_customer
                and resolution.at < other.opened_at <= resolution.at + REPEAT_WINDOW
            ]
            if following:
                yield contact.conversation, _followed(contact, resolution, following)


def _followed(contact: Contact, resolution: Sample, following: list[Contact]) -> Sample:
    flags = 0
    if contact.topic is not None and any(other.topic == contact.topic for other in following):
        flags |= m.FOLLOWED_UP_SAME_TOPIC.flag
    if resolution.episode == 1 and resolution.episode not in contact.reopened:
        flags |= m.FOLLOWED_UP_FIRST.flag
    return replace(
        resolution,
        measure=m.FOLLOWED_UP.code,
        positions=(*resolution.positions, following[0].position),
        flags=flags,
    )


_REOPENED = frozenset({m.REOPENED_BY_CUSTOMER.code, m.REOPENED_BY_DESK.code})
CONCERNED = _REOPENED | {m.CONVERSATION_OPENED.code, m.CONVERSATION_STARTED.code, m.RESOLVED.code}
"""Measures (their codes) of the samples that a contact is made of; besides them there are its topic and customer."""
