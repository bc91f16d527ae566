"""The fold of costs: what was recorded of the workspace's, all at hand, since it is little."""

from collections.abc import Sequence
from uuid import UUID

from domain.conversation.history import NOTHING
from domain.costs import CostBook
from domain.envelope import RecordedEvent
from domain.event import Event
from domain.events.costs import CostRecorded
from domain.words import Subject
from eventstore.database import Session
from eventstore.store import Store
from projections.conversations.batch import Batch


class RecordedCosts:
    """Which events recorded costs is remembered, and they are read back from the ledger."""

    takes = frozenset({Subject.WORKSPACE})
    configured_by: frozenset[type[Event]] = frozenset()

    def __init__(self, store: Store, workspace: UUID, generation: int) -> None:
        self._store = store
        self._workspace = workspace
        self._generation = generation
        self._book: CostBook | None = None
        self._positions: list[int] = []

    async def ready(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        if self._book is None and any(isinstance(event.payload, CostRecorded) for event in events):
            self._book = CostBook()
            rows = await connection.fetch(_RECORDED, self._workspace, self._generation)
            positions = [row["position"] for row in rows]
            facts = await self._store.read_at(self._workspace, positions, connection=connection)
            for position in positions:
                self._book.learn(facts[position])

    async def apply(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:  # noqa: ARG002 - the port has it
        if self._book is None or not isinstance(event.payload, CostRecorded):
            return
        changes = self._book.learn(event)
        self._positions.append(event.position)
        if changes is not NOTHING:
            batch.add(event.position, changes)

    async def configure(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        """Nothing else changes what a cost is."""

    async def write(self, connection: Session) -> None:
        if self._positions:
            await connection.copy_records_to_table(
                "recorded_costs",
                records=[(self._workspace, self._generation, position) for position in self._positions],
                columns=("workspace_id", "generation", "position"),
            )
            self._positions.clear()


_RECORDED = "SELECT position FROM recorded_costs WHERE workspace_id = $1 AND generation = $2 ORDER BY position"
