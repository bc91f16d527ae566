"""A real PostgreSQL for every test that asks for one.

By default that is the embedded one, shared by all processes of a test run; `DESKLEDGER_TEST_DATABASE_URL` names any
other PostgreSQL 15 or newer, whose login may create databases. Each process has a database of its own, copied from a
template that is migrated once a run; each test has a workspace of its own.
"""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest

import migrations
from eventstore.database import Database
from eventstore.embedded import embedded
from eventstore.store import Store
from eventstore.vault import Vault, master_key
from tests.lint.sql import faults, sharded_tables
from tests.listened import Listened
from tests.schema import declare_all

_RUN = "DESKLEDGER_TEST_RUN"
"""Environment variable: the folder that all processes of this run share."""
_SPEED = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB", "synchronous_commit": "off"}
"""Tests kill processes, not machines: what was handed to the system survives that."""


_PREFIX = "deskledger-tests-"
_alive: IO[str] | None = None


def pytest_configure(config: pytest.Config) -> None:
    global _alive
    if not hasattr(config, "workerinput"):
        for other in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/run.lock"):
            _clear_up_after_killed(other)
        os.environ[_RUN] = tempfile.mkdtemp(prefix=_PREFIX)
        _alive = (_run() / "run.lock").open("w")
        fcntl.flock(_alive, fcntl.LOCK_EX)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and _alive is not None:
        _remove(_run())
        _alive.close()


def _clear_up_after_killed(lock: Path) -> None:
    """What a run leaves that was killed, which its lock, held by nobody, tells."""
    try:
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(lock.parent)
    except OSError:
        return  # it is at work, or somebody else's, or gone meanwhile


def _remove(run: Path) -> None:
    if (run / "postgres" / "postmaster.pid").exists():  # a process of the run was killed: be the last to leave
        with embedded(run):
            pass
    shutil.rmtree(run)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL where databases can be created."""
    given = os.environ.get("DESKLEDGER_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with embedded(_run(), settings=_SPEED) as engine:
        yield engine.url


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Iterator[str]:
    """This process's own database, migrated."""
    template = _named("template")
    with _one_at_a_time():
        if not (_run() / "template-made").exists():
            asyncio.run(_create(server_url, template))
            asyncio.run(migrations.upgrade(_at(server_url, template)))
            (_run() / "template-made").touch()
    with _database(server_url, "tests", template) as url:
        yield url


@pytest.fixture
def new_database_url(server_url: str) -> Iterator[str]:
    """A database of this test alone, never migrated."""
    with _database(server_url, uuid4().hex[:12], "template1") as url:
        yield url


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder that all processes of this run share; the run's master key is there."""
    return _run()


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    """The pool that tests share. Every statement that goes through it is linted at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eventstore.database.PooledConnection", Listened)
        database = await Database.open(database_url)
    yield database
    await database.close()
    declare_all()
    sharded = sharded_tables()
    assert {text: found for text in Listened.statements if (found := list(faults(text, sharded)))} == {}


@pytest.fixture(scope="session")
def vault(database: Database, run_folder: Path) -> Vault:
    return Vault(database, master_key(run_folder))


@pytest.fixture(scope="session")
async def store(database: Database, vault: Vault) -> AsyncIterator[Store]:
    store = Store(database, vault)
    yield store
    await store.close()


@pytest.fixture
async def workspace(store: Store) -> UUID:
    """A workspace of this test alone, with an empty ledger."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    return workspace


@pytest.fixture
def as_login(database_url: str) -> Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]:
    """Opens a connection in the login's own role (a superuser on the embedded engine); the test closes it."""
    return lambda: asyncpg.connect(database_url)


def _run() -> Path:
    return Path(os.environ[_RUN])


def _named(purpose: str) -> str:
    """A database's name that no other run or process uses (the template is the run's)."""
    process = "" if purpose == "template" else os.environ.get("PYTEST_XDIST_WORKER", "main") + "_"
    return f"{_run().name}_{process}{purpose}".replace("-", "_").lower()


def _at(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (_run() / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _database(server: str, purpose: str, template: str) -> Iterator[str]:
    name = _named(purpose)
    with _one_at_a_time():  # a template that is being copied cannot be copied by another
        asyncio.run(_create(server, name, template))
    try:
        yield _at(server, name)
    finally:
        asyncio.run(_execute(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _create(server: str, name: str, template: str = "template1") -> None:
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
