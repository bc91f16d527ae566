"""Batches of the ledger, the next one being read while the current one is written."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from uuid import UUID

from domain.envelope import RecordedEvent
from eventstore.store import Store
from projections.failures import Gap

Batch = list[RecordedEvent]


@dataclass(slots=True)
class Reader:
    """Reads one ledger onwards. At most one batch is held ahead."""

    store: Store
    workspace: UUID
    asked: int = 0
    """How many events the batch last taken might have had; if it had fewer, it ended at the head."""
    _ahead: "tuple[int, int, asyncio.Task[Batch]] | None" = field(default=None)

    async def take(self, *, after: int, limit: int) -> Batch:
        """The next events, at most `limit`, fewer near the head. Raises `Gap` unless they follow `after` one by one."""
        batch = await self._read(after, limit)
        for expected, event in enumerate(batch, start=after + 1):
            if event.position != expected:
                raise Gap(expected, event.position)
        return batch

    def prefetch(self, *, after: int, limit: int) -> None:
        """Begin to read what will be taken next."""
        reading = asyncio.create_task(self.store.read(self.workspace, after=after, limit=limit), name="prefetch")
        self._ahead = (after, limit, reading)

    async def drop(self) -> None:
        """Forget what was read ahead."""
        if self._ahead is not None:
            _, _, reading = self._ahead
            self._ahead = None
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await reading

    async def _read(self, after: int, limit: int) -> Batch:
        if self._ahead is not None:
            ahead_of, ahead_limit, reading = self._ahead
            if ahead_of == after and ahead_limit <= limit:
                self._ahead = None
                self.asked = ahead_limit
                return await reading
            await self.drop()
        self.asked = limit
        return await self.store.read(self.workspace, after=after, limit=limit)
