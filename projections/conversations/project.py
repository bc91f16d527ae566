"""The projection: a batch of the ledger into conversations, samples and cells."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from domain.conversation.history import Change, History
from domain.conversation.sample import Sample
from domain.envelope import RecordedEvent, Stream
from domain.instants import moment_of
from domain.kpi.measures import MEASURES
from domain.words import Subject
from eventstore.copying import copy_packed
from eventstore.database import Session
from eventstore.store import Store
from projections.conversations.cube import Cube
from projections.conversations.rows import (
    CONVERSATION_COLUMNS,
    SAMPLE_COLUMNS,
    conversation_row,
    packed_sample,
    sample_of,
)
from projections.conversations.tables import TABLES
from projections.fingerprint import fingerprint_of
from projections.memberships import MEMBERSHIP, Roster, Span

NAME = "conversations"
_VERSION = 1
"""Raise it whenever the fold or the cells make other rows of the same events."""
_EVENTS_KEPT = 50_000
"""How many events the histories kept in memory between batches may hold together."""


class Conversations:
    """Conversations, samples and cube."""

    name = NAME
    tables = TABLES
    fingerprint = fingerprint_of(
        NAME,
        version=_VERSION,
        tables=TABLES,
        parts=[f"{measure.code}:{measure.name}:{measure.regardless}" for measure in MEASURES.values()],
    )

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, workspace: UUID, generation: int) -> "ConversationsFold":
        return ConversationsFold(self._store, workspace, generation)


class ConversationsFold:
    """One filling. Histories of conversations that moved lately stay in memory; others are read when they move."""

    def __init__(self, store: Store, workspace: UUID, generation: int) -> None:
        self._store = store
        self._workspace = workspace
        self._generation = generation
        self._histories: OrderedDict[str, History] = OrderedDict()
        self._kept = 0
        """Events that they hold together."""
        self._roster: Roster | None = None
        self._cube = Cube(workspace, generation)

    async def project(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        first = events[0].position
        roster = await self._known_roster(connection)
        touched = {event.envelope.stream.id for event in events if _of_conversation(event)}
        await self._have(connection, touched, before=first)
        written = _Written()
        said: list[int] = []
        for event in events:
            if _of_conversation(event):
                conversation = event.envelope.stream.id
                self._kept += 1
                written.add(conversation, event.position, self._histories[conversation].apply(event))
            elif type(event.payload) in MEMBERSHIP:
                said.append(event.position)
                concerned = await self._concerned(connection, event, roster.foresee(event), written)
                await self._have(connection, concerned, before=first)
                roster.learn([event])
                for conversation in sorted(concerned):
                    written.add(conversation, event.position, self._histories[conversation].fold_anew())
        await self._write(connection, written, said)
        self._forget()

    # Reading what is needed

    async def _known_roster(self, connection: Session) -> Roster:
        """What was said of operators' teams, up to the checkpoint."""
        if self._roster is None:
            rows = await connection.fetch(_MEMBERSHIPS, self._workspace, self._generation)
            positions = [row["position"] for row in rows]
            facts = await self._store.read_at(self._workspace, positions, connection=connection)
            self._roster = Roster()
            self._roster.learn(facts[position] for position in positions)
        return self._roster

    async def _have(self, connection: Session, conversations: Iterable[str], *, before: int) -> None:
        """Have the histories of these conversations at hand, as of the checkpoint."""
        wanted = []
        for conversation in conversations:
            if conversation in self._histories:
                self._histories.move_to_end(conversation)
            else:
                wanted.append(conversation)
        if not wanted or self._roster is None:
            return
        known = {
            row["conversation"]: row["samples"]
            for row in await connection.fetch(_KNOWN, self._workspace, self._generation, wanted)
        }
        standing: defaultdict[str, list[tuple[int, Sample]]] = defaultdict(list)
        streams: dict[Stream, list[RecordedEvent]] = {}
        if known:
            for row in await connection.fetch(_STANDING, self._workspace, self._generation, list(known)):
                if row["held_until"] is None:
                    standing[row["conversation"]].append((row["number"], sample_of(row)))
            streams = await self._store.read_streams(
                self._workspace,
                [Stream(Subject.CONVERSATION, conversation) for conversation in known],
                connection=connection,
            )
        for conversation in wanted:
            history = History(self._roster)
            if conversation in known:
                past = [
                    event for event in streams[Stream(Subject.CONVERSATION, conversation)] if event.position < before
                ]
                history.restore(past, standing[conversation], known[conversation])
                self._kept += len(past)
            self._histories[conversation] = history

    async def _concerned(
        self, connection: Session, event: RecordedEvent, spans: Sequence[Span], written: "_Written"
    ) -> set[str]:
        """Whose samples follow the operator to another team: those without a queue, in these spans of time."""
        operator = event.envelope.stream.id
        concerned = {
            conversation
            for conversation in written.touched
            if any(_follows(sample, operator, spans) for sample in self._histories[conversation].standing())
        }
        for since, until, _ in spans:
            moments = [None if instant is None else moment_of(instant) for instant in (since, until)]
            rows = await connection.fetch(_UNQUEUED, self._workspace, self._generation, operator, *moments)
            concerned.update(row["conversation"] for row in rows)
        return concerned

    # Writing

    async def _write(self, connection: Session, written: "_Written", said: list[int]) -> None:
        workspace, generation = self._workspace, self._generation
        whose = workspace.bytes
        samples = [
            packed_sample(whose, generation, conversation, number, *held)
            for (conversation, number), held in written.begun.items()
        ]
        await copy_packed(connection, "samples", SAMPLE_COLUMNS, samples)
        if written.ceased:
            await connection.executemany(
                _CEASE, [(workspace, generation, *which, until) for which, until in written.ceased.items()]
            )
        await connection.execute(_REPLACED, workspace, generation, sorted(written.touched))
        await connection.copy_records_to_table(
            "conversations",
            records=[
                conversation_row(workspace, generation, conversation, history.state, history.numbered)
                for conversation in sorted(written.touched)
                for history in [self._histories[conversation]]
            ],
            columns=CONVERSATION_COLUMNS,
        )
        if said:
            await connection.copy_records_to_table(
                "conversation_memberships",
                records=[(workspace, generation, position) for position in said],
                columns=("workspace_id", "generation", "position"),
            )
        await self._cube.add(connection, written.counted)

    def _forget(self) -> None:
        while self._kept > _EVENTS_KEPT:
            _, history = self._histories.popitem(last=False)
            self._kept -= len(history.events)


