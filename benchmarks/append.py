"""Appending: how fast facts become durable events, beside the peer's recorder, pgbench, and a bare COPY."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import perf_counter, time, time_ns
from uuid import UUID, uuid4

import asyncpg
import uvloop

from benchmarks import calibration, recorder
from benchmarks.apart import all_ready, apart, together
from benchmarks.desk import events
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.ledger import Place, migrated, opened
from domain.envelope import NewEvent
from eventstore.store import Append, Outcome, Store

CALLERS = (1, 16, 64)
PROCESSES = (2, 8)
BATCH = 1_000
WARM_UP = 1_000
A_SECOND = {1: 1_000, 16: 8_000, 64: 16_000}
"""Events for each second that a repetition may take, by callers."""

BARS = (
    Bar("Append, 64 callers: times eventsourcing's recorder", "append.64", over="append.recorder", at_least=8),
    Bar("Append, 64 callers: times pgbench's single-row inserts", "append.64", over="append.pgbench", at_least=1),
    Bar("Append, 64 callers: p99, ms", "append.64.p99", at_most=25, calibration=calibration.BY_PGBENCH),
    Bar("Batches of 1,000: part of a bare COPY", "append.batches", over="append.copy", at_least=1 / 3),
    Bar("Batches of 1,000: times the recorder's", "append.batches", over="append.recorder.batches", at_least=1),
)


@dataclass(frozen=True, slots=True)
class Appended:
    """What one process did."""

    count: int
    began: float
    ended: float
    p50: float
    p99: float
    """Milliseconds from a caller's event to its acknowledgement."""


def measure(bench: Bench) -> None:
    place = migrated(bench.server, "append")
    peer = bench.server.database("recorder")
    bench.interleaved(
        [
            *(partial(_one_by_one, bench, place, callers) for callers in CALLERS),
            partial(_recorder, bench, peer),
            partial(_pgbench, bench),
            partial(_batches, bench, place),
            partial(_recorder_batches, bench, peer),
        ]
    )
    bench.interleaved(
        [partial(_several, bench, place, processes) for processes in PROCESSES], min(3, bench.repetitions)
    )
    bench.server.drop("append")
    bench.server.drop("recorder")


def _one_by_one(bench: Bench, place: Place, callers: int) -> None:
    count = A_SECOND[callers] * bench.seconds
    done = apart(_append, place, uuid4(), callers, count).result
    bench.book.add(f"append.{callers}", "events/s", done.count / (done.ended - done.began), "one process")
    bench.book.add(f"append.{callers}.p50", "ms", done.p50)
    bench.book.add(f"append.{callers}.p99", "ms", done.p99)


def _several(bench: Bench, place: Place, processes: int) -> None:
    """Several processes with 16 callers each, on one ledger."""
    count = A_SECOND[16] * bench.seconds // processes
    each = [done.result for done in together(processes, _append, place, uuid4(), 16, count)]
    took = max(done.ended for done in each) - min(done.began for done in each)
    bench.book.add(f"append.{processes}x16", "events/s", count * processes / took, f"{processes} processes")
    bench.book.add(f"append.{processes}x16.p99", "ms", max(done.p99 for done in each), "the slowest process's")


def _append(place: Place, workspace: UUID, callers: int, count: int, number: int = 0) -> Appended:
    given = list(events(count + WARM_UP, seed=time_ns() + number))
    return uvloop.run(_append_all(place, workspace, callers, given))


async def _append_all(place: Place, workspace: UUID, callers: int, given: Sequence[NewEvent]) -> Appended:
    async with opened(place) as (_, store):
        await store.create_ledger(workspace)
        await _call(store, workspace, callers, iter(given[:WARM_UP]))
        all_ready()
        began = time()
        waits = await _call(store, workspace, callers, iter(given[WARM_UP:]))
        ended = time()
    return Appended(len(waits), began, ended, median(waits) * 1000, quantiles(waits, n=100)[98] * 1000)


async def _call(store: Store, workspace: UUID, callers: int, given: Iterator[NewEvent]) -> list[float]:
    """Let that many callers take events and append them one at a time; how long each took, in seconds."""
    waits: list[float] = []

    async def caller() -> None:
        for event in given:
            began = perf_counter()
            [appended] = await store.append(workspace, [Append((event,))])
            waits.append(perf_counter() - began)
            if appended.outcome is not Outcome.APPENDED:
                raise AssertionError(f"{appended}")

    await asyncio.gather(*(caller() for _ in range(callers)))
    return waits


def _recorder(bench: Bench, url: str) -> None:
    for name, pool in (("append.recorder", recorder.BEST_POOL), ("append.recorder.default", recorder.DEFAULT_POOL)):
        rate = apart(recorder.one_by_one, url, 3_000 * bench.seconds, 64, pool).result
        bench.book.add(name, "events/s", rate, f"eventsourcing, 64 threads, pool of {pool[0]} and {pool[1]} more")


def _pgbench(bench: Bench) -> None:
    bench.book.add("append.pgbench", "events/s", calibration.pgbench(bench.server, 64, bench.seconds), "64 clients")


def _recorder_batches(bench: Bench, url: str) -> None:
    rate = apart(recorder.in_batches, url, 20_000 * bench.seconds, BATCH).result
    bench.book.add("append.recorder.batches", "events/s", rate, "eventsourcing, batches of 1,000")


def _batches(bench: Bench, place: Place) -> None:
    """Batches through `append` and through `load`, then the rows that came of them once more, by COPY alone."""
    count = 20 * BATCH * bench.seconds
    for name in ("append", "load"):
        workspace = uuid4()
        rate = apart(_append_batches, place, workspace, count, name).result
        bench.book.add(f"append.batches{'.load' if name == 'load' else ''}", "events/s", rate, f"Store.{name}")
    for size, name in ((BATCH, "append.copy"), (count, "append.copy.whole")):
        bench.book.add(
            name, "events/s", apart(_copy, place.url, workspace, size).result, f"COPY of {size:,} rows at a time"
        )


def _append_batches(place: Place, workspace: UUID, count: int, way: str) -> float:
    return uvloop.run(_append_in_batches(place, workspace, list(events(count, seed=time_ns())), way))


async def _append_in_batches(place: Place, workspace: UUID, given: Sequence[NewEvent], way: str) -> float:
    async with opened(place) as (_, store):
        await store.create_ledger(workspace)
        began = perf_counter()
        for begin in range(0, len(given), BATCH):
            batch = given[begin : begin + BATCH]
            if way == "load":
                done = await store.load(workspace, batch)
            else:
                done = await store.append(workspace, [Append((event,)) for event in batch])
            if any(appended.outcome is not Outcome.APPENDED for appended in done):
                raise AssertionError(f"not all of {len(done)} were appended")
        return len(given) / (perf_counter() - began)


def _copy(url: str, workspace: UUID, size: int) -> float:
    return uvloop.run(_copy_rows(url, workspace, size))


async def _copy_rows(url: str, workspace: UUID, size: int) -> float:
    """A ledger's rows into an empty table of the same shape with the same keys, `size` to a transaction."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT * FROM events WHERE workspace_id = $1 ORDER BY position", workspace)
        await connection.execute("DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE events INCLUDING ALL)")
        records = [tuple(row) for row in rows]
        began = perf_counter()
        for begin in range(0, len(records), size):
            await connection.copy_records_to_table("copied", records=records[begin : begin + size])
        return len(records) / (perf_counter() - began)
    finally:
        await connection.close()
