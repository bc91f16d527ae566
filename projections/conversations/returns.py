"""The fold of customers: which resolutions they followed with another conversation. It sees what the conversations'
fold has made of each event, so it stands behind that one."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.conversation.history import NOTHING, Changes
from domain.conversation.sample import Sample
from domain.customer.contacts import CONCERNED, Contact, contact_of, repeats
from domain.envelope import RecordedEvent
from domain.event import Event
from domain.events.conversations import ConversationTopicChanged
from domain.events.customers import CustomerMerged
from domain.words import ActorType, Subject
from eventstore.database import Session
from projections.conversations.batch import Batch
from projections.conversations.histories import ConversationHistories

_CUSTOMERS_KEPT = 10_000


class _Known(NamedTuple):
    """A conversation of a customer, and what samples call it."""

    contact: Contact
    number: int


class CustomerReturns:
    """Contacts of the customers who were there lately stay in memory; those of others are read when they come back."""

    takes = frozenset({Subject.CONVERSATION, Subject.CUSTOMER})

    def __init__(self, histories: ConversationHistories, workspace: UUID, generation: int) -> None:
        self._histories = histories
        self._workspace = workspace
        self._generation = generation
        self._contacts: OrderedDict[str, dict[str, _Known]] = OrderedDict()
        """By customer and conversation."""
        self._owner: dict[str, str] = {}
        """The customer whose each conversation is, so far as it was considered."""
        self._same: dict[str, frozenset[str]] | None = None
        """For customers who are one person with others: all of them."""
        self._merges: list[tuple[str, str]] = []

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
        changes = self._histories.changes
        concerned = changes is not NOTHING and any(
            sample.measure in CONCERNED for samples in changes for sample in samples
        )
        if concerned or isinstance(event.payload, ConversationTopicChanged) or self._is_anothers(conversation):
            await self._consider(connection, event.position, conversation, batch)

    async def configure(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        for conversation in self._histories.folded_anew:
            await self._consider(connection, event.position, conversation, batch)

    async def write(self, connection: Session) -> None:
        if self._merges:
            await connection.copy_records_to_table(
                "customer_merges",
                records=[(self._workspace, self._generation, *merge) for merge in self._merges],
                columns=("workspace_id", "generation", "customer", "other"),
            )
            self._merges.clear()
        while len(self._contacts) > _CUSTOMERS_KEPT:
            _, contacts = self._contacts.popitem(last=False)
            for conversation in contacts:
                self._owner.pop(conversation, None)

    # What is known of a customer

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
        """Have at hand the contacts of these customers, and of those who are the same person."""
        wanted = []
        for customer in {member for each in customers for member in self._persons(each)}:
            if customer in self._contacts:
                self._contacts.move_to_end(customer)
            else:
                wanted.append(customer)
                self._contacts[customer] = {}
        if not wanted:
            return
        rows = await connection.fetch(_CONVERSATIONS, self._workspace, self._generation, wanted)
        found = await self._histories.known(connection, [row["conversation"] for row in rows])
        for conversation, (number, state) in found.items():
            if state.customer is not None:
                self._owner[conversation] = state.customer
                contact = contact_of(conversation, state)
                if contact is not None:
                    self._contacts.setdefault(state.customer, {})[conversation] = _Known(contact, number)

    def _persons(self, customer: str) -> frozenset[str]:
        return (self._same or {}).get(customer) or frozenset((customer,))

    # What changes

    async def _consider(self, connection: Session, position: int, conversation: str, batch: Batch) -> None:
        """A conversation may be another contact than before, or another customer's."""
        ((number, state),) = (await self._histories.known(connection, [conversation])).values()
        before, customer = self._owner.get(conversation), state.customer
        await self._have(connection, [each for each in (before, customer) if each is not None])
        old = self._returns(before, customer)
        if before is not None:
            self._contacts[before].pop(conversation, None)
        if customer is not None:
            self._owner[conversation] = customer
            contact = contact_of(conversation, state)
            if contact is not None:
                self._contacts[customer][conversation] = _Known(contact, number)
        self._tell(batch, position, old, self._returns(before, customer))

    def _is_anothers(self, conversation: str) -> bool:
        """Whether its customer is another one than was considered: said later, or only now."""
        return self._histories.state_of(conversation).customer != self._owner.get(conversation)

    async def _merge(self, connection: Session, event: RecordedEvent, payload: CustomerMerged, batch: Batch) -> None:
        one, other = event.envelope.stream.id, payload.into
        if other in self._persons(one):
            return
        await self._have(connection, (one, other))
        old = self._returns(one, other)
        self._learn(one, other)
        self._merges.append((one, other))
        self._tell(batch, event.position, old, self._returns(one, other))

    def _learn(self, one: str, other: str) -> None:
        same = self._persons(one) | self._persons(other)
        if self._same is not None:
            self._same.update(dict.fromkeys(same, same))

    def _returns(self, *customers: str | None) -> Counter[tuple[int, Sample]]:
        """The samples of these customers, each with its conversation's number."""
        counted: Counter[tuple[int, Sample]] = Counter()
        for persons in {self._persons(customer) for customer in customers if customer is not None}:
            known = {name: of for person in persons for name, of in self._contacts.get(person, {}).items()}
            if len(known) > 1:
                for conversation, sample in repeats(of.contact for of in known.values()):
                    counted[known[conversation].number, sample] += 1
        return counted

    def _tell(
        self, batch: Batch, position: int, old: Counter[tuple[int, Sample]], new: Counter[tuple[int, Sample]]
    ) -> None:
        if old == new:
            return
        for number, sample in sorted((old - new).elements(), key=repr):
            batch.add(position, Changes((sample,), ()), number)
        for number, sample in sorted((new - old).elements(), key=repr):
            batch.add(position, Changes((), (sample,)), number)


_MERGES = "SELECT customer, other FROM customer_merges WHERE workspace_id = $1 AND generation = $2"
_CONVERSATIONS = """
    SELECT conversation FROM conversations WHERE workspace_id = $1 AND generation = $2 AND customer = ANY($3)
"""
