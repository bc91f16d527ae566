"""The fold of customers: which resolutions they followed with another conversation. It sees what the conversations'
fold has made of each event, so it stands behind that one."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct, msgpack

from domain.conversation.history import NOTHING, Changes
from domain.customer.contacts import CONCERNED, Contact, Person, Telling, contact_of, differences, told_of
from domain.envelope import RecordedEvent
from domain.event import Event
from domain.events.customers import CustomerMerged
from domain.words import ActorType, Subject
from eventstore.database import Session
from projections.conversations.batch import Batch
from projections.conversations.histories import ConversationHistories

_CONTACTS_KEPT = 50_000
_PERSONS_KEPT = 50_000

_decode = msgpack.Decoder(Contact).decode
_encode = msgpack.Encoder().encode


class _Considered(Struct, gc=False):
    """A conversation as it was when it was last considered."""

    number: int
    customer: str | None
    told: Telling | None
    """None where that is to be asked again."""


class CustomerReturns:
    """Contacts of the customers who were there lately stay in memory; those of others are read when they come back."""

    takes = frozenset({Subject.CONVERSATION, Subject.CUSTOMER})

    def __init__(self, histories: ConversationHistories, workspace: UUID, generation: int) -> None:
        self._histories = histories
        self._workspace = workspace
        self._generation = generation
        self._persons: OrderedDict[str, Person] = OrderedDict()
        """By the least of the customers who are the person."""
        self._considered: dict[str, _Considered] = {}
        """Conversations of these persons, and what else the batch is about."""
        self._loose: list[str] = []
        """Conversations of the batch that were no contact of anybody when they were considered."""
        self._same: dict[str, frozenset[str]] | None = None
        """For customers who are one person with others: all of them."""
        self._merges: list[tuple[str, str]] = []
        self._changed: dict[tuple[str, str], int] = {}
        """Customers and conversations (with the number) whose contacts are to be written."""

    @property
    def configured_by(self) -> frozenset[type[Event]]:
        """What makes conversations fold anew."""
        return self._histories.configured_by

    async def ready(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        if self._same is None:
            rows = await connection.fetch(_MERGES, self._workspace, self._generation)
            self._same = {}
            for row in rows:
                self._learn(row["customer"], row["other"])
        await self._have(connection, self._met(events))

    async def apply(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        if event.envelope.stream.subject is Subject.CUSTOMER:
            if isinstance(event.payload, CustomerMerged):
                await self._merge(connection, event, event.payload, batch)
            return
        conversation = event.envelope.stream.id
        known, changes = self._considered.get(conversation), self._histories.changes
        if (
            known is None
            or known.told != told_of(self._histories.state_of(conversation))
            or (changes is not NOTHING and any(each.measure in CONCERNED for samples in changes for each in samples))
        ):
            await self._consider(connection, event.position, conversation, batch)

    async def configure(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        for conversation in self._histories.folded_anew:
            await self._consider(connection, event.position, conversation, batch)

    async def write(self, connection: Session) -> None:
        workspace, generation = self._workspace, self._generation
        if self._merges:
            await connection.copy_records_to_table(
                "customer_merges",
                records=[(workspace, generation, *merge) for merge in self._merges],
                columns=("workspace_id", "generation", "customer", "other"),
            )
            self._merges.clear()
        if self._changed:
            each = [(*which, number, self._contact(*which)) for which, number in self._changed.items()]
            stand = [(*key, number, _encode(contact)) for *key, number, contact in each if contact is not None]
            if stand:
                await connection.execute(_REPLACE, workspace, generation, *zip(*stand, strict=True))
            gone = [(workspace, generation, *key) for *key, _, contact in each if contact is None]
            await connection.executemany(_DELETE, gone)
            self._changed.clear()
        self._forget()

    # What is known of a person

    def _met(self, events: Sequence[RecordedEvent]) -> set[str]:
        """The customers that a batch is about, whether its events name them or the conversations do."""
        met = set()
        for event in events:
            envelope = event.envelope
            if envelope.actor.type is ActorType.CUSTOMER:
                met.add(envelope.actor.id)
            named = getattr(event.payload, "customer", None)
            if named is not None:
                met.add(named)
        streams = {event.envelope.stream for event in events}
        touched = [stream.id for stream in streams if stream.subject is Subject.CONVERSATION]
        return met | self._histories.customers_of(touched)

    async def _have(self, connection: Session, customers: Iterable[str]) -> None:
        """Have at hand the contacts of these customers, and of those who are the same person. None of those that are
        read was changed by the batch, or it would have been at hand."""
        wanted: list[str] = []
        for same in {self._persons_of(each) for each in customers}:
            person = min(same)
            if person in self._persons:
                self._persons.move_to_end(person)
            else:
                wanted += same
                self._persons[person] = Person()
        if not wanted:
            return
        for row in await connection.fetch(_CONTACTS, self._workspace, self._generation, wanted):
            conversation, customer = row["conversation"], row["customer"]
            self._considered[conversation] = _Considered(row["number"], customer, None)
            self._person(customer).restore(conversation, _decode(row["contact"]))

    def _persons_of(self, customer: str) -> frozenset[str]:
        return (self._same or {}).get(customer) or frozenset((customer,))

    def _person(self, customer: str) -> Person:
        return self._persons[min(self._persons_of(customer))]

    def _contact(self, customer: str, conversation: str) -> Contact | None:
        """As whose contact a conversation is to be written: it may have become another customer's."""
        known = self._considered.get(conversation)
        if known is None or known.customer != customer:
            return None
        return self._person(customer).contacts.get(conversation)

    # What changes

    async def _consider(self, connection: Session, position: int, conversation: str, batch: Batch) -> None:
        """A conversation may be another contact than before, or another customer's."""
        ((number, state),) = (await self._histories.known(connection, [conversation])).values()
        if state.customer is not None:
            await self._have(connection, [state.customer])
        before = self._considered.get(conversation)
        changes: list[tuple[str, Changes]] = []
        if before is not None and before.customer is not None:
            self._changed[before.customer, conversation] = number
            if before.customer != state.customer:
                changes += self._person(before.customer).put(conversation, None)
        contact = None if state.customer is None else contact_of(state)
        self._considered[conversation] = _Considered(number, state.customer, told_of(state))
        if contact is None:
            self._loose.append(conversation)
        if state.customer is not None:
            self._changed[state.customer, conversation] = number
            changes += self._person(state.customer).put(conversation, contact)
        self._tell(batch, position, changes)

    async def _merge(self, connection: Session, event: RecordedEvent, payload: CustomerMerged, batch: Batch) -> None:
        one, other = event.envelope.stream.id, payload.into
        if other in self._persons_of(one):
            return
        await self._have(connection, (one, other))
        persons = [self._person(one), self._person(other)]
        for customer in (one, other):
            del self._persons[min(self._persons_of(customer))]
        self._learn(one, other)
        self._merges.append((one, other))
        joined = self._persons[min(self._persons_of(one))] = Person()
        for person in persons:
            for conversation, contact in person.contacts.items():
                joined.restore(conversation, contact)
        apart = persons[0].samples() + persons[1].samples()
        self._tell(batch, event.position, differences(apart, joined.samples()))

    def _learn(self, one: str, other: str) -> None:
        same = self._persons_of(one) | self._persons_of(other)
        if self._same is not None:
            self._same.update(dict.fromkeys(same, same))

    def _tell(self, batch: Batch, position: int, changes: Sequence[tuple[str, Changes]]) -> None:
        for conversation, of_conversation in changes:
            batch.add(position, of_conversation, self._considered[conversation].number)

    def _forget(self) -> None:
        """What is no contact, and the persons who were there least lately, as far as there are too many."""
        for conversation in self._loose:
            known = self._considered.get(conversation)
            if known is not None and (known.customer is None or not self._contact(known.customer, conversation)):
                del self._considered[conversation]
        self._loose.clear()
        while len(self._considered) > _CONTACTS_KEPT or len(self._persons) > _PERSONS_KEPT:
            _, person = self._persons.popitem(last=False)
            for conversation in person.contacts:
                del self._considered[conversation]


_MERGES = "SELECT customer, other FROM customer_merges WHERE workspace_id = $1 AND generation = $2"
_CONTACTS = """
    SELECT customer, conversation, number, contact FROM contacts
    WHERE workspace_id = $1 AND generation = $2 AND customer = ANY($3)
"""
# Not a DELETE that is joined to an array: its plan is a bad one while there are no statistics.
_REPLACE = """
    INSERT INTO contacts (workspace_id, generation, customer, conversation, number, contact)
    SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bytea[])
    ON CONFLICT (workspace_id, generation, customer, conversation) DO UPDATE
    SET number = EXCLUDED.number, contact = EXCLUDED.contact
"""
_DELETE = """
    DELETE FROM contacts WHERE workspace_id = $1 AND generation = $2 AND customer = $3 AND conversation = $4
"""
