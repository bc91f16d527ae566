"""What was appended cannot be changed: not by the application, which lacks the right, nor by the owner, whom the
triggers refuse."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from eventstore.database import Database, Session
from eventstore.roles import AS_APP, AS_OWNER
from eventstore.store import Store
from tests.eventstore.desk import append, asked

CHANGES = (
    "UPDATE events SET type = 'reply.sent'",
    "UPDATE events SET content = '' WHERE false",
    "DELETE FROM events",
    "TRUNCATE events",
)


@pytest.fixture
async def application(database_url: str) -> AsyncIterator[Session]:
    """A connection in the application's role."""
    connection = await asyncpg.connect(database_url, server_settings=dict(AS_APP))
    yield connection
    await connection.close()


@pytest.mark.parametrize("change", CHANGES)
async def test_the_application_may_not_change_events(
    store: Store, application: Session, workspace: UUID, change: str
) -> None:
    await append(store, workspace, asked())

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(change)

    assert await store.head(workspace) == 0


@pytest.mark.parametrize("change", [*CHANGES, "UPDATE ledgers SET workspace_id = workspace_id", "DELETE FROM ledgers"])
async def test_the_owner_is_refused_by_trigger(store: Store, database_url: str, workspace: UUID, change: str) -> None:
    await append(store, workspace, asked())
    owner = await asyncpg.connect(database_url, server_settings=dict(AS_OWNER))
    try:
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await owner.execute(change)
    finally:
        await owner.close()

    assert await store.head(workspace) == 0


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM ledgers", "UPDATE vault_subjects SET kind = 'x'", "DELETE FROM vault_subjects",
     "DROP TABLE events", "ALTER TABLE events DISABLE TRIGGER ALL", "CREATE TABLE mine (id int)"],
)  # fmt: skip
async def test_the_application_may_do_nothing_else_either(application: Session, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(change)


async def test_work_is_done_in_the_applications_role(database: Database, workspace: UUID) -> None:
    async with database.transaction(workspace) as connection:
        role = await connection.fetchrow("SELECT current_user, current_setting('deskledger.workspace')")

    assert role is not None
    assert tuple(role) == ("deskledger_app", str(workspace))
