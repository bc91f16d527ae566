"""The projection: a batch of the ledger into conversations, samples and cells."""

from collections.abc import Sequence
from uuid import UUID

from domain.envelope import RecordedEvent
from domain.kpi.measures import MEASURES
from domain.words import Subject
from eventstore.database import Session
from eventstore.store import Store
from projections.conversations.batch import Batch
from projections.conversations.costs import RecordedCosts
from projections.conversations.cube import Cube
from projections.conversations.histories import ConversationHistories
from projections.conversations.operators import OperatorHistories
from projections.conversations.places import Places
from projections.conversations.returns import CustomerReturns
from projections.conversations.subjects import SubjectFold
from projections.conversations.tables import TABLES
from projections.fingerprint import fingerprint_of

NAME = "conversations"
_VERSION = 9
"""Raise it whenever the fold or the cells make other rows of the same events."""


class Conversations:
    """Conversations, samples and cube."""

    name = NAME
    tables = TABLES
    fingerprint = fingerprint_of(
        NAME,
        version=_VERSION,
        tables=TABLES,
        parts=[
            f"{measure.code}:{measure.name}:{measure.regardless}:{measure.unit}:{measure.spread}:{measure.flag}:{measure.kept}"
            for measure in MEASURES.values()
        ],
    )

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, workspace: UUID, generation: int) -> "ConversationsFold":
        return ConversationsFold(self._store, workspace, generation)


class ConversationsFold:
    """One filling: the folds of all kinds of subjects, whose samples go into the same tables."""

    def __init__(self, store: Store, workspace: UUID, generation: int) -> None:
        self._workspace = workspace
        self._generation = generation
        histories = ConversationHistories(store, workspace, generation)
        self._operators = OperatorHistories(histories, store, workspace, generation)
        self._folds: tuple[SubjectFold, ...] = (
            histories,
            CustomerReturns(histories, workspace, generation),
            self._operators,
            RecordedCosts(store, workspace, generation),
        )
        self._of = {subject: [fold for fold in self._folds if subject in fold.takes] for subject in Subject}
        self._places = Places(workspace, generation)
        self._cube = Cube(workspace, generation)

    async def project(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        await connection.execute(_BY_INDEX)
        for fold in self._folds:
            await fold.ready(connection, events)
        batch = Batch()
        for event in events:
            for fold in self._of[event.envelope.stream.subject]:
                await fold.apply(connection, event, batch)
            for fold in self._folds:
                if type(event.payload) in fold.configured_by:
                    await fold.configure(connection, event, batch)
        await self._operators.settle(connection, batch)
        await batch.write(connection, self._places, self._cube, self._workspace, self._generation)
        for fold in self._folds:
            await fold.write(connection)


_BY_INDEX = """
    SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
"""
"""What a batch reads and changes are few rows of large tables, found by their keys, whatever statistics say."""
