"""Live lag: events arrive one by one at a steady pace; how long after its acknowledgement each can be seen."""

import asyncio
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import median, quantiles
from time import time

import asyncpg
import uvloop

from benchmarks import calibration
from benchmarks.apart import all_ready, together
from benchmarks.desk import events
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.ledger import Desk, large, opened
from benchmarks.projecting import caught_up
from domain.envelope import NewEvent
from eventstore.store import Append, Outcome, Store
from projections.conversations.project import Conversations
from projections.directory.projection import Directory
from projections.journal.projection import Journal
from projections.search.projection import Search
from projections.worker import Worker

A_SECOND = 1_000
SECONDS = 10
_SETTLING = 2.0
"""Seconds for the worker to take what it finds, before the first event comes."""
_LOOK = 0.002
"""Seconds between looks at the checkpoints."""
_CHECKPOINTS = """
    SELECT projection, checkpoint FROM projection_generations WHERE workspace_id = $1 AND state = 'serving'
"""

BARS = (
    Bar(
        "Live lag at 1,000 events/s, the slowest projection: p99, ms",
        "lag.p99",
        at_most=250,
        calibration=calibration.BY_FOLD,
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was acknowledged when (position, instant), and which checkpoint was seen when, by projection."""

    acknowledged: list[tuple[int, float]]
    checkpoints: Mapping[str, list[tuple[int, float]]]


def measure(bench: Bench) -> None:
    """On the large log, once its projections have caught up; each repetition goes on where the last one ended."""
    desk = large(bench)
    caught_up(desk)
    bench.server.settle()
    for number in range(min(3, bench.repetitions)):
        _live(bench, desk, number)


def _live(bench: Bench, desk: Desk, number: int) -> None:
    skipped = desk.events + number * A_SECOND * SECONDS
    working, watching = [done.result for done in together(2, _take_part, desk, skipped)]
    slowest: list[float] = []
    for name, seen in watching.checkpoints.items():
        waits = _waits(working.acknowledged, seen)
        bench.book.add(f"lag.{name}.p50", "ms", median(waits))
        bench.book.add(f"lag.{name}.p99", "ms", quantiles(waits, n=100)[98])
        slowest = [max(pair) for pair in zip(slowest, waits, strict=True)] if slowest else waits
    bench.book.add("lag.p50", "ms", median(slowest), "until the slowest projection has it")
    bench.book.add("lag.p99", "ms", quantiles(slowest, n=100)[98], "until the slowest projection has it")
    took = working.acknowledged[-1][1] - working.acknowledged[0][1]
    bench.book.add(
        "lag.arriving", "events/s", len(working.acknowledged) / took, "acknowledged, one process with workers"
    )


def _waits(acknowledged: list[tuple[int, float]], seen: list[tuple[int, float]]) -> list[float]:
    """Milliseconds from each event's acknowledgement to the first look that found it."""
    reached = [checkpoint for checkpoint, _ in seen]
    return [max(0.0, seen[bisect_left(reached, position)][1] - at) * 1000 for position, at in acknowledged]


def _take_part(desk: Desk, skipped: int, number: int) -> Seen:
    if number == 1:
        return uvloop.run(_watch(desk, skipped + A_SECOND * SECONDS - 1))
    arriving = list(islice(events(skipped + A_SECOND * SECONDS), skipped, None))
    return uvloop.run(_append(desk, arriving))


async def _append(desk: Desk, arriving: list[NewEvent]) -> Seen:
    """A process of the product: it appends what arrives, and runs the projections."""
    acknowledged: list[tuple[int, float]] = []
    async with opened(desk.place) as (database, store):
        projections = (Journal(store), Directory(), Conversations(store), Search(store))
        worker = asyncio.create_task(Worker(database, store, projections, only=frozenset({desk.workspace})).run())
        await asyncio.sleep(_SETTLING)
        all_ready()
        began = time()
        tasks = []
        for number, event in enumerate(arriving):
            await asyncio.sleep(began + number / A_SECOND - time())
            tasks.append(asyncio.create_task(_append_one(store, desk, event, acknowledged)))
        await asyncio.gather(*tasks)
        await asyncio.to_thread(all_ready)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    return Seen(sorted(acknowledged), {})


async def _append_one(store: Store, desk: Desk, event: NewEvent, acknowledged: list[tuple[int, float]]) -> None:
    [appended] = await store.append(desk.workspace, [Append((event,))])
    if appended.outcome is not Outcome.APPENDED or appended.position is None:
        raise AssertionError(f"{appended}")
    acknowledged.append((appended.position, time()))


async def _watch(desk: Desk, last: int) -> Seen:
    """Another process: it looks how far the tables are that questions are answered from."""
    seen: dict[str, list[tuple[int, float]]] = {}
    connection = await asyncpg.connect(desk.place.url)
    statement = await connection.prepare(_CHECKPOINTS)
    all_ready()
    while not seen or any(looks[-1][0] < last for looks in seen.values()):
        for name, checkpoint in await statement.fetch(desk.workspace):
            looks = seen.setdefault(name, [])
            if not looks or looks[-1][0] < checkpoint:
                looks.append((checkpoint, time()))
        await asyncio.sleep(_LOOK)
    await connection.close()
    all_ready()
    return Seen([], seen)
