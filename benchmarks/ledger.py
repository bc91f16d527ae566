"""Databases with the product's schema, the product's ledger opened on them, and filled ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter
from uuid import UUID

import uvloop

import migrations
from api.auth.roles import Role
from api.auth.tokens import create_token
from api.workspaces import create_workspace
from benchmarks.apart import apart
from benchmarks.desk import events
from benchmarks.harness import Bench
from benchmarks.server import Server
from eventstore.database import Database
from eventstore.store import Outcome, Store
from eventstore.vault import Vault, master_key

_LOADED = 5_000
"""Events in one call of `load`, as the import makes them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database of the product's, and the folder that holds its master key."""

    url: str
    home: Path


@dataclass(frozen=True, slots=True)
class Desk:
    """A place with one desk's history in it."""

    place: Place
    workspace: UUID
    token: str
    """Of a manager."""
    events: int


def migrated(server: Server, name: str) -> Place:
    """A new database with the newest schema."""
    place = Place(server.database(name), server.folder / name)
    asyncio.run(migrations.upgrade(place.url))
    return place


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[tuple[Database, Store]]:
    """What a process of the product opens."""
    database = await Database.open(place.url)
    store = Store(database, Vault(database, master_key(place.home)))
    try:
        yield database, store
    finally:
        await store.close()
        await database.close()


def small(bench: Bench) -> Desk:
    """A desk with a tenth of the large log, in a database of its own."""
    if "small" not in bench.desks:
        bench.desks["small"] = _filled(bench, migrated(bench.server, "small"), bench.events // 10)
    return bench.desks["small"]


def large(bench: Bench) -> Desk:
    """The same desk, ten times as long, where `deskledger serve` would look for it: the engine's own database."""
    if "large" not in bench.desks:
        place = Place(bench.server.engine.url, bench.server.home)
        asyncio.run(migrations.upgrade(place.url))
        bench.desks["large"] = _filled(bench, place, bench.events)
    return bench.desks["large"]


def _filled(bench: Bench, place: Place, count: int) -> Desk:
    desk, seconds = apart(_fill, place, count).result
    bench.book.add(f"load.{count}", "events/s", count / seconds, "Store.load, 5,000 at a time")
    bench.server.settle()
    return desk


def _fill(place: Place, count: int) -> tuple[Desk, float]:
    return uvloop.run(_fill_all(place, count))


async def _fill_all(place: Place, count: int) -> tuple[Desk, float]:
    took = 0.0
    async with opened(place) as (database, store):
        workspace = await create_workspace(database, store, "desk")
        history = events(count)
        while batch := list(islice(history, _LOADED)):
            began = perf_counter()
            done = await store.load(workspace, batch)
            took += perf_counter() - began
            if any(appended.outcome is not Outcome.APPENDED for appended in done):
                raise AssertionError("the simulation's events were not all appended")
        token = await create_token(database, workspace, Role.MANAGER)
    return Desk(place, workspace, token, count), took
