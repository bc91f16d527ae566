"""Runs one generation of one projection of one workspace, for as long as its lease holds.

A batch is read, folded, written, and the checkpoint moved, in one transaction. Passing troubles are retried with
growing pauses; a failure that would come again is bisected down to its event, which halts the projection: a read model
would rather lag than lie, and says that it lags.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
import structlog

from domain.envelope import RecordedEvent
from domain.errors import Conflict, NotFound, Unavailable
from domain.instants import moment_of
from eventstore.database import Database
from eventstore.store import Store
from projections import generations, rubbish
from projections.failures import Gap, described, passing
from projections.generations import Generation, Halt, State
from projections.hints import Announcer
from projections.lease import BEATS, Lease, LeaseLost
from projections.pace import Pace, Suspicion
from projections.projection import Fold, Projection
from projections.reader import Reader

log = structlog.get_logger(__name__)

_POLL, _LONGEST_POLL = 1.0, 8.0
"""Seconds after which the ledger is looked at without a hint; longer the longer nothing was found."""
_LINGER, _LONGEST_LINGER = 0.02, 0.06
"""Seconds between batches near the head: events that come one by one share transactions, and nobody notices. As long as
the last batch took, within these bounds: where work is dear, more of it is shared."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_FIRST = "SET LOCAL idle_in_transaction_session_timeout = '60s'; SET LOCAL plan_cache_mode = force_custom_plan"
"""A worker that hangs in a transaction must not bar who takes over; and a plan that was made while a table was empty
must not be kept while it grows."""


class Halted(Exception):
    """The projection met an event that it cannot fold. Its row says which; nothing runs until it is resumed."""