class _Written:
    """What a batch changes, to be written at its end."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.begun: dict[tuple[str, int], tuple[Sample, int, int | None]] = {}
        """(conversation, number) -> the sample, the position it holds from, and the one that took it back."""
        self.ceased: dict[tuple[str, int], int] = {}
        """Samples of earlier batches -> the position that took them back."""
        self.counted: list[tuple[Sample, int]] = []

    def add(self, conversation: str, position: int, changes: Iterable[Change]) -> None:
        self.touched.add(conversation)
        for number, sample, holds in changes:
            which = (conversation, number)
            if holds:
                self.begun[which] = (sample, position, None)
                self.counted.append((sample, 1))
                continue
            self.counted.append((sample, -1))
            if which in self.begun:
                _, held_from, _ = self.begun[which]
                self.begun[which] = (sample, held_from, position)
            else:
                self.ceased[which] = position


def _of_conversation(event: RecordedEvent) -> bool:
    return event.envelope.stream.subject is Subject.CONVERSATION


def _follows(sample: Sample, operator: str, spans: Sequence[Span]) -> bool:
    return (
        sample.credit.operator == operator
        and sample.context.team is None
        and any(
            (since is None or since <= sample.at) and (until is None or sample.at < until) for since, until, _ in spans
        )
    )


_MEMBERSHIPS = "SELECT position FROM conversation_memberships WHERE workspace_id = $1 AND generation = $2"
_KNOWN = """
    SELECT conversation, samples FROM conversations
    WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)
"""
# Not "AND held_until IS NULL": that would let a plan made while the table was empty take an index that begins alike.
_STANDING = "SELECT * FROM samples WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)"
_UNQUEUED = """
    SELECT DISTINCT conversation FROM samples
    WHERE workspace_id = $1 AND generation = $2 AND operator = $3 AND NOT queued AND held_until IS NULL
      AND at >= COALESCE($4::timestamptz, '-infinity') AND at < COALESCE($5::timestamptz, 'infinity')
"""
_CEASE = """
    UPDATE samples SET held_until = $5
    WHERE workspace_id = $1 AND generation = $2 AND conversation = $3 AND number = $4
"""
_REPLACED = "DELETE FROM conversations WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3)"
