"""Projections catching up over a whole ledger, each on its own, beside reading alone and a bare fold."""

import asyncio
from functools import partial
from time import perf_counter
from typing import Any

import asyncpg
import msgspec
import uvloop

from benchmarks import calibration
from benchmarks.apart import apart
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.ledger import Desk, large, opened, small
from domain.instants import HOUR
from eventstore.store import Store
from projections import generations
from projections.conversations.project import Conversations
from projections.directory.projection import Directory
from projections.generations import Generation, State
from projections.journal.projection import Journal
from projections.projection import Projection
from projections.search.projection import Search
from projections.worker import Worker

NAMES = ("conversations", "journal", "directory")
_LOOK = 0.05
"""Seconds between looks how far a projection has got."""

BARS = (
    Bar(
        "Catching up: conversations, samples and cube, events/s",
        "projecting.conversations",
        at_least=40_000,
        calibration=calibration.BY_FOLD,
    ),
    Bar("Catching up: journal, events/s", "projecting.journal", at_least=15_000, calibration=calibration.BY_FOLD),
    Bar("Catching up: conversations, peak memory, MB", "projecting.conversations.peak", at_most=500),
    Bar("Catching up: journal, peak memory, MB", "projecting.journal.peak", at_most=500),
    Bar(
        "Catching up: conversations, peak memory over that at a tenth of the log",
        "projecting.conversations.peak",
        over="projecting.small.conversations.peak",
        at_most=1.25,
    ),
    Bar(
        "Catching up: journal, peak memory over that at a tenth of the log",
        "projecting.journal.peak",
        over="projecting.small.journal.peak",
        at_most=1.25,
    ),
)


def measure(bench: Bench) -> None:
    little, much = small(bench), large(bench)
    bench.interleaved([partial(_bare, bench, much, way) for way in ("read", "fold")], min(3, bench.repetitions))
    for name in NAMES:
        _catching_up(bench, little, name, f"projecting.small.{name}")
        _rebuilding(bench, little, name)
        _catching_up(bench, much, name, f"projecting.{name}")
    bench.server.settle()


def _catching_up(bench: Bench, desk: Desk, name: str, figure: str) -> None:
    done = apart(catch_up, desk, name)
    bench.book.add(figure, "events/s", desk.events / done.result, f"{desk.events:,} events, one process, once")
    bench.book.add(f"{figure}.peak", "MB", done.peak, "resident, the interpreter and all modules included")


def _rebuilding(bench: Bench, desk: Desk, name: str) -> None:
    rate = desk.events / apart(_rebuild, desk, name).result
    bench.book.add(
        f"projecting.rebuild.{name}", "events/s", rate, f"{desk.events:,} events, beside what serves, to the switch"
    )


def _bare(bench: Bench, desk: Desk, way: str) -> None:
    rate = desk.events / apart(_read, desk, way).result
    bench.book.add(f"projecting.bare.{way}", "events/s", rate, "the ledger's rows, 5,000 at a time")


def caught_up(desk: Desk) -> None:
    """Have all projections of the desk at the head, measured or not."""
    for name in NAMES:
        apart(catch_up, desk, name)


def _declared(name: str, store: Store) -> Projection:
    projections: list[Projection] = [Conversations(store), Journal(store), Directory(), Search(store)]
    [found] = [projection for projection in projections if projection.name == name]
    return found


def catch_up(desk: Desk, name: str) -> float:
    return uvloop.run(_worked(desk, name, begin=False))


def _rebuild(desk: Desk, name: str) -> float:
    return uvloop.run(_worked(desk, name, begin=True))


async def _worked(desk: Desk, name: str, *, begin: bool) -> float:
    """Seconds until the newest generation serves and has folded the whole ledger."""
    async with opened(desk.place) as (database, store):
        projection = _declared(name, store)
        head = await store.head(desk.workspace)
        known: list[Generation] = []
        began = perf_counter()
        if begin:
            await generations.begin(database, desk.workspace, projection)
        worker = asyncio.create_task(Worker(database, store, [projection], only=frozenset({desk.workspace})).run())
        try:
            while True:
                await asyncio.sleep(_LOOK)
                known = await generations.all_of(database, desk.workspace, name)
                if worker.done():
                    await worker
                if known and known[-1].halt is not None:
                    raise AssertionError(f"{name} halted: {known[-1].halt}")
                if known and known[-1].state is State.SERVING and known[-1].checkpoint == head:
                    return perf_counter() - began
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
            for replaced in (each for each in known if each.state is State.RETIRED):
                await generations.remove(database, projection, replaced)


class _Actor(msgspec.Struct):
    id: str


class _Content(msgspec.Struct):
    actor: _Actor
    occurred_at: int


def _read(desk: Desk, way: str) -> float:
    return uvloop.run(_read_all(desk, way))


async def _read_all(desk: Desk, way: str) -> float:
    """Seconds for the whole ledger: `read` fetches the rows; `fold` decodes and counts them by hour and actor, too."""
    connection = await asyncpg.connect(desk.place.url)
    decode = msgspec.json.Decoder(_Content).decode
    cells: dict[tuple[int, str], list[Any]] = {}
    last = -1
    began = perf_counter()
    while rows := await connection.fetch(
        "SELECT position, version, type, recorded_at, content FROM events "
        "WHERE workspace_id = $1 AND position > $2 ORDER BY position LIMIT 5000",
        desk.workspace,
        last,
    ):
        last = rows[-1][0]
        if way == "fold":
            for row in rows:
                calibration.count_in(cells, *_read_off(decode(row[4])))
    took = perf_counter() - began
    await connection.close()
    return took


def _read_off(content: _Content) -> tuple[tuple[int, str], int]:
    return (content.occurred_at // HOUR, content.actor.id), content.occurred_at % HOUR
