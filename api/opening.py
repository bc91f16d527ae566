"""What a process opens: the database, the store over it, the workers. One place for the server and all commands."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from api.auth.tokens import Authenticator
from api.commands import Commands
from api.context import Services
from api.execution.admission import Admission
from api.live import KpiFeeds
from api.settings import Settings
from api.traces import Traces
from domain.errors import Unavailable
from eventstore.database import Database
from eventstore.failures import translated
from eventstore.proofs.guard import Guard
from eventstore.proofs.keys import signing_keys
from eventstore.store import Store
from eventstore.vault import Vault, master_key
from projections.directory.query import Directory
from projections.hints import Ear
from projections.projection import Projection


@contextmanager
def reachable(settings: Settings) -> Iterator[str]:
    """The URL of the database: the one that was set, else the embedded one's, which runs for as long as this lasts."""
    if settings.database_url:
        yield settings.database_url
        return
    from eventstore.embedded import embedded

    with embedded(settings.folder) as engine:
        yield engine.url


@asynccontextmanager
async def opened(settings: Settings, url: str) -> AsyncIterator[Services]:
    """Everything that commands and resolvers need. Raises `Unavailable` where the database is not there, or its schema
    is not this program's."""
    await require_schema(url)
    master, signing = master_key(settings.folder), signing_keys(settings.folder)
    database = await Database.open(url, size=settings.pool_size)
    vault = Vault(database, master)
    guard = Guard(database, settings.outside)
    store = Store(database, vault, guard)
    traces = Traces(store)
    try:
        ear = Ear(database)
        yield Services(
            settings=settings,
            database=database,
            store=store,
            vault=vault,
            signing=signing,
            guard=guard,
            authenticator=Authenticator(database, seconds=settings.token_seconds),
            ear=ear,
            directory=Directory(store),
            commands=Commands(database, store, vault),
            traces=traces,
            kpi_feeds=KpiFeeds(database, ear),
            admission=Admission(
                most=settings.max_cost,
                capacity=settings.rate_points,
                restored=settings.rate_restored,
                at_once=settings.max_operations,
                followed=settings.max_streams,
            ),
        )
    finally:
        await traces.close()
        await store.close()
        await database.close()


async def require_schema(url: str) -> None:
    """Raise `Unavailable` unless the database's schema is the newest one."""
    import migrations

    with translated():
        found = await migrations.current(url)
    wanted = migrations.newest()
    if found != wanted:
        raise Unavailable(f"the database's schema is at {found}, this program needs {wanted}: run `deskledger migrate`")


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[None]:
    """The projections' workers, whoever tells what falls due and whoever signs, in this process, as long as this
    lasts."""
    from eventstore.proofs.outlets import Courier
    from eventstore.proofs.signer import Signer
    from projections.conversations.project import NAME
    from projections.promises.scheduler import Scheduler
    from projections.worker import Worker

    database, store = services.database, services.store
    settings = services.settings
    courier = Courier(settings.outlets)
    signer = Signer(database, services.signing, folder=settings.outside, guard=services.guard, courier=courier)
    tasks = [
        asyncio.create_task(Worker(database, store, all_projections(store)).run(), name="worker"),
        asyncio.create_task(Scheduler(database, store, NAME).run(), name="promises"),
        asyncio.create_task(signer.run(), name="signer"),
        asyncio.create_task(courier.run(), name="courier"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def all_projections(store: Store) -> Sequence[Projection]:
    """Every read model there is."""
    from projections.conversations.project import Conversations
    from projections.directory.projection import Directory
    from projections.journal.projection import Journal
    from projections.search.projection import Search

    return (Journal(store), Directory(), Conversations(store), Search(store))
