"""Connections that break, a database that is away, a full disk: nothing is lost, nothing is doubled, and it is said."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest

import migrations
from domain.errors import Overloaded, Unavailable
from eventstore.database import Database, Session
from eventstore.embedded import embedded
from eventstore.store import Appended, Outcome, Store
from eventstore.vault import Vault, master_key
from tests.eventstore.desk import append, asked, outcomes, replied, tagged

pytestmark = pytest.mark.usefixtures("caution")

KILL_WHO_WAITS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
AsLogin = Callable[[], Awaitable[Session]]


class _Breaking:
    """A connection that breaks at COMMIT, before or after it got through."""

    def __init__(self, connection: Session, *, got_through: bool) -> None:
        self._connection = connection
        self._got_through = got_through

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def _copy_in(self, statements: str, packed: memoryview, *rest: object) -> str:
        before, commit, _ = statements.rpartition("COMMIT")
        assert commit
        copy_in = self._connection._copy_in  # type: ignore[attr-defined]  # no public way, so no type
        await copy_in(before + ("COMMIT" if self._got_through else "ROLLBACK"), packed, *rest)
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


def breaking(store: Store, monkeypatch: pytest.MonkeyPatch, *, times: int, got_through: bool) -> None:
    """Have the store's next commits break."""
    database = store._appender._database
    session, left = database.session, iter(range(times))

    @asynccontextmanager
    async def broken() -> AsyncIterator[Session]:
        async with session() as connection:
            if next(left, None) is None:
                yield connection
            else:
                yield cast("Session", _Breaking(connection, got_through=got_through))

    monkeypatch.setattr(database, "session", broken)


@pytest.mark.parametrize("got_through", [True, False])
@pytest.mark.parametrize("new", [tagged(1), asked(), replied()], ids=["tag", "item", "reply"])
async def test_a_connection_lost_at_commit_appends_once_and_says_so(
    store: Store, workspace: UUID, monkeypatch: pytest.MonkeyPatch, got_through: bool, new: Any
) -> None:
    breaking(store, monkeypatch, times=1, got_through=got_through)

    (appended,) = await append(store, workspace, new)

    assert appended == Appended(Outcome.APPENDED, 0, 0)
    assert await store.head(workspace) == 0
    assert len(await store.open(workspace, await store.read(workspace, after=-1, limit=10))) == 1


async def test_a_connection_that_always_breaks_is_unavailable_in_the_end(
    store: Store, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(store, monkeypatch, times=1000, got_through=False)
    monkeypatch.setattr("eventstore.append._LONGEST_DELAY", 0.01)

    with pytest.raises(Unavailable):
        await append(store, workspace, tagged(1))


async def test_a_backend_that_is_killed_while_it_waits_for_the_lane_is_replaced(
    store: Store, database: Database, as_login: AsLogin, workspace: UUID
) -> None:
    login = await as_login()
    async with database.transaction(workspace) as holder:
        await holder.execute("SELECT 1 FROM ledgers WHERE workspace_id = $1 FOR UPDATE", workspace)
        appending = asyncio.create_task(append(store, workspace, tagged(1)))
        for _ in range(1000):
            if await login.fetchval(KILL_WHO_WAITS):
                break
            await asyncio.sleep(0.01)
    await login.close()

    assert outcomes(await appending) == [Outcome.APPENDED]


async def test_a_caller_that_is_cancelled_in_the_lane_leaves_it_free(
    store: Store, database: Database, workspace: UUID
) -> None:
    async with database.transaction(workspace) as holder:
        await holder.execute("SELECT 1 FROM ledgers WHERE workspace_id = $1 FOR UPDATE", workspace)
        loading = asyncio.create_task(store.load(workspace, [tagged(1)]))
        await asyncio.sleep(0.05)
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading

    assert outcomes(await append(store, workspace, tagged(1))) == [Outcome.APPENDED]


async def test_too_many_readers_are_told_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventstore.database._WAIT_FOR_CONNECTION", 0.05)
    database = await Database.open(database_url, size=1)
    async with database.session():
        with pytest.raises(Overloaded):
            async with database.session():
                pass
    await database.close()


@asynccontextmanager
async def a_store(url: str, home: Path) -> AsyncIterator[Store]:
    """A store on a database of its own, migrated."""
    await migrations.upgrade(url)
    database = await Database.open(url)
    store = Store(database, Vault(database, master_key(home)))
    try:
        yield store
    finally:
        await store.close()
        await database.close()


async def test_a_full_disk_stops_appending_with_a_clear_sentence_and_reading_goes_on(
    new_database_url: str, tmp_path: Path
) -> None:
    """The database says what it says when the disk is full (SQLSTATE 53100), by way of a trigger."""
    workspace = uuid4()
    async with a_store(new_database_url, tmp_path) as store:
        await store.create_ledger(workspace)
        await append(store, workspace, tagged(1))
        async with disk_full(new_database_url):
            for events in ([tagged(2)], [tagged(number) for number in range(2, 100)]):
                with pytest.raises(Unavailable, match="disk is full"):
                    await append(store, workspace, *events)
            assert len(await store.read(workspace, after=-1, limit=10)) == 1

        assert outcomes(await append(store, workspace, tagged(2))) == [Outcome.APPENDED]
        assert await store.head(workspace) == 1


@asynccontextmanager
async def disk_full(url: str) -> AsyncIterator[None]:
    login = await asyncpg.connect(url)
    await login.execute(
        "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
    )
    await login.execute("CREATE TRIGGER disk_full BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION disk_full()")
    try:
        yield
    finally:
        await login.execute("DROP TRIGGER disk_full ON events")
        await login.execute("DROP FUNCTION disk_full()")
        await login.close()


async def test_a_database_that_goes_away_is_unavailable_until_it_is_back(home: Path) -> None:
    workspace = uuid4()
    with embedded(home) as engine:
        async with a_store(engine.url, home) as store:
            await store.create_ledger(workspace)
            await append(store, workspace, asked())
            with stopped(home):
                with pytest.raises(Unavailable):
                    await append(store, workspace, tagged(1))
                with pytest.raises(Unavailable):
                    await store.read(workspace, after=-1, limit=1)
            with embedded(home):
                assert outcomes(await append(store, workspace, tagged(1), asked())) == [
                    Outcome.APPENDED,
                    Outcome.DUPLICATE,
                ]


@contextmanager
def stopped(home: Path) -> Iterator[None]:
    """The server shut down as by an administrator."""
    pid = int((home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    while (home / "postgres" / "postmaster.pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield
