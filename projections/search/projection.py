"""How the search is filled."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

import simplemma
from sqlalchemy import Table

from domain.envelope import RecordedEvent, Stream
from domain.event import DECLARATIONS
from domain.words import Subject
from eventstore.database import Session
from eventstore.store import Store
from projections.fingerprint import fingerprint_of
from projections.journal.threads import Threads
from projections.projection import Fold
from projections.search import tables
from projections.search.states import change_of
from projections.search.words import keys_in
from projections.search.write import WORDS, Writer, pointed_to, text_of

NAME = "search"
_VERSION = 4
"""To be raised whenever the same events would make other rows."""


class Search:
    """The search's declaration."""

    name = NAME
    tables: Sequence[Table] = (
        tables.texts,
        tables.changes,
        tables.lemmas,
        tables.addresses,
        tables.owners,
        tables.hours,
    )

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fingerprint = fingerprint_of(
            NAME,
            version=_VERSION,
            tables=self.tables,
            parts=(
                f"simplemma:{simplemma.__version__}",
                *(f"{name}:{declared.version}" for name, declared in DECLARATIONS.items()),
            ),
        )

    def start(self, workspace: UUID, generation: int) -> Fold:
        return SearchFold(self._store, workspace, generation)


class SearchFold:
    """Writes texts, what is done to them, and their keys. What it remembers could be read back from the ledger."""

    def __init__(self, store: Store, workspace: UUID, generation: int) -> None:
        self._store = store
        self._workspace = workspace
        self._generation = generation
        self._threads = Threads()

    async def project(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        writer = Writer(connection, self._workspace, self._generation)
        entries, corrected = await self._threads.place(events, partial(self._history, connection, events[0].position))
        texts = [entry for entry in entries if text_of(entry.event) is not None]
        await writer.texts(texts)
        changes = [entry for entry in entries if change_of(entry.event) is not None]
        await writer.changes(changes)
        await writer.hours(sorted((event for event, _ in (*texts, *changes)), key=lambda event: event.position))
        left = await writer.correct(corrected)
        await self._index(connection, writer, events)
        await writer.judge(left | pointed_to([*entries, *corrected]))

    async def _index(self, connection: Session, writer: Writer, events: Sequence[RecordedEvent]) -> None:
        """The keys of words, and addresses, that can still be opened."""
        sealed = [event for event in events if text_of(event) is not None or event.envelope.ip is not None]
        opened = await self._store.open_owned(self._workspace, sealed, connection=connection)
        said: dict[int, str] = {}
        sent_from: dict[int, str] = {}
        owners: dict[int, set[UUID]] = {}
        for event, owned in opened:
            words, ip = text_of(event), event.envelope.ip
            if isinstance(words, str):
                said[event.position] = words
                owners.setdefault(event.position, set()).update(owned.get(f"payload.{WORDS[type(event.payload)]}", ()))
            if isinstance(ip, str):
                sent_from[event.position] = ip
                owners.setdefault(event.position, set()).update(owned.get("ip", ()))
        await writer.words(await asyncio.to_thread(_lemmas, said))
        await writer.addresses(sent_from)
        await writer.own(owners)

    async def _history(
        self, connection: Session, first: int, conversations: Sequence[str]
    ) -> dict[str, list[RecordedEvent]]:
        """What was folded of these conversations before the batch that begins at `first`."""
        if not conversations:
            return {}
        streams = [Stream(Subject.CONVERSATION, id_) for id_ in conversations]
        told = await self._store.read_streams(self._workspace, streams, connection=connection)
        return {stream.id: [event for event in events if event.position < first] for stream, events in told.items()}


def _lemmas(said: Mapping[int, str]) -> dict[int, set[str]]:
    """In a thread of its own: the first words of a language load its dictionary, which takes seconds."""
    return {position: keys_in(words) for position, words in said.items()}
