"""Finds projections that nobody works on, and runs them. Any number of workers, in any processes."""

import asyncio
import os
import random
import socket
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID, uuid4

import structlog

from domain.errors import Unavailable
from eventstore.access import is_access_ledger
from eventstore.database import Database
from eventstore.store import Store
from projections import generations, lease
from projections.failures import described
from projections.generations import LIVE, Generation, State
from projections.hints import Announcer
from projections.lease import LeaseLost
from projections.pace import Pace
from projections.projection import Projection
from projections.runner import Halted, Runner

log = structlog.get_logger(__name__)

_LOOK = 1.0
"""Seconds between looks for work."""
_GRACE = timedelta(seconds=30)
"""How long the rows of a generation stay after another one was switched to: longer than any query runs."""
_AT_ONCE = 3
"""Batches under way at once in a process: the other connections of its pool are for those who ask."""

Task = asyncio.Task[None]
Key = tuple[UUID, str, int]


class Worker:
    """Takes leases on generations of the projections that it knows, and runs each in a task of its own."""

    def __init__(
        self,
        database: Database,
        store: Store,
        projections: Sequence[Projection],
        *,
        lasts: timedelta = lease.LASTS,
        look: float = _LOOK,
        grace: timedelta = _GRACE,
        pace: Callable[[], Pace] = Pace,
        at_once: int = _AT_ONCE,
        only: frozenset[UUID] | None = None,
    ) -> None:
        """`lasts`: how long a lease outlives us. `look`: seconds between looks for work. `grace`: how long replaced
        rows stay. `pace`: the size of batches to begin with. `at_once`: batches under way at once, each with a
        connection. `only`: these workspaces and no others."""
        self._database = database
        self._store = store
        self._projections = {projection.name: projection for projection in projections}
        self._lasts = lasts
        self._look = look
        self._grace = grace
        self._pace = pace
        self._turns = asyncio.Semaphore(at_once)
        self._only = only
        self._announcer = Announcer(database)
        self._running: dict[Key, Task] = {}
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"

    async def run(self) -> None:
        """Until cancelled; then all leases are let go, so that others take over at once."""
        announcing = asyncio.create_task(self._announcer.run(), name="announcer")
        try:
            while True:
                try:
                    await self._find_work()
                except Unavailable as error:
                    log.warning("worker finds no database", error=described(error))
                except Exception as error:
                    log.error("worker cannot look for work", exc_info=error)
                await asyncio.sleep(self._look * random.uniform(0.5, 1.0))  # noqa: S311 - keeps workers out of step
        finally:
            for task in (*self._running.values(), announcing):
                task.cancel()
            await asyncio.gather(*self._running.values(), announcing, return_exceptions=True)

    async def _find_work(self) -> None:
        known = await self._prepared()
        for generation in known:
            projection = self._projections.get(generation.projection)
            if projection is not None and self._may_run(generation, projection):
                await self._take(generation, projection)
        for generation in known:
            if generation.state is State.RETIRED and generations.stale(generation, self._grace):
                self._go(_key(generation), self._remove(generation))

    async def _prepared(self) -> list[Generation]:
        """All generations, once every workspace has one of every projection as it is declared here."""
        known = await self._known()
        begun = False
        for workspace in await self._workspaces():
            for projection in self._projections.values():
                of_this = known.get((workspace, projection.name), [])
                begun |= await generations.prepare(self._database, workspace, projection, of_this)
        if begun:
            known = await self._known()
        return [generation for of_one in known.values() for generation in of_one]

    async def _known(self) -> dict[tuple[UUID, str], list[Generation]]:
        def key(generation: Generation) -> tuple[UUID, str]:
            return (generation.workspace, generation.projection)

        found = [each for each in await generations.everywhere(self._database) if self._ours(each.workspace)]
        return {of: list(each) for of, each in groupby(sorted(found, key=key), key=key)}

    async def _workspaces(self) -> list[UUID]:
        async with self._database.session() as connection:
            rows = await connection.fetch("SELECT workspace_id FROM ledgers")
        return [row["workspace_id"] for row in rows if self._ours(row["workspace_id"])]

    def _ours(self, workspace: UUID) -> bool:
        """Ledgers of what was read have no read models: they are read as they stand."""
        if is_access_ledger(workspace):
            return False
        return self._only is None or workspace in self._only

    def _may_run(self, generation: Generation, projection: Projection) -> bool:
        return (
            generation.state in LIVE
            and generation.halt is None
            and not generation.leased
            and generation.fingerprint == projection.fingerprint
            and _key(generation) not in self._running
        )

    async def _take(self, generation: Generation, projection: Projection) -> None:
        taken = await lease.claim(self._database, generation, self.name, lasts=self._lasts)
        if taken is None:
            return
        runner = Runner(self._database, self._store, projection, generation, taken, self._announcer, pace=self._pace())
        log.info(
            "projection taken",
            projection=projection.name,
            generation=generation.number,
            checkpoint=taken.checkpoint,
            epoch=taken.epoch,
        )
        self._go(_key(generation), self._watch(runner))

    def _go(self, key: Key, work: Coroutine[None, None, None]) -> None:
        """Do it in a task of its own, unless that is being done already."""
        if key in self._running:
            work.close()
            return
        task = self._running[key] = asyncio.create_task(work, name=f"{key[1]}:{key[2]}")
        task.add_done_callback(lambda done: self._done(key, done))

    def _done(self, key: Key, task: Task) -> None:
        del self._running[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("worker failed", projection=key[1], generation=key[2], exc_info=error)

    async def _watch(self, runner: Runner) -> None:
        """The ends that are no errors of the worker: each stands in the generation's row or in the log already."""
        try:
            await runner.run()
        except LeaseLost as error:
            log.info("lease lost", error=str(error))
        except Halted as error:
            log.error("worker leaves a halted projection", error=str(error))
        except Unavailable as error:
            log.warning("projection left for want of a database", error=described(error))

    async def _remove(self, retired: Generation) -> None:
        projection = self._projections.get(retired.projection)
        if projection is None:
            return
        try:
            rows = await generations.remove(self._database, projection, retired)
        except Unavailable as error:
            log.warning("generation not removed yet", projection=retired.projection, error=described(error))
        else:
            log.info("generation removed", projection=retired.projection, generation=retired.number, rows=rows)


def _key(generation: Generation) -> Key:
    return (generation.workspace, generation.projection, generation.number)
