"""The fold of conversations: their histories, and what their samples depend on of the desk around them."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from domain.conversation.history import NOTHING, Changes, History
from domain.conversation.sample import Sample
from domain.conversation.state import Conversation
from domain.conversation.tellings import tellings
from domain.envelope import RecordedEvent, Stream
from domain.event import Event
from domain.instants import Instant, moment_of
from domain.kpi.measures import MEASURES
from domain.words import Subject
from eventstore.copying import copy_packed
from eventstore.database import Session
from eventstore.store import Store
from projections.arrangements import ARRANGING, Around, valid_from
from projections.conversations.batch import Batch
from projections.conversations.rows import CONVERSATION_COLUMNS, packed_begin, packed_conversation
from projections.memberships import MEMBERSHIP, Span
from projections.promises.pending import replace

_EVENTS_KEPT = 50_000
"""How many events the histories kept in memory between batches may be of."""


class _Kept(Struct, gc=False):
    """A conversation in memory, and what samples call it."""

    number: int
    history: History


class ConversationHistories:
    """Histories of conversations that moved lately stay in memory, without their events; others are read when they
    move."""

    takes = frozenset({Subject.CONVERSATION})
    configured_by: frozenset[type[Event]] = frozenset((*MEMBERSHIP, *ARRANGING))

    def __init__(self, store: Store, workspace: UUID, generation: int) -> None:
        self._store = store
        self._workspace = workspace
        self._generation = generation
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._events = 0
        """How many events they are of."""
        self._around: Around | None = None
        self._first = 0
        self.changes = NOTHING
        """What the event applied last has changed."""
        self.folded_anew: dict[str, Changes] = {}
        """Which conversations were, by the configuration learned last, and what that changed."""
        self._touched: dict[str, _Kept] = {}
        self._recalled: list[History] = []
        self._said: list[int] = []
        """Positions of what was said of the desk in this batch."""

    async def ready(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        if self._around is None:
            self._around = await self._desk(connection)
        self._first = events[0].position
        streams = [event.envelope.stream for event in events]
        await self._have(connection, dict.fromkeys(each.id for each in streams if each.subject in self.takes))

    async def apply(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        conversation = event.envelope.stream.id
        kept = self._kept[conversation]
        if kept.number < 0:
            kept.number = event.position
        if kept.history.is_late(event):
            await self._recall(connection, [conversation], before=event.position)
        self._touched[conversation] = kept
        self._events += 1
        self.changes = kept.history.apply(event)
        if self.changes is not NOTHING:
            batch.add(event.position, self.changes, kept.number)

    def number(self, conversation: str) -> int:
        """What samples call a conversation that an event was just applied to."""
        return self._kept[conversation].number

    async def configure(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        """What is said of the desk changes conversations that it concerns."""
        around = self._around
        if around is None:
            raise RuntimeError("a fold is made ready before it is configured")
        if type(event.payload) in MEMBERSHIP:
            concerned = await self._following(connection, event.envelope.stream.id, around.roster.foresee(event))
        else:
            concerned = await self._going_on(connection, valid_from(event))
        await self._have(connection, concerned)
        await self._recall(connection, concerned, before=event.position)
        around.learn(event)
        self._said.append(event.position)
        self.folded_anew = {}
        for conversation in sorted(concerned):
            kept = self._touched[conversation] = self._kept[conversation]
            changes = self.folded_anew[conversation] = kept.history.fold_anew()
            batch.add(event.position, changes, kept.number)

    async def write(self, connection: Session) -> None:
        workspace, generation = self._workspace, self._generation
        await connection.execute(_REPLACED, workspace, generation, list(self._touched))
        begin = packed_begin(workspace, generation, len(CONVERSATION_COLUMNS))
        rows = [
            packed_conversation(begin, conversation, kept.number, kept.history.state)
            for conversation, kept in self._touched.items()
        ]
        await copy_packed(connection, "conversations", CONVERSATION_COLUMNS, rows)
        pending = {each: tellings(kept.history.state) for each, kept in self._touched.items() if kept.history.promised}
        if pending:
            await replace(connection, workspace, generation, pending)
        if self._said:
            await connection.copy_records_to_table(
                "conversation_memberships",
                records=[(workspace, generation, position) for position in self._said],
                columns=("workspace_id", "generation", "position"),
            )
        self._forget()

    async def known(self, connection: Session, conversations: Sequence[str]) -> dict[str, tuple[int, Conversation]]:
        """Conversations that had events, by id: what samples call each, and how it stands."""
        await self._have(connection, conversations)
        return {each: (self._kept[each].number, self._kept[each].history.state) for each in conversations}

    def state_of(self, conversation: str) -> Conversation:
        """How a conversation stands that an event of this batch is about."""
        return self._kept[conversation].history.state

    def customers_of(self, conversations: Iterable[str]) -> set[str]:
        """The customers of conversations that are at hand."""
        kept = [self._kept[each].history for each in conversations]
        return {history.state.customer for history in kept if history.folded and history.state.customer is not None}

    # Reading what is needed

    async def _desk(self, connection: Session) -> Around:
        """What was said of the desk, up to the checkpoint."""
        rows = await connection.fetch(_SAID, self._workspace, self._generation)
        positions = [row["position"] for row in rows]
        facts = await self._store.read_at(self._workspace, positions, connection=connection)
        around = Around()
        for position in positions:
            around.learn(facts[position])
        return around

    async def _have(self, connection: Session, conversations: Iterable[str]) -> None:
        """Have the histories of these conversations at hand, as of the checkpoint."""
        wanted = []
        for conversation in conversations:
            if conversation in self._kept:
                self._kept.move_to_end(conversation)
            else:
                wanted.append(conversation)
        if not wanted or self._around is None:
            return
        rows = await connection.fetch(_KNOWN, self._workspace, self._generation, wanted)
        known = {row["conversation"]: row["number"] for row in rows}
        past = await self._past(connection, list(known), before=self._first)
        for conversation in wanted:
            history = History(self._around.seen)
            if conversation in known:
                history.restore(past[conversation])
                self._events += history.folded
            history.let_go()
            self._kept[conversation] = _Kept(known.get(conversation, -1), history)

    async def _recall(self, connection: Session, conversations: Iterable[str], *, before: int) -> None:
        """Have all events of these conversations at hand that they were folded from, until the batch is written."""
        wanted = [each for each in conversations if not self._kept[each].history.recalled]
        past = await self._past(connection, wanted, before=before)
        for conversation in wanted:
            history = self._kept[conversation].history
            history.recall(past[conversation])
            self._recalled.append(history)

    async def _past(
        self, connection: Session, conversations: Sequence[str], *, before: int
    ) -> dict[str, list[RecordedEvent]]:
        if not conversations:
            return {}
        streams = [Stream(Subject.CONVERSATION, conversation) for conversation in conversations]
        read = await self._store.read_streams(self._workspace, streams, connection=connection)
        return {stream.id: [event for event in events if event.position < before] for stream, events in read.items()}

    async def _following(self, connection: Session, operator: str, spans: Sequence[Span]) -> set[str]:
        """Whose samples follow the operator to another team: those without a queue, in these spans of time."""
        concerned = {
            conversation
            for conversation, kept in self._touched.items()
            if any(_follows(sample, operator, spans) for sample in kept.history.standing())
        }
        places = [row["place"] for row in await connection.fetch(_PLACES, self._workspace, self._generation, operator)]
        if not places:
            return concerned
        for since, until, _ in spans:
            moments = [None if instant is None else moment_of(instant) for instant in (since, until)]
            rows = await connection.fetch(
                _IN_PLACES, self._workspace, self._generation, list(MEASURES), *moments, places
            )
            concerned.update(row["conversation"] for row in rows)
        return concerned

    async def _going_on(self, connection: Session, since: Instant) -> set[str]:
        """In which something may be judged from an instant on: something happened in them later, or is awaited."""
        rows = await connection.fetch(_GOING_ON, self._workspace, self._generation, moment_of(since))
        return {*self._touched, *(row["conversation"] for row in rows)}

    def _forget(self) -> None:
        self._touched.clear()
        self._said.clear()
        for history in self._recalled:
            history.let_go()
        self._recalled.clear()
        while self._events > _EVENTS_KEPT:
            _, kept = self._kept.popitem(last=False)
            self._events -= kept.history.folded


def _follows(sample: Sample, operator: str, spans: Sequence[Span]) -> bool:
    return (
        sample.place.operator == operator
        and not sample.place.queued
        and any(
            (since is None or since <= sample.at) and (until is None or sample.at < until) for since, until, _ in spans
        )
    )


_SAID = "SELECT position FROM conversation_memberships WHERE workspace_id = $1 AND generation = $2"
_KNOWN = """
    SELECT conversation, number FROM conversations
    WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)
"""
_GOING_ON = """
    SELECT conversation FROM conversations
    WHERE workspace_id = $1 AND generation = $2 AND (last_at >= $3 OR ended_at IS NULL OR waiting_since IS NOT NULL)
"""
_PLACES = """
    SELECT place FROM places WHERE workspace_id = $1 AND generation = $2 AND operator = $3 AND NOT queued
"""
_IN_PLACES = """
    SELECT conversation FROM conversations
    WHERE workspace_id = $1 AND generation = $2 AND number IN (
        SELECT conversation FROM samples
        WHERE workspace_id = $1 AND generation = $2 AND measure = ANY($3::smallint[])
          AND at >= COALESCE($4::timestamptz, '-infinity') AND at < COALESCE($5::timestamptz, 'infinity')
          AND place = ANY($6::integer[]) AND held_until IS NULL)
"""
_REPLACED = "DELETE FROM conversations WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)"
