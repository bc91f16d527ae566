"""A journal entry: one event, as it is shown. An interface, and an object type for each event type, generated."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.clocks import EntryClock, clocks
from api.schema.conversations import Conversation
from api.schema.directory import Actor, Channel, Community, Customer, Operator, Team
from api.schema.enums import InOneLocale
from api.schema.fields import computed
from api.schema.ids import NodeKind, global_id
from api.schema.nodes import Node
from api.schema.proofs import EntryProof, proofs
from api.schema.scalars import JSON, BigInt, DateTime
from api.schema.vocabulary import payload_fields, type_name
from domain.envelope import Envelope, RecordedEvent
from domain.event import DECLARATIONS, Commitment, Declaration, Words
from domain.text import Locale
from domain.words import Kind, Signature, Subject
from projections.journal.query import Entry


@strawberry.type(description="The stream that an event stands in: what it is about.")
class EntrySubject:
    type: Subject = strawberry.field(description="What kind of thing.")
    key: strawberry.ID = strawberry.field(description="Its id in the desk's words; a customer's pseudonym.")


@strawberry.type(description="Where and with whom it happened, as it was then. Null: not known, or not of that sort.")
class EntryContext:
    operator: Operator | None = strawberry.field(description="Who acted, or in whose name.")
    team: Team | None = strawberry.field(
        description="The queue that the conversation was in, else the operator's primary team then."
    )
    channel: Channel | None = strawberry.field(description="In which channel.")
    community: Community | None = strawberry.field(description="In which page, group, number or mailbox.")
    customer: Customer | None = strawberry.field(description="Who wrote, or was written to, or was dealt with.")
    conversation: Conversation | None = strawberry.field(description="In which conversation.")
    kind: Kind | None = strawberry.field(description="What sort of item it is about.")
    item: strawberry.ID | None = strawberry.field(description="The item, reply, note, call or survey that it is about.")


@strawberry.type(description="How the fact came to us.")
class EntryOrigin:
    source: str | None = strawberry.field(description="The integration or import that it comes from.")
    source_order: BigInt | None = strawberry.field(
        description="The source's own order among events of the same instant."
    )
    interface: str | None = strawberry.field(description="Through what it was done.")
    session: str | None = strawberry.field(description="The actor's session.")
    signature: Signature = strawberry.field(description="Whether the delivery was signed by its source.")
    causation: strawberry.ID | None = strawberry.field(description="The event that made this one happen.")
    correlation: str | None = strawberry.field(description="What one request, call or delivery brought together.")
    ip: str | None = strawberry.field(
        description="The actor's address; null where unknown or forgotten, and for all but investigators."
    )
    user_agent: str | None = strawberry.field(description="The actor's program; null likewise.")


@strawberry.type(description="What somebody wrote, as it stood when something was done to it or said in answer.")
class EntryContent:
    entry: strawberry.ID = strawberry.field(description="The id of the journal entry that says so.")
    text: str | None = strawberry.field(
        description="The words; null where unknown or forgotten, or not for you to see."
    )
    actor: Actor = strawberry.field(description="Who wrote it.")
    occurred_at: DateTime = strawberry.field(description="When.")


@strawberry.interface(
    description="One event of the ledger, as the journal shows it. Nothing of it ever changes, save that personal "
    "words can be forgotten."
)
class JournalEntry(Node):
    cursor: str = strawberry.field(description="Its place in the list that it was asked in.")
    type: str = strawberry.field(
        description="The stored name of the event's type, such as `conversation.closed`; see `eventTypes`."
    )
    position: BigInt = strawberry.field(description="Its place in the workspace's ledger: 0, 1, 2, ... without gaps.")
    version: int = strawberry.field(description="Its place among the events of its subject, likewise.")
    occurred_at: DateTime = strawberry.field(description="When it happened, by the desk's clock.")
    recorded_at: DateTime = strawberry.field(description="When it was recorded, by ours.")
    actor: Actor = strawberry.field(description="Who acted.")
    on_behalf_of: strawberry.ID | None = strawberry.field(
        description="The operator in whose name a rule, bot or integration acted."
    )
    subject: EntrySubject = strawberry.field(description="What it is about.")
    context: EntryContext = strawberry.field(description="Where and with whom it happened.")
    origin: EntryOrigin = strawberry.field(description="How the fact came to us.")
    content_before: EntryContent | None = strawberry.field(
        description="What stood there before this changed, hid or removed it. The words are for investigators."
    )
    answers: EntryContent | None = strawberry.field(description="What this answers, as it stood then.")
    recorded: Private[RecordedEvent]

    @computed("What happened, in two or three words.")
    def title(self, locale: InOneLocale = Locale.EN) -> str:
        return DECLARATIONS[self.type].title.in_(locale)

    @computed("What was said of it, in the stored names that the JSON Lines format has. Forgotten words are null.")
    def payload(self) -> JSON:
        return JSON(_plain(self.recorded))

    @computed("The clocks of promises that ran in the conversation just before this; empty where none did.")
    async def clocks(self, info: Info) -> list[EntryClock]:
        stream = self.recorded.envelope.stream
        if stream.subject is not Subject.CONVERSATION:
            return []
        act = (stream.id, self.recorded.position, self.recorded.envelope.occurred_at)
        return await info.context.once(clocks).load(act)

    @computed("The proof that it stands in the ledger. Null: it is not signed yet, which takes a second.")
    async def proof(self, info: Info) -> EntryProof | None:
        return await info.context.once(proofs).load(int(self.position))


def _entry_type(declaration: Declaration) -> type[JournalEntry]:
    """The object type of an event type: the interface, and the payload's fields."""
    annotations: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for field in payload_fields(declaration):
        if field.name in _RESERVED:
            raise TypeError(f"{declaration.name} has a field named like one of every entry, {field.name!r}")
        annotations[field.name] = field.answered
        fields[field.name] = strawberry.field(description=field.meaning)
    made = type(type_name(declaration), (JournalEntry,), {"__annotations__": annotations, **fields})
    decorated: type[JournalEntry] = strawberry.type(made, description=f"{declaration.title.en}: {declaration.meaning}")
    return decorated


