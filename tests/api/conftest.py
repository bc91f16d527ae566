"""One server for all tests of a process; each test has a workspace of its own, and tokens for it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from api.auth.roles import Role
from api.auth.tokens import create_token
from api.workspaces import create_workspace
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault, master_key
from tests.api.desk import Desk
from tests.api.server import Server
from tests.conftest import _database, _named


@pytest.fixture(scope="session")
def api_database_url(server_url: str, database_url: str) -> Iterator[str]:  # noqa: ARG001 - it makes the template
    """A database of the API's tests alone, since the server's workers work on all that is in it."""
    with _database(server_url, "api", _named("template")) as url:
        yield url


@pytest.fixture(scope="session")
async def api_database(api_database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(api_database_url, size=4)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def api_store(api_database: Database) -> AsyncIterator[Store]:
    store = Store(api_database, Vault(api_database, master_key(_home())))
    yield store
    await store.close()


@pytest.fixture(scope="session")
async def server(api_database_url: str) -> AsyncIterator[Server]:
    server = Server(
        _home(),
        api_database_url,
        {
            "DESKLEDGER_HEARTBEAT_SECONDS": "0.5",
            "DESKLEDGER_TOKEN_SECONDS": "0.3",
            "DESKLEDGER_MAX_COST": "100000000",
            "DESKLEDGER_RATE_POINTS": "1000000000",
            "DESKLEDGER_RATE_RESTORED": "1000000",
        },
    ).start()
    await server.ready()
    yield server
    assert server.stop() == 0


@pytest.fixture
async def desk(server: Server, api_database: Database, api_store: Store) -> AsyncIterator[Desk]:
    """A new workspace, seen by an investigator and fed by an integration."""
    desk = await open_desk(server, api_database, api_store)
    yield desk
    await desk.close()


@pytest.fixture
async def other_desk(server: Server, api_database: Database, api_store: Store) -> AsyncIterator[Desk]:
    """Another company's workspace."""
    desk = await open_desk(server, api_database, api_store)
    yield desk
    await desk.close()


async def open_desk(server: Server, database: Database, store: Store) -> Desk:
    slug = f"desk-{uuid4().hex[:12]}"
    workspace = await create_workspace(database, store, slug)

    async def token(role: Role, operator: str | None = None, teams: Sequence[str] | None = None) -> str:
        teams = ("first",) if role is Role.LEAD and teams is None else teams or ()
        return await create_token(database, workspace, role, operator=operator, teams=teams)

    return Desk(server, slug, workspace, await token(Role.INVESTIGATOR), await token(Role.INGEST), token)


Deskledger = Callable[..., "subprocess.CompletedProcess[str]"]
"""Runs a command, and gives what it said and how it ended."""


@pytest.fixture
def deskledger_at(api_database_url: str) -> Callable[[Path], Deskledger]:
    """Runs commands on the tests' database, with a home folder."""

    def at(home: Path) -> Deskledger:
        environment = {**os.environ, "DESKLEDGER_HOME": str(home), "DESKLEDGER_DATABASE_URL": api_database_url}
        environment.pop("DESKLEDGER_TEST_RUN")

        def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
            command = [sys.executable, "-m", "api.cli", *arguments]
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

        return run

    return at


@pytest.fixture
def deskledger(deskledger_at: Callable[[Path], Deskledger]) -> Deskledger:
    """Runs a command on the tests' database, with the server's home folder."""
    return deskledger_at(_home())


def _home() -> Path:
    """Where this run keeps its master key: the server's and the tests' are the same."""
    return Path(os.environ["DESKLEDGER_TEST_RUN"])