class Runner:
    """Folds one generation onwards, from where its lease found it."""

    def __init__(
        self,
        database: Database,
        store: Store,
        projection: Projection,
        generation: Generation,
        lease: Lease,
        announcer: Announcer,
        pace: Pace | None = None,
        turns: asyncio.Semaphore | None = None,
    ) -> None:
        """`turns`: how many batches of all runners of a process may be under way at once."""
        self._database = database
        self._store = store
        self._projection = projection
        self._workspace = generation.workspace
        self.generation = generation.number
        self._filling = lease.state is State.FILLING
        self._held_back = generation.held_back
        self._lease = lease
        self._announcer = announcer
        self._pace = pace or Pace()
        self._turns = turns or asyncio.Semaphore(1)
        self._suspicion = Suspicion()
        self._reader = Reader(store, self._workspace)
        self._fold: Fold | None = None
        self._folded = Counter(lease.folded)
        self._pause = _FIRST_PAUSE
        self._attempted = lease.checkpoint
        self.checkpoint = lease.checkpoint

    async def run(self) -> None:
        """Until cancelled, halted (`Halted`) or deprived of the lease (`LeaseLost`). Lets go of the lease."""
        try:
            async with self._beating(), self._store.hints(self._workspace) as hint:
                poll = _POLL
                while True:
                    began = time.monotonic()
                    events = await self._step()
                    if events < self._reader.asked and self._suspicion.until is None:
                        took = time.monotonic() - began
                        poll = _POLL if events else min(poll * 2, _LONGEST_POLL)
                        await asyncio.sleep(min(max(took, _LINGER), _LONGEST_LINGER))
                        await hint.wait(poll)
        finally:
            await self.let_go()

    async def let_go(self) -> None:
        """Let somebody else take over at once; where the database is away, the lease runs out by itself."""
        await self._reader.drop()
        with contextlib.suppress(Unavailable):
            await self._lease.release(self._database)

    async def catch_up(self, upto: int) -> None:
        """Fold up to a position and no further. For whoever compares generations; the lease is kept."""
        while self.checkpoint < upto:
            await self._reader.drop()
            await self._step(upto - self.checkpoint)

    async def _step(self, most: int | None = None) -> int:
        """One batch, or one trouble dealt with. Returns how many events were folded; a full batch asks for more."""
        limit = self._suspicion.limit(self.checkpoint, self._pace.limit)
        if most is not None:
            limit = min(limit, most)
        self._attempted = self.checkpoint + limit
        try:
            return await self._batch(limit, ahead=most is None)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - a fold may fail in any way; retried, or halted with this error
            self._fold = None
            await self._reader.drop()
            if passing(error):
                await self._wait_out(error)
            else:
                await self._suspect(error)
            return self._pace.limit

    async def _batch(self, limit: int, *, ahead: bool) -> int:
        events = await self._reader.take(after=self.checkpoint, limit=limit)
        if events:
            self._attempted = events[-1].position
            if ahead and len(events) == self._reader.asked and self._suspicion.until is None:
                self._reader.prefetch(after=self._attempted, limit=self._pace.limit)
            async with self._turns:
                began = time.monotonic()
                with rubbish.put_off(len(events)):
                    await self._write(events)
                self._moved(events, time.monotonic() - began)
        if len(events) < self._reader.asked and self._filling and not self._held_back:
            await self._switch()
        return len(events)

    async def _write(self, events: Sequence[RecordedEvent]) -> None:
        if self._fold is None:
            self._fold = self._projection.start(self._workspace, self.generation)
        folded = self._folded + Counter(event.payload.declaration.name for event in events)
        async with self._database.transaction(self._workspace) as connection:
            await connection.execute(_FIRST)
            await self._fold.project(connection, events)
            await self._lease.advance(
                connection,
                checkpoint=self.checkpoint,
                to=events[-1].position,
                recorded_at=moment_of(events[-1].recorded_at),
                folded=msgspec.json.encode(folded).decode(),
            )
        self._folded = folded

    def _moved(self, events: Sequence[RecordedEvent], seconds: float) -> None:
        self.checkpoint = events[-1].position
        self._pace.observe(len(events), seconds)
        self._suspicion.passed(self.checkpoint)
        self._pause = _FIRST_PAUSE
        if not self._filling:
            self._announcer.say(self._workspace, self._projection.name, self.checkpoint)

    async def _switch(self) -> None:
        name = self._projection.name
        try:
            switched = await generations.switch(
                self._database, self._workspace, name, self.generation, epoch=self._lease.epoch
            )
        except (NotFound, Conflict) as error:
            raise LeaseLost(error.message) from error
        if switched:
            self._filling = False
            log.info("projection switched", projection=name, generation=self.generation, checkpoint=self.checkpoint)
            self._announcer.say(self._workspace, name, self.checkpoint)

    async def _wait_out(self, error: Exception) -> None:
        log.warning("projection retries", projection=self._projection.name, error=described(error))
        await asyncio.sleep(self._pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads retries, guards nothing
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    async def _suspect(self, error: Exception) -> None:
        """Narrow down what failed. Halts when one event is left, or when the ledger itself is not as it must be."""
        if isinstance(error, Gap):
            await self._halt(error.expected, error)
        head = await self._store.head(self._workspace)
        culprit = self._suspicion.failed(self.checkpoint, max(min(self._attempted, head), self.checkpoint + 1))
        if culprit is not None:
            await self._halt(culprit, error)

    async def _halt(self, position: int, error: Exception) -> None:
        halt = Halt(self._now(), position, await self._type_at(position), described(error))
        log.error("projection halted", projection=self._projection.name, position=position, exc_info=error)
        await self._lease.halt(self._database, halt)
        raise Halted(f"{self._projection.name} halted at position {position}: {halt.error}") from error

    async def _type_at(self, position: int) -> str | None:
        """The event's type, None where it cannot be read: then reading it is what failed."""
        try:
            events = await self._store.read_at(self._workspace, [position])
        except Exception as error:  # noqa: BLE001 - the halt that follows says what failed
            log.warning("event cannot be read", position=position, error=described(error))
            return None
        return events[position].payload.declaration.name if position in events else None

    def _now(self) -> datetime:
        return self._lease.now

    @asynccontextmanager
    async def _beating(self) -> AsyncIterator[None]:
        """Beat while the body runs; the body is cancelled when the lease is found lost, and `LeaseLost` raised."""
        body = asyncio.current_task()
        lost: LeaseLost | None = None

        async def beat() -> None:
            nonlocal lost
            while True:
                await asyncio.sleep(self._lease.lasts.total_seconds() / BEATS)
                try:
                    await self._lease.beat(self._database)
                except LeaseLost as error:
                    lost = error
                    if body is not None:
                        body.cancel()
                    return
                except Unavailable as error:
                    log.warning("heartbeat missed", projection=self._projection.name, error=described(error))

        beating = asyncio.create_task(beat(), name="heartbeat")
        try:
            yield
        except asyncio.CancelledError:
            if lost is None:
                raise
            if body is not None:
                body.uncancel()
            raise lost from None
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
