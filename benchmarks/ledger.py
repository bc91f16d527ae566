"""Databases with the product's schema, and the product's ledger opened on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import migrations
from benchmarks.server import Server
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault, master_key


@dataclass(frozen=True, slots=True)
class Place:
    """A database of the product's, and the folder that holds its master key."""

    url: str
    home: Path


def migrated(server: Server, name: str) -> Place:
    """A new database with the newest schema."""
    place = Place(server.database(name), server.home / name)
    asyncio.run(migrations.upgrade(place.url))
    return place


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Store]:
    """The ledger, as a process of the product opens it."""
    database = await Database.open(place.url)
    store = Store(database, Vault(database, master_key(place.home)))
    try:
        yield store
    finally:
        await store.close()
        await database.close()
