"""Saying that a projection has advanced, and hearing it. Hints only: whoever waits polls as well."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec

from eventstore.database import Database

ADVANCED = "deskledger_projections"
"""The channel. Its payload is an `Advanced` as JSON."""

Key = tuple[UUID, str]


class Advanced(msgspec.Struct, frozen=True):
    """A projection's serving tables now hold everything up to a position, this one included."""

    workspace: UUID
    projection: str
    checkpoint: int


class Announcer:
    """Gives hints on behalf of one process: the latest of each projection, never a queue of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest: dict[Key, int] = {}
        self._something = asyncio.Event()

    def say(self, workspace: UUID, projection: str, checkpoint: int) -> None:
        self._latest[workspace, projection] = checkpoint
        self._something.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._something.wait()
            self._something.clear()
            latest, self._latest = self._latest, {}
            for (workspace, projection), checkpoint in latest.items():
                hint = msgspec.json.encode(Advanced(workspace, projection, checkpoint)).decode()
                await self._database.notify(ADVANCED, hint)


class Waiter:
    """Wakes when a projection may have advanced. `checkpoint` is the furthest that was heard of, -1 for nothing."""

    def __init__(self) -> None:
        self.checkpoint = -1
        self._something = asyncio.Event()

    def heard(self, checkpoint: int | None) -> None:
        """None: hints may have been missed."""
        if checkpoint is not None:
            self.checkpoint = max(self.checkpoint, checkpoint)
        self._something.set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a hint that does not come is not an error
        """True if there was a hint since the last wait; False when the time was up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._something.wait()
        heard = self._something.is_set()
        self._something.clear()
        return heard


class Ear:
    """Hears all projections' hints for one process, through one listener."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiters: dict[Key, set[Waiter]] = {}
        self._listening: asyncio.Task[object] | None = None

    @asynccontextmanager
    async def waiter(self, workspace: UUID, projection: str) -> AsyncIterator[Waiter]:
        """Somebody who waits for one projection's hints."""
        if self._listening is None:
            self._listening = asyncio.ensure_future(self._database.listen(ADVANCED, self._heard))
        await self._listening
        with self._among(workspace, projection) as waiter:
            yield waiter

    @contextlib.contextmanager
    def _among(self, workspace: UUID, projection: str) -> Iterator[Waiter]:
        waiter, key = Waiter(), (workspace, projection)
        self._waiters.setdefault(key, set()).add(waiter)
        try:
            yield waiter
        finally:
            self._waiters[key].discard(waiter)
            if not self._waiters[key]:
                del self._waiters[key]

    def _heard(self, payload: str) -> None:
        if not payload:
            for waiters in self._waiters.values():
                for waiter in waiters:
                    waiter.heard(None)
            return
        hint = msgspec.json.decode(payload, type=Advanced)
        for waiter in self._waiters.get((hint.workspace, hint.projection), ()):
            waiter.heard(hint.checkpoint)
