"""How the journal is filled."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import Table

from domain.envelope import RecordedEvent, Stream
from domain.event import DECLARATIONS
from domain.words import Subject
from eventstore.database import Session
from eventstore.store import Store
from projections.fingerprint import fingerprint_of
from projections.journal import tables, write
from projections.journal.threads import Threads
from projections.memberships import MEMBERSHIP_TYPES, Roster
from projections.projection import Fold

NAME = "journal"
_VERSION = 2
"""To be raised whenever the same events would make other entries."""
_READ_AT_ONCE = 1_000


class Journal:
    """The journal's declaration."""

    name = NAME
    tables: Sequence[Table] = (tables.entries, tables.hours)

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fingerprint = fingerprint_of(
            NAME,
            version=_VERSION,
            tables=self.tables,
            parts=(f"{name}:{declared.version}" for name, declared in DECLARATIONS.items()),
        )

    def start(self, workspace: UUID, generation: int) -> Fold:
        return JournalFold(self._store, workspace, generation)


class JournalFold:
    """Writes entries. What it remembers (conversations, memberships) could be read back from the ledger any time."""

    def __init__(self, store: Store, workspace: UUID, generation: int) -> None:
        self._store = store
        self._workspace = workspace
        self._generation = generation
        self._roster: Roster | None = None
        self._threads = Threads()

    async def project(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        writer = write.Writer(connection, self._workspace, self._generation)
        roster = await self._known_roster(connection, writer)
        for moved in roster.learn(events):
            await writer.move(moved)
        entries, corrected = await self._threads.place(events, partial(self._history, connection, events[0].position))
        await writer.correct(corrected, roster)
        await writer.insert(entries, roster)
        await writer.count_hours(events)

    async def _known_roster(self, connection: Session, writer: write.Writer) -> Roster:
        """Who belonged to which team, by the facts before this batch."""
        if self._roster is None:
            roster = Roster()
            positions = await writer.positions_of(MEMBERSHIP_TYPES)
            for start in range(0, len(positions), _READ_AT_ONCE):
                some = positions[start : start + _READ_AT_ONCE]
                facts = await self._store.read_at(self._workspace, some, connection=connection)
                roster.learn(facts.values())
            self._roster = roster
        return self._roster

    async def _history(
        self, connection: Session, first: int, conversations: Sequence[str]
    ) -> dict[str, list[RecordedEvent]]:
        """What was folded of these conversations before the batch that begins at `first`."""
        if not conversations:
            return {}
        streams = [Stream(Subject.CONVERSATION, id_) for id_ in conversations]
        told = await self._store.read_streams(self._workspace, streams, connection=connection)
        return {stream.id: [event for event in events if event.position < first] for stream, events in told.items()}
