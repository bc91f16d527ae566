"""The peer: the Python library `eventsourcing` with its PostgreSQL recorder, the one with database functions, which is
its faster one. What it stores is encoded beforehand, and not counted against it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from benchmarks.desk import events

BEST_POOL = (4, 0)
"""Its callers are threads and share one interpreter: of 1 to 64 connections, 3 to 6 gave it most."""
DEFAULT_POOL = (5, 10)
"""How the library opens it unless told otherwise: connections kept, and more when needed."""


def one_by_one(url: str, count: int, callers: int, pool: tuple[int, int]) -> float:
    """Events a second with that many concurrent callers, each of whom stores one event at a time."""
    with _recorder(url, pool) as recorder:
        stored = _stored(count)

        def store(own: Sequence[StoredEvent]) -> None:
            for event in own:
                recorder.insert_events([event])

        recorder.insert_events(_stored(1))
        with ThreadPoolExecutor(callers) as threads:
            began = perf_counter()
            list(threads.map(store, [stored[caller::callers] for caller in range(callers)]))
            return count / (perf_counter() - began)


def in_batches(url: str, count: int, size: int) -> float:
    """Events a second by one caller who stores `size` at a time."""
    with _recorder(url, BEST_POOL) as recorder:
        stored = _stored(count)
        recorder.insert_events(_stored(1))
        began = perf_counter()
        for begin in range(0, count, size):
            recorder.insert_events(stored[begin : begin + size])
        return count / (perf_counter() - began)


def _stored(count: int) -> list[StoredEvent]:
    """The desk's events in streams of ten."""
    streams = [uuid4() for _ in range(count // 10 + 1)]
    return [
        StoredEvent(streams[number // 10], number % 10, event.payload.declaration.name, msgspec.json.encode(event))
        for number, event in enumerate(events(count))
    ]


@contextmanager
def _recorder(url: str, pool: tuple[int, int]) -> Iterator[PostgresApplicationRecorder]:
    where = urlsplit(url)
    datastore = PostgresDatastore(
        where.path.lstrip("/"),
        parse_qs(where.query)["host"][0],
        where.port or 5432,
        str(where.username),
        "",
        pool_size=pool[0],
        max_overflow=pool[1],
        enable_db_functions=True,
    )
    with datastore:
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield recorder
