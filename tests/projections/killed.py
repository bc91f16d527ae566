"""A worker in a process of its own, for a test to kill: `python -m tests.projections.killed URL WORKSPACE KEY`."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault, master_key
from projections.directory.projection import Directory
from projections.journal.projection import Journal
from projections.worker import Worker
from tests.projections.filling import batches_of


async def work(url: str, workspace: UUID, home: Path) -> None:
    database = await Database.open(url)
    store = Store(database, Vault(database, master_key(home)))
    await Worker(
        database,
        store,
        [Journal(store), Directory()],
        lasts=timedelta(milliseconds=500),
        look=0.05,
        pace=lambda: batches_of(50),
        only=frozenset({workspace}),
    ).run()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], UUID(sys.argv[2]), Path(sys.argv[3])))
