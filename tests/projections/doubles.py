"""A directory that a test can trip, hold up, or declare anew. It fills the directory's real tables."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy import Table

from domain.envelope import RecordedEvent
from eventstore.database import Session
from projections.directory import tables
from projections.directory.projection import DirectoryFold
from projections.projection import Fold

Before = Callable[[Sequence[RecordedEvent]], Awaitable[None]]


async def nothing(events: Sequence[RecordedEvent]) -> None:
    """Folding goes on as it is."""


class Tripped:
    """The directory under another name, with something happening before each batch is folded."""

    tables: Sequence[Table] = (tables.members, tables.facts)

    def __init__(self, before: Before = nothing, *, name: str = "directory", fingerprint: str = "as declared") -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._before = before

    def start(self, workspace: UUID, generation: int) -> Fold:
        return _TrippedFold(DirectoryFold(workspace, generation), self._before)


class _TrippedFold:
    def __init__(self, fold: DirectoryFold, before: Before) -> None:
        self._fold = fold
        self._before = before

    async def project(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        await self._before(events)
        await self._fold.project(connection, events)


class Poison:
    """Events at these positions cannot be folded, until they are cured."""

    def __init__(self, *positions: int) -> None:
        self.positions = set(positions)
        self.batches: list[tuple[int, int]] = []

    async def __call__(self, events: Sequence[RecordedEvent]) -> None:
        self.batches.append((events[0].position, events[-1].position))
        for event in events:
            if event.position in self.positions:
                raise ValueError(f"nobody foresaw event {event.position}")

    def cure(self) -> None:
        self.positions.clear()


class Barrier:
    """Holds folding up until it is let go."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()

    async def __call__(self, events: Sequence[RecordedEvent]) -> None:  # noqa: ARG002 - what hooks are given
        self.reached.set()
        await self._open.wait()

    def let_go(self) -> None:
        self._open.set()
