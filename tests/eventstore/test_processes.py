"""Several processes on one ledger, some of them killed: positions stay 0, 1, 2, ..., and what was acknowledged is
there, once, and whole."""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from domain.envelope import RecordedEvent
from eventstore.store import Store
from tests.eventstore.appender import units

Start = Callable[[int, int], "asyncio.Task[Process]"]


@pytest.fixture
def start(database_url: str, run_folder: Path, workspace: UUID) -> Start:
    """Starts a process that appends so many units of a seed."""

    def run(seed: int, count: int) -> "asyncio.Task[Process]":
        command = ("-m", "tests.eventstore.appender", database_url, run_folder, workspace, seed, count)
        return asyncio.create_task(
            asyncio.create_subprocess_exec(sys.executable, *map(str, command), stdout=PIPE, stderr=PIPE)
        )

    return run


async def tailed(store: Store, workspace: UUID, count: int) -> list[RecordedEvent]:
    """What a tail from the beginning sees, until it has seen so many."""
    seen: list[RecordedEvent] = []
    async with asyncio.timeout(90), aclosing(store.tail(workspace, after=-1)) as tail:
        async for events in tail:
            seen += events
            if len(seen) >= count:
                return seen
    return seen


async def acknowledged(process: Process, *, kill_after: int | None = None) -> list[UUID]:
    """The ids that a process says are appended; it is killed after so many of them."""
    assert process.stdout is not None
    ids: list[UUID] = []
    async for line in process.stdout:
        if line.endswith(b"\n"):
            ids.append(UUID(line.decode().strip()))
        if kill_after is not None and len(ids) == kill_after:
            process.kill()
    code = await process.wait()
    if kill_after is None and code != 0:
        assert process.stderr is not None
        raise AssertionError((await process.stderr.read()).decode())
    return ids


def assert_whole(events: list[RecordedEvent]) -> None:
    """Positions and versions without gaps, every unit whole and together."""
    assert [event.position for event in events] == list(range(len(events)))
    versions: Counter[object] = Counter()
    for event in events:
        assert event.version == versions[event.envelope.stream]
        versions[event.envelope.stream] += 1
    by_unit: dict[str, list[int]] = {}
    for event in events:
        by_unit.setdefault(str(event.envelope.correlation), []).append(event.position)
    for correlation, positions in by_unit.items():
        size = int(correlation.rpartition("/")[2])
        assert positions == list(range(positions[0], positions[0] + size)), correlation


@asynccontextmanager
async def all_of(processes: list[Process]) -> AsyncIterator[None]:
    """Whatever happens, none of them stays."""
    try:
        yield
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def test_eight_processes_append_while_one_tails(store: Store, workspace: UUID, start: Start) -> None:
    count = 60
    expected = {one.envelope.id for seed in range(8) for unit in units(seed, count) for one in unit}
    tailing = asyncio.create_task(tailed(store, workspace, len(expected)))

    processes = [await start(seed, count) for seed in range(8)]
    async with all_of(processes):
        told = await asyncio.gather(*map(acknowledged, processes))

    seen = await tailing
    assert_whole(seen)
    assert {event.envelope.id for event in seen} == expected == {one for ids in told for one in ids}


async def test_two_processes_that_append_the_same_append_it_once(store: Store, workspace: UUID, start: Start) -> None:
    processes = [await start(1, 100), await start(1, 100)]
    async with all_of(processes):
        await asyncio.gather(*map(acknowledged, processes))

    events = await store.read(workspace, after=-1, limit=10_000)
    assert_whole(events)
    assert Counter(event.envelope.id for event in events) == Counter(
        one.envelope.id for unit in units(1, 100) for one in unit
    )


async def killed_and_started_again(
    store: Store, workspace: UUID, start: Start, chance: random.Random, *, kills: int, count: int
) -> None:
    """Two processes are killed at random and started again with the same events, until they come to their end."""
    told: set[UUID] = set()
    for _ in range(kills):
        processes = [await start(seed, count) for seed in (1, 2)]
        async with all_of(processes):
            ends = [partial(acknowledged, one, kill_after=chance.randrange(1, count)) for one in processes]
            told.update(one for ids in await asyncio.gather(*(end() for end in ends)) for one in ids)
        events = await store.read(workspace, after=-1, limit=100_000)
        assert_whole(events)
        assert told <= {event.envelope.id for event in events}
    processes = [await start(seed, count) for seed in (1, 2)]
    async with all_of(processes):
        await asyncio.gather(*map(acknowledged, processes))
    events = await store.read(workspace, after=-1, limit=100_000)
    assert_whole(events)
    assert {event.envelope.id for event in events} == {
        one.envelope.id for seed in (1, 2) for unit in units(seed, count) for one in unit
    }
    opened = await store.open(workspace, events)
    assert all(type(getattr(one.payload, "text", "")) in (str, type(None)) for one in opened)


async def test_what_a_killed_process_had_acknowledged_is_there_once_and_whole(
    store: Store, workspace: UUID, start: Start
) -> None:
    await killed_and_started_again(store, workspace, start, random.Random(1), kills=3, count=120)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
async def test_the_same_with_hundreds_of_kills(store: Store, workspace: UUID, start: Start, seed: int) -> None:
    await killed_and_started_again(store, workspace, start, random.Random(seed), kills=6, count=400)
