"""Who, when, where: what every event has besides its payload."""

from typing import Annotated
from uuid import UUID

from msgspec import Struct

from domain.event import Belongs, Event, Id, Label, Personal, Words
from domain.instants import Instant
from domain.words import ActorType, Confidence, Signature, Subject


class Stream(Struct, frozen=True, gc=False):
    """One subject's events: `id` is the subject's id in the desk's own words (a customer's: its pseudonym, once
    stored)."""

    subject: Subject
    id: Id


THE_WORKSPACE = Stream(Subject.WORKSPACE, "workspace")
"""A workspace's own stream: there is one in each."""


class Actor(Struct, frozen=True, gc=False):
    """Who acted. A customer's `id` is its pseudonym, once stored."""

    type: ActorType
    id: Id
    confidence: Confidence = Confidence.ASSERTED


class Envelope(Struct, frozen=True, kw_only=True, gc=False):
    """What is known of an event before it is stored."""

    id: UUID
    """Unique in the workspace. The same id with the same content is the same event, delivered again."""
    stream: Stream
    actor: Actor
    occurred_at: Instant
    """When it happened, by the desk's clock."""
    on_behalf_of: Id | None = None
    """The operator in whose name a rule, bot or integration acted."""
    source: Label | None = None
    """Where the fact comes from: an integration's or import's name."""
    source_order: int | None = None
    """The source's own order among events of the same instant."""
    interface: Label | None = None
    """Through what it was done: `api`, `import`, a desk's application, a rule's name."""
    session: Id | None = None
    causation: UUID | None = None
    """The event that made this one happen."""
    correlation: Id | None = None
    """What one request, call or delivery brought together."""
    signature: Signature = Signature.NONE
    ip: Annotated[Words | None, Personal((Belongs.WRITER,))] = None
    user_agent: Annotated[Words | None, Personal((Belongs.WRITER,))] = None
    raw: Annotated[Words | None, Personal((Belongs.WRITER, Belongs.ANSWERED))] = None
    """What the source delivered, as it came."""


class NewEvent(Struct, frozen=True, gc=False):
    """A fact on its way into the ledger: ids of customers still in the desk's own words, personal words in plain."""

    envelope: Envelope
    payload: Event


class RecordedEvent(Struct, frozen=True, gc=False):
    """A fact as the ledger holds it. `position`: its place in the workspace's ledger, 0, 1, 2, ... without gaps;
    `version`: its place in its stream, likewise."""

    position: int
    version: int
    recorded_at: Instant
    envelope: Envelope
    payload: Event

    @property
    def order(self) -> "Order":
        return order_of(self.envelope)


Order = tuple[Instant, int, int]
"""How folds order events, whenever they arrived: occurrence, the source's order, event id (as an integer)."""


def order_of(envelope: Envelope) -> Order:
    """The fold's order (glossary, ruling 1). Events without a source order come before those that have one."""
    order = envelope.source_order
    return (envelope.occurred_at, -1 if order is None else order, envelope.id.int)
