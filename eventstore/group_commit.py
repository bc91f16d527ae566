"""Group commit: concurrent callers share transactions, so that one sync to disk serves them all.

A batch is flushed at once when nothing is under way, else when the one before it returns. What waits is bounded:
beyond that callers are told `Overloaded`, at once, rather than filling the memory.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog
from msgspec import Struct

from domain.errors import DeskledgerError, Overloaded, Unavailable
from eventstore.units import Unit

log = structlog.get_logger(__name__)

Commit = Callable[[UUID, Sequence[Unit]], Awaitable[object]]

_BATCH = 1000
"""Events in a batch, unless one call alone has more."""
_WAITING = 20_000
"""Events that may wait in a process."""
_HANDS = 2
"""Batches of a workspace under way at once: one is in the database, while another one's bytes are made."""


class _Call(Struct, frozen=True):
    units: Sequence[Unit]
    size: int
    done: "asyncio.Future[None]"


class GroupCommit:
    """Brings callers' units together, workspace by workspace."""

    def __init__(self, commit: Commit, *, waiting: int = _WAITING) -> None:
        self._commit = commit
        self._bound = waiting
        self._waiting = 0
        self._queues: dict[UUID, deque[_Call]] = {}
        self._hands: dict[UUID, set[asyncio.Task[None]]] = {}
        self._closed = False

    async def submit(self, workspace: UUID, units: Sequence[Unit]) -> None:
        """Have the units settled. Raises `Overloaded` where too much is waiting, and what committing them raises."""
        if self._closed:
            raise Unavailable("the store is closing")
        size = sum([len(unit.items) for unit in units])
        if self._waiting and self._waiting + size > self._bound:
            raise Overloaded(f"{self._waiting} events are waiting to be appended; try again more slowly")
        call = _Call(units, size, asyncio.get_running_loop().create_future())
        self._waiting += size
        queue = self._queues.setdefault(workspace, deque())
        queue.append(call)
        hands = self._hands.setdefault(workspace, set())
        if len(hands) < _HANDS and len(queue) == 1:
            hands.add(asyncio.create_task(self._work(workspace, queue, hands)))
        await call.done

    async def close(self) -> None:
        """Refuse what comes, finish what has come."""
        self._closed = True
        while tasks := [task for hands in self._hands.values() for task in hands]:
            await asyncio.wait(tasks)

    async def _work(self, workspace: UUID, queue: deque[_Call], hands: "set[asyncio.Task[None]]") -> None:
        """Flush until nothing waits."""
        try:
            while queue:
                await self._flush(workspace, self._taken(queue))
        finally:
            task = asyncio.current_task()
            if task is not None:
                hands.discard(task)
            if not hands and not queue:
                self._hands.pop(workspace, None)
                self._queues.pop(workspace, None)

    def _taken(self, queue: deque[_Call]) -> list[_Call]:
        calls = [queue.popleft()]
        size = calls[0].size
        while queue and size + queue[0].size <= _BATCH:
            calls.append(queue.popleft())
            size += calls[-1].size
        self._waiting -= size
        return calls

    async def _flush(self, workspace: UUID, calls: list[_Call]) -> None:
        try:
            await self._commit(workspace, [unit for call in calls for unit in call.units])
        except DeskledgerError as error:
            for call in calls:
                _fail(call, error)
        except Exception as error:  # whatever it is, it is handed to the one who caused it
            if len(calls) == 1:
                _fail(calls[0], error)
                return
            log.exception("a batch failed; its calls are made one by one", workspace=str(workspace))
            for call in calls:
                await self._flush(workspace, [call])
        else:
            for call in calls:
                if not call.done.done():
                    call.done.set_result(None)


def _fail(call: _Call, error: Exception) -> None:
    if not call.done.done():
        call.done.set_exception(error)
