"""The ledger, as everybody else sees it: append, read, tail."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

from domain.envelope import NewEvent, RecordedEvent, Stream
from domain.errors import InvalidEvent
from domain.instants import Instant, moment_of
from eventstore import clock, read
from eventstore.append import AT_A_STRETCH, Appender
from eventstore.database import Database, Session
from eventstore.group_commit import GroupCommit
from eventstore.hints import Hint, Hints
from eventstore.opening import OwnedWords, is_sealed, with_owners
from eventstore.proofs.guard import Guard
from eventstore.sealing import check, open_boxes, subjects_of
from eventstore.units import Append, Appended, Item, Outcome, Unit
from eventstore.vault import Vault

__all__ = ["Append", "Appended", "Outcome", "Store"]

_POLL = 1.0
"""Seconds after which a tail looks for itself."""
_TAILED = 2000
_LOADED = 1000
"""Events in one transaction of a load."""
_LOADS = 2
"""Transactions of a load under way at once: one is in the database while the next is made ready."""


class Store:
    """The ledgers of all workspaces on one database."""

    def __init__(self, database: Database, vault: Vault, guard: Guard | None = None) -> None:
        """`guard`: refuses to append to a ledger that went backwards."""
        self._database = database
        self.vault = vault
        self._hints = Hints(database)
        self._appender = Appender(database, vault, guard)
        self._group_commit = GroupCommit(self._commit)

    async def close(self) -> None:
        """Finish what is under way; refuse what comes."""
        await self._group_commit.close()
        await self._hints.close()

    async def create_ledger(self, workspace: UUID) -> None:
        """Give the workspace a ledger, if it has none."""
        async with self._database.transaction(workspace) as connection:
            await connection.execute("INSERT INTO ledgers (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING", workspace)

    async def append(self, workspace: UUID, units: Sequence[Append]) -> list[Appended]:
        """Append units, together with whoever else is appending; each gets its own outcome.

        Raises `Overloaded` where too much is waiting, `Unavailable` where the database is away or full, `NotFound`
        where the workspace has no ledger. After `Unavailable`, sending the same again is harmless.
        """
        now = clock.now()
        settled = [_unit(unit.events, unit.expected_version, now) for unit in units]
        open_units = [unit for unit in settled if unit.appended is None]
        if open_units:
            await self._group_commit.submit(workspace, open_units)
        return [_outcome(unit) for unit in settled]

    async def load(self, workspace: UUID, events: Sequence[NewEvent]) -> list[Appended]:
        """Append many events, each a unit of its own, in large transactions: for imports, which wait for each other
        anyway. A load that breaks off has appended a beginning; loaded again, that is found to be there."""
        now = clock.now()
        settled: list[Unit] = []
        under_way: deque[asyncio.Task[None]] = deque()
        try:
            for start in range(0, len(events), _LOADED):
                part = []
                for event in events[start : start + _LOADED]:
                    part.append(_unit((event,), None, now))
                    if len(part) % AT_A_STRETCH == 0:
                        await asyncio.sleep(0)
                settled += part
                if len(under_way) == _LOADS:
                    await under_way.popleft()
                under_way.append(asyncio.create_task(self._commit(workspace, part)))
            while under_way:
                await under_way.popleft()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
        return [_outcome(unit) for unit in settled]

    async def _commit(self, workspace: UUID, units: Sequence[Unit]) -> None:
        units = [unit for unit in units if unit.appended is None]
        if not units:
            return
        position = await self._appender.append(workspace, units)
        if position is not None:
            self._hints.advanced(workspace, position)

    async def head(self, workspace: UUID, *, connection: Session | None = None) -> int:
        """The last position; -1 where the ledger is empty."""
        async with self._reading(workspace, connection) as session:
            return await read.last_position(session, workspace)

    async def position_at(self, workspace: UUID, instant: Instant, *, connection: Session | None = None) -> int:
        """The last position recorded at an instant or before it; -1 where there is none."""
        async with self._reading(workspace, connection) as session:
            return await read.recorded_by(session, workspace, moment_of(instant))

    async def read(
        self, workspace: UUID, *, after: int, limit: int, upto: int | None = None, connection: Session | None = None
    ) -> list[RecordedEvent]:
        """Events after a position, in order; personal words as commitments."""
        async with self._reading(workspace, connection) as session:
            return await read.after(session, workspace, after, limit, upto)

    async def read_stream(
        self,
        workspace: UUID,
        stream: Stream,
        *,
        after_version: int = -1,
        limit: int = 1000,
        connection: Session | None = None,
    ) -> list[RecordedEvent]:
        """A stream's events after a version, in order. A customer's stream is named by the pseudonym."""
        async with self._reading(workspace, connection) as session:
            return await read.of_stream(session, workspace, stream, after_version, limit)

    async def read_streams(
        self, workspace: UUID, streams: Sequence[Stream], *, connection: Session | None = None
    ) -> dict[Stream, list[RecordedEvent]]:
        """All events of several streams, each in order."""
        async with self._reading(workspace, connection) as session:
            return await read.of_streams(session, workspace, streams)

    async def read_at(
        self, workspace: UUID, positions: Sequence[int], *, connection: Session | None = None
    ) -> dict[int, RecordedEvent]:
        """Events by position."""
        async with self._reading(workspace, connection) as session:
            return await read.at(session, workspace, positions)

    async def find(
        self, workspace: UUID, event_ids: Sequence[UUID], *, connection: Session | None = None
    ) -> dict[UUID, RecordedEvent]:
        """Events by id."""
        async with self._reading(workspace, connection) as session:
            return await read.by_id(session, workspace, event_ids)

    async def open(
        self, workspace: UUID, events: Sequence[RecordedEvent], *, connection: Session | None = None
    ) -> list[RecordedEvent]:
        """The same events with their personal words, where the keys stand; what was forgotten stays a commitment."""
        return [opened.event for opened in await self.open_owned(workspace, events, connection=connection)]

    async def open_owned(
        self, workspace: UUID, events: Sequence[RecordedEvent], *, connection: Session | None = None
    ) -> list[OwnedWords]:
        """The same, with whose the opened words are."""
        positions = [event.position for event in events if is_sealed(event)]
        if not positions:
            return [OwnedWords(event, {}) for event in events]
        async with self._reading(workspace, connection) as session:
            sealed = await read.sealed_at(session, workspace, positions)
            ids = {one for box in sealed.values() for one in subjects_of(box)}
            known = await self.vault.load_ids(session, workspace, ids)
        keyring = self.vault.keyring(workspace)
        return [
            with_owners(event, open_boxes(workspace, event.envelope.id, sealed[event.position], known, keyring))
            if event.position in sealed
            else OwnedWords(event, {})
            for event in events
        ]

    async def tail(self, workspace: UUID, *, after: int) -> AsyncGenerator[list[RecordedEvent], None]:
        """Every event after a position, once and in order, as they come; without end."""
        async with self.hints(workspace) as hint:
            while True:
                events = await self.read(workspace, after=after, limit=_TAILED)
                if events:
                    after = events[-1].position
                    yield events
                else:
                    await hint.wait(_POLL)

    def hints(self, workspace: UUID) -> AbstractAsyncContextManager[Hint]:
        """A flag that is raised when the workspace's ledger has advanced, by this process or another one."""
        return self._hints.of(workspace)

    @asynccontextmanager
    async def _reading(self, workspace: UUID, connection: Session | None) -> AsyncIterator[Session]:
        if connection is not None:
            yield connection
        else:
            async with self._database.transaction(workspace, readonly=True) as own:
                yield own


def _unit(events: Sequence[NewEvent], expected_version: int | None, now: Instant) -> Unit:
    try:
        if not events:
            raise InvalidEvent("a unit has at least one event", detail="MISSING_FIELD")
        return Unit(tuple([Item(check(event, now)) for event in events]), expected_version)
    except InvalidEvent as error:
        return Unit((), expected_version, Appended(Outcome.INVALID, error=error.with_traceback(None)))


def _outcome(unit: Unit) -> Appended:
    if unit.appended is None:
        raise RuntimeError("a unit was not settled")
    return unit.appended
