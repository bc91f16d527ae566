"""The schema goes up and down, from every state, and ends where the metadata says."""

import asyncio

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import migrations
from eventstore.tables import metadata
from tests.schema import declare_all

REVISIONS = [one.revision for one in ScriptDirectory.from_config(migrations.configuration()).walk_revisions()]


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in rows} - {"alembic_version"}
    finally:
        await connection.close()


async def test_down_to_nothing_and_up_again(new_database_url: str) -> None:
    await migrations.upgrade(new_database_url)
    first = await tables(new_database_url)
    await migrations.downgrade(new_database_url, "base")
    assert await tables(new_database_url) == set()

    await migrations.upgrade(new_database_url)

    assert await tables(new_database_url) == first
    assert await migrations.current(new_database_url) == migrations.newest()


async def test_every_step_down_and_up_by_itself(new_database_url: str) -> None:
    before: dict[str, set[str]] = {}
    await migrations.upgrade(new_database_url)
    for revision in REVISIONS:
        await migrations.downgrade(new_database_url, "-1")
        before[revision] = await tables(new_database_url)
    for revision in reversed(REVISIONS):
        assert await tables(new_database_url) == before[revision]
        await migrations.upgrade(new_database_url, revision)


async def test_several_processes_may_migrate_at_once(new_database_url: str) -> None:
    await asyncio.gather(*(migrations.upgrade(new_database_url) for _ in range(3)))

    assert await migrations.current(new_database_url) == migrations.newest()


async def test_a_database_that_was_never_migrated_has_no_revision(new_database_url: str) -> None:
    assert await migrations.current(new_database_url) is None


async def test_what_is_migrated_is_what_is_declared(database_url: str) -> None:
    declare_all()
    engine = create_async_engine(
        "postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: asyncpg.connect(database_url)
    )
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()

    assert differences == []


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_constraints_are_called_as_declared(database_url: str) -> None:
    declare_all()
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        "SELECT conrelid::regclass::text AS table, conname FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u')"
    )
    await connection.close()

    declared = {
        (table.name, str(constraint.name))
        for table in metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ in ("PrimaryKeyConstraint", "UniqueConstraint")
    }
    migrated = {(row["table"], row["conname"]) for row in rows if row["table"] != "alembic_version"}
    assert migrated == {(table, _name(name, table)) for table, name in declared}


def _name(name: str, table: str) -> str:
    return f"{table}_pkey" if name == "None" else name


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_migration_is_called_by_its_number_and_subject(revision: str) -> None:
    assert revision[:4].isdigit()
    assert revision[4] == "_"