_RESERVED = frozenset({"title", "payload", "clocks", "proof", *JournalEntry.__dataclass_fields__})
ENTRY_TYPES: Mapping[str, type[JournalEntry]] = MappingProxyType(
    {name: _entry_type(declaration) for name, declaration in DECLARATIONS.items()}
)
"""The object type of every event type, by stored name."""


def shown(entry: Entry, cursor: str, context: Context) -> JournalEntry:
    """An entry as the asker may see it."""
    event, envelope = entry.event, entry.event.envelope
    removed = context.principal.may(Right.REMOVED_CONTENT)
    said = {name: _value(getattr(event.payload, name)) for name in event.payload.__struct_fields__}
    return ENTRY_TYPES[entry.type](
        id=strawberry.ID(global_id(NodeKind.ENTRY, str(entry.event_id))),
        cursor=cursor,
        type=entry.type,
        position=BigInt(entry.position),
        version=event.version,
        occurred_at=DateTime(entry.occurred_at),
        recorded_at=DateTime(entry.recorded_at),
        actor=Actor.of(envelope),
        on_behalf_of=None if envelope.on_behalf_of is None else strawberry.ID(envelope.on_behalf_of),
        subject=EntrySubject(type=envelope.stream.subject, key=strawberry.ID(envelope.stream.id)),
        context=_context(entry),
        origin=_origin(envelope, removed=removed),
        content_before=_content(entry.before, visible=removed),
        answers=_content(entry.answers, visible=True),
        recorded=event,
        **said,
    )


def _context(entry: Entry) -> EntryContext:
    at = entry.occurred_at
    return EntryContext(
        operator=None if entry.operator is None else Operator.of(entry.operator, at),
        team=None if entry.team is None else Team.of(entry.team, at),
        channel=None if entry.channel is None else Channel.of(entry.channel, at),
        community=None if entry.community is None else Community.of(entry.community, at),
        customer=None if entry.customer is None else Customer.of(entry.customer, at),
        conversation=None if entry.conversation is None else Conversation.of(entry.conversation),
        kind=entry.kind,
        item=None if entry.item is None else strawberry.ID(entry.item),
    )


def _origin(envelope: Envelope, *, removed: bool) -> EntryOrigin:
    return EntryOrigin(
        source=envelope.source,
        source_order=None if envelope.source_order is None else BigInt(envelope.source_order),
        interface=envelope.interface,
        session=envelope.session,
        signature=envelope.signature,
        causation=None if envelope.causation is None else strawberry.ID(str(envelope.causation)),
        correlation=envelope.correlation,
        ip=_words(envelope.ip) if removed else None,
        user_agent=_words(envelope.user_agent) if removed else None,
    )


def _content(event: RecordedEvent | None, *, visible: bool) -> EntryContent | None:
    if event is None:
        return None
    return EntryContent(
        entry=strawberry.ID(global_id(NodeKind.ENTRY, str(event.envelope.id))),
        text=_words(getattr(event.payload, "text", None)) if visible else None,
        actor=Actor.of(event.envelope),
        occurred_at=DateTime(event.envelope.occurred_at),
    )


def _words(words: Words | None) -> str | None:
    """Personal words, unless they are sealed or forgotten."""
    return None if isinstance(words, Commitment) else words


def _value(value: Any) -> Any:
    return None if isinstance(value, Commitment) else value


def _plain(event: RecordedEvent) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(event.payload)
    return {
        name: None if isinstance(getattr(event.payload, name), Commitment) else plain for name, plain in told.items()
    }
