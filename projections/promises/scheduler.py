"""The scheduler: what happens when time passes and nothing else does.

It sleeps until the next due instant and appends what is to be told of it: that a promise is nearly due, that it fell
due, that it had not. An event is dated at the instant that it tells of, however late it is told after a time without a
server; its id is made of what it tells, so that it is told once whoever tells it. No figure reads any of this.

Nothing is told by a read model that is behind the ledger, since the answer may stand in what it has not read; nor of a
workspace in which an import is under way. What fell due in one is told when it has ended, quietly.
"""

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

import structlog

from domain.envelope import THE_WORKSPACE, Actor, Envelope, NewEvent, Stream
from domain.errors import Unavailable
from domain.event import Event
from domain.events.directory import WorkspaceWentLive
from domain.events.promises import PromiseBreachWithdrawn, PromiseFellDue, PromiseNearlyDue
from domain.instants import EARLIEST, SECOND, Instant
from domain.words import ActorType, Subject
from eventstore.clock import now
from eventstore.database import Database
from eventstore.store import Append, Store
from eventstore.watch import Watch
from projections.failures import described
from projections.promises.imports import Import, forget, imports_of
from projections.promises.pending import Due, Waiting, due, following, waiting
from projections.promises.tables import promise_watches

log = structlog.get_logger(__name__)

WHO = Actor(ActorType.SYSTEM, "deskledger:promises")
"""Who tells."""
_LONGEST_SLEEP = 0.5
"""Seconds after which it looks anyway: a new promise may be due sooner than what was known when it fell asleep."""
_WATCH = Watch(promise_watches, lasts=timedelta(seconds=10))
"""Two that tell for a moment do no harm: what they append has the same ids."""
_AT_ONCE = 500
"""Events that are appended together."""


@dataclass(slots=True)
class _Seen:
    """How a ledger stood when we looked: once the read model has got there, it knows all that happened by then."""

    at: Instant
    head: int


class Scheduler:
    """Tells of the promises of all workspaces whose conversations a read model follows."""

    def __init__(self, database: Database, store: Store, projection: str) -> None:
        """`projection`: the read model that fills `due_instants`."""
        self._database = database
        self._store = store
        self._projection = projection
        self._seen: dict[UUID, _Seen] = {}
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            sleep = _LONGEST_SLEEP
            try:
                sleep = await self.look()
            except Unavailable as error:
                log.warning("promises cannot be watched", error=described(error))
            except Exception as error:
                log.error("promises cannot be told of", exc_info=error)
            await asyncio.sleep(sleep)

    async def look(self) -> float:
        """Tell what is to be told by now. Returns for how many seconds there is nothing to do."""
        at = now()
        async with self._database.session() as connection:
            found = await waiting(connection, self._projection, at)
            after = await following(connection, self._projection, at)
        for which in found:
            await self._tell(which, at)
        if after is None:
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.01, (after - now()) / SECOND))

    async def _tell(self, which: Waiting, at: Instant) -> None:
        """Tell of one workspace, if it is ours to tell of."""
        async with self._database.transaction(which.workspace) as connection:
            if not await _WATCH.taken(connection, which.workspace, self._name):
                return
            imports = await imports_of(connection, which.workspace)
            head = await self._store.head(which.workspace, connection=connection)
        if any(each.ended_at is None and each.alive_until > at for each in imports):
            return
        until = self._known_until(which, at, head)
        if until is None:
            return
        since = await self._live_since(which.workspace)
        async with self._database.transaction(which.workspace, readonly=True) as connection:
            rows = await due(connection, which, since=since, until=until, now=at, limit=_AT_ONCE)
        quiet_until = max((each.ended_at or each.alive_until for each in imports), default=0)
        await self._append(which.workspace, rows, at, quiet_until)
        if imports and len(rows) < _AT_ONCE and which.checkpoint >= max(each.position or head for each in imports):
            await self._forget(which.workspace, imports)

    def _known_until(self, which: Waiting, at: Instant, head: int) -> Instant | None:
        """Up to when the read model knows everything that was in the ledger; None where it is still behind."""
        seen = self._seen.get(which.workspace)
        if which.checkpoint >= head:
            self._seen.pop(which.workspace, None)
            return at
        if seen is not None and which.checkpoint >= seen.head:
            self._seen[which.workspace] = _Seen(at, head)
            return seen.at
        if seen is None:
            self._seen[which.workspace] = _Seen(at, head)
        return None

    async def _live_since(self, workspace: UUID) -> Instant:
        """Before it nothing is told."""
        events = await self._store.read_streams(workspace, [THE_WORKSPACE])
        said = [
            event.payload.live_since
            for event in sorted(events.get(THE_WORKSPACE, ()), key=lambda event: event.order)
            if isinstance(event.payload, WorkspaceWentLive)
        ]
        return said[-1] if said else EARLIEST

    async def _append(self, workspace: UUID, rows: Sequence[Due], at: Instant, quiet_until: Instant) -> None:
        events = [telling(workspace, row, at, quiet_until) for row in rows]
        if events:
            await self._store.append(workspace, [Append((event,)) for event in events])

    async def _forget(self, workspace: UUID, imports: list[Import]) -> None:
        async with self._database.transaction(workspace) as connection:
            await forget(connection, workspace, imports)


def telling(workspace: UUID, row: Due, at: Instant, quiet_until: Instant) -> NewEvent:
    """The event that tells of a row at an instant."""
    payload: Event
    occurred_at = row.at
    if row.event == PromiseNearlyDue.declaration.name:
        payload = PromiseNearlyDue(clock=row.clock, promised=row.promised, promise=row.promise, due_at=row.due_at)
    elif row.event == PromiseFellDue.declaration.name:
        quietly = row.at <= quiet_until
        payload = PromiseFellDue(clock=row.clock, promised=row.promised, promise=row.promise, quietly=quietly)
    else:
        occurred_at = at
        payload = PromiseBreachWithdrawn(clock=row.clock, promised=row.promised, promise=row.promise, due_at=row.due_at)
    envelope = Envelope(
        id=uuid5(workspace, f"{row.event}:{row.conversation}:{row.clock}:{row.due_at}"),
        stream=Stream(Subject.CONVERSATION, row.conversation),
        actor=WHO,
        occurred_at=occurred_at,
        interface="scheduler",
    )
    return NewEvent(envelope, payload)
