"""Hints that a ledger advanced. They wake who waits; nobody may rely on them, so everybody polls as well."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from eventstore.database import Database

CHANNEL = "deskledger_advanced"
"""Where it is told that a ledger advanced: its id, a space, and the position; nothing where hints were missed."""
_GAP = 0.02
"""Seconds between two notifications: whoever appends thousands of times a second gives fifty hints. The first one after
a pause goes out at once."""


class Hint:
    """One waiting reader's flag."""

    def __init__(self) -> None:
        self._flag = asyncio.Event()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - its end is no error: it means look for yourself
        """Until the ledger advanced, or the seconds are over (False)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._flag.wait()
        was_set = self._flag.is_set()
        self._flag.clear()
        return was_set

    def set(self) -> None:
        self._flag.set()


class Hints:
    """Hints between all processes on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[UUID, set[Hint]] = {}
        self._stop: Callable[[], None] | None = None
        self._untold: dict[UUID, int] = {}
        self._teller: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def of(self, workspace: UUID) -> AsyncIterator[Hint]:
        hint = Hint()
        self._waiting.setdefault(workspace, set()).add(hint)
        try:
            if self._stop is None:
                self._stop = await self._database.listen(CHANNEL, self._heard)
            yield hint
        finally:
            waiting = self._waiting[workspace]
            waiting.discard(hint)
            if not waiting:
                del self._waiting[workspace]

    def advanced(self, workspace: UUID, position: int) -> None:
        """Say that the ledger reaches to `position` now: here at once, to the other processes soon."""
        self._wake(workspace)
        self._untold[workspace] = position
        if self._teller is None:
            self._teller = asyncio.create_task(self._tell(), name="hints teller")

    async def close(self) -> None:
        if self._teller is not None:
            await self._teller
        if self._stop is not None:
            self._stop()

    async def _tell(self) -> None:
        try:
            while self._untold:
                untold, self._untold = self._untold, {}
                for workspace, position in untold.items():
                    await self._database.notify(CHANNEL, f"{workspace} {position}")
                await asyncio.sleep(_GAP)
        finally:
            self._teller = None

    def _heard(self, payload: str) -> None:
        if payload:
            self._wake(UUID(payload.partition(" ")[0]))
        else:
            for workspace in list(self._waiting):
                self._wake(workspace)

    def _wake(self, workspace: UUID) -> None:
        for hint in self._waiting.get(workspace, ()):
            hint.set()
