"""Group commit: concurrent callers share transactions, so that one sync to disk serves them all.

A batch is flushed at once when nothing is under way, else when the one before it returns. What waits is bounded:
beyond that callers are told `Overloaded`, at once, rather than filling the memory.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from msgspec import Struct

from domain.errors import DeskledgerError, Overloaded, Unavailable
from eventstore.units import Unit

log = structlog.get_logger(__name__)

Commit = Callable[[UUID, Sequence[Unit]], Awaitable[object]]

_BATCH = 256
"""Events in a batch, unless one unit alone has more: enough to share a transaction, and few enough that a long call
comes in several batches, of which one is made ready while another one is in the database."""
_WAITING = 20_000
"""Events that may wait in a process."""
_HANDS = 2
"""Batches of a workspace under way at once."""


class _Call(Struct, frozen=True):
    units: Sequence[Unit]
    size: int
    done: "asyncio.Future[None]"


@dataclass(slots=True)
class _Line:
    """What waits in one workspace, and who works on it."""

    calls: deque[_Call] = field(default_factory=deque)
    hands: "set[asyncio.Task[None]]" = field(default_factory=set)


class GroupCommit:
    """Brings callers' units together, workspace by workspace."""

    def __init__(self, commit: Commit, *, waiting: int = _WAITING) -> None:
        self._commit = commit
        self._bound = waiting
        self._waiting = 0
        self._lines: dict[UUID, _Line] = {}
        self._closed = False

    async def submit(self, workspace: UUID, units: Sequence[Unit]) -> None:
        """Have the units settled. Raises `Overloaded` where too much is waiting, and what committing them raises."""
        if self._closed:
            raise Unavailable("the store is closing")
        calls = _calls(units)
        size = sum([call.size for call in calls])
        if self._waiting and self._waiting + size > self._bound:
            raise Overloaded(f"{self._waiting} events are waiting to be appended; try again more slowly")
        self._waiting += size
        line = self._lines.get(workspace)
        if line is None:
            line = self._lines[workspace] = _Line()
        if not line.calls and len(line.hands) < _HANDS:
            line.hands.add(asyncio.create_task(self._work(workspace, line)))
        line.calls.extend(calls)
        if len(calls) == 1:
            await calls[0].done
        else:
            await asyncio.gather(*(call.done for call in calls))

    async def close(self) -> None:
        """Refuse what comes, finish what has come."""
        self._closed = True
        while tasks := [task for line in self._lines.values() for task in line.hands]:
            await asyncio.wait(tasks)

    async def _work(self, workspace: UUID, line: _Line) -> None:
        """Flush until nothing waits."""
        try:
            while line.calls:
                calls = self._taken(line.calls)
                if line.calls and len(line.hands) < _HANDS:
                    line.hands.add(asyncio.create_task(self._work(workspace, line)))
                await self._flush(workspace, calls)
        finally:
            task = asyncio.current_task()
            if task is not None:
                line.hands.discard(task)
            if not line.hands and not line.calls:
                self._lines.pop(workspace, None)

    def _taken(self, queue: deque[_Call]) -> list[_Call]:
        """The next batch."""
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
        except Exception as error:  # noqa: BLE001 - whatever it is, it is handed to the one who caused it
            if len(calls) == 1:
                _fail(calls[0], error)
                return
            # No traceback here: whoever prints one with its variables prints customers' words.
            log.error(
                "a batch failed; its calls are made one by one", workspace=str(workspace), cause=type(error).__name__
            )
            for call in calls:
                await self._flush(workspace, [call])
        else:
            for call in calls:
                if not call.done.done():
                    call.done.set_result(None)


def _calls(units: Sequence[Unit]) -> list[_Call]:
    """One caller's units, in parts of a batch's size."""
    loop = asyncio.get_running_loop()
    if len(units) == 1:
        return [_Call(units, len(units[0].items), loop.create_future())]
    calls: list[_Call] = []
    part: list[Unit] = []
    size = 0
    for unit in units:
        if part and size + len(unit.items) > _BATCH:
            calls.append(_Call(part, size, loop.create_future()))
            part, size = [], 0
        part.append(unit)
        size += len(unit.items)
    return [*calls, _Call(part, size, loop.create_future())]


def _fail(call: _Call, error: Exception) -> None:
    if not call.done.done():
        call.done.set_exception(error)
