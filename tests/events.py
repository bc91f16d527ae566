"""Events as tests write them:

event(ReplySent(reply="r1"), conversation="c1", by="anna", at="2026-03-02T09:00Z")
event(ItemReceived(item="i1", text="Hello"), conversation="c1", by=customer("maria"), at="2026-03-02T08:55Z")
event(OperatorRenamed(name="Anna"), operator="anna", by="anna", at="2026-03-02T10:00Z", order=1)

Ids are made of the content, so the same line is the same event wherever it stands.
"""

from uuid import UUID, uuid5

import msgspec

from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.event import Event
from domain.instants import Instant, parse_instant
from domain.words import ActorType

_IDS = UUID("5f0c1a52-8d3e-4c6e-9a6b-0d9a5f7a2b11")


def event(
    payload: Event,
    *,
    by: str | Actor,
    at: str | Instant,
    order: int | None = None,
    id: UUID | None = None,  # noqa: A002 - it is called that in the envelope
    conversation: str | None = None,
    customer: str | None = None,
    operator: str | None = None,
    of: str | None = None,
    **envelope: object,
) -> NewEvent:
    """A new event. Exactly one of `conversation`, `customer`, `operator` and `of` names its stream; `by` is an
    operator's id or an `Actor`; `at` is RFC 3339 text or an instant; the rest are fields of the envelope."""
    named = [name for name in (conversation, customer, operator, of) if name is not None]
    if len(named) != 1:
        raise TypeError("an event has one stream: say one of conversation, customer, operator, of")
    stream = Stream(payload.declaration.subject, named[0])
    actor = Actor(ActorType.OPERATOR, by) if isinstance(by, str) else by
    occurred_at = parse_instant(at) if isinstance(at, str) else at
    return NewEvent(
        Envelope(
            id=id or _id_of(payload, stream, actor, occurred_at, order),
            stream=stream,
            actor=actor,
            occurred_at=occurred_at,
            source_order=order,
            **envelope,  # type: ignore[arg-type]  # checked by the ledger, like everything that comes in
        ),
        payload,
    )


def customer(name: str) -> Actor:
    return Actor(ActorType.CUSTOMER, name)


def bot(name: str = "bot") -> Actor:
    return Actor(ActorType.BOT, name)


def rule(name: str = "rule") -> Actor:
    return Actor(ActorType.RULE, name)


def system(name: str = "system") -> Actor:
    return Actor(ActorType.SYSTEM, name)


def _id_of(payload: Event, stream: Stream, actor: Actor, at: Instant, order: int | None) -> UUID:
    content = (payload.declaration.name, stream, actor, at, order, payload)
    return uuid5(_IDS, msgspec.json.encode(content, order="sorted").decode())
