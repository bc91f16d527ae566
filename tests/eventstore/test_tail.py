"""Tailing: every event once and in order, woken by hints, and without them in time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from uuid import UUID

import pytest

from domain.envelope import RecordedEvent
from eventstore.database import Database, Session
from eventstore.store import Store
from tests.eventstore.desk import append, tagged


async def take(tail: AsyncIterator[list[RecordedEvent]], count: int) -> list[int]:
    """The next positions that a tail brings."""
    positions: list[int] = []
    async with asyncio.timeout(20):
        while len(positions) < count:
            positions += [event.position for event in await anext(tail)]
    return positions


@pytest.fixture
async def elsewhere(store: Store, database_url: str) -> AsyncIterator[Store]:
    """The same ledgers, opened as another process would."""
    database = await Database.open(database_url, size=2)
    other = Store(database, store.vault)
    yield other
    await other.close()
    await database.close()


async def test_a_tail_brings_what_was_there_and_what_comes(store: Store, workspace: UUID) -> None:
    await append(store, workspace, *(tagged(number) for number in range(5)))

    async with aclosing(store.tail(workspace, after=1)) as tail:
        first = await take(tail, 3)
        await append(store, workspace, tagged(5), tagged(6))
        assert first + await take(tail, 2) == [2, 3, 4, 5, 6]


async def test_what_another_process_appends_is_hinted_at(store: Store, elsewhere: Store, workspace: UUID) -> None:
    async with store.hints(workspace) as hint:
        await hint.wait(0)
        await append(elsewhere, workspace, tagged(1))

        assert await hint.wait(10)


async def test_hints_come_back_after_their_connection_was_lost(
    store: Store, elsewhere: Store, as_login: Callable[[], Awaitable[Session]], workspace: UUID
) -> None:
    async with store.hints(workspace) as hint:
        while await hint.wait(0.05):
            pass  # those of the connection being made
        login = await as_login()
        await login.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await login.close()

        assert await hint.wait(10)  # it was away: look for yourself
        await hint.wait(0)
        await append(elsewhere, workspace, tagged(1))
        assert await hint.wait(10)


async def test_a_hint_of_one_workspace_wakes_no_other(store: Store, workspace: UUID) -> None:
    async with store.hints(UUID(int=7)) as hint:
        await hint.wait(0.2)
        await append(store, workspace, tagged(1))

        assert not await hint.wait(0.2)


async def test_a_tail_without_hints_looks_for_itself(
    store: Store, elsewhere: Store, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventstore.store._POLL", 0.05)
    monkeypatch.setattr(elsewhere._hints, "advanced", lambda *_: None)

    async with aclosing(store.tail(workspace, after=-1)) as tail:
        waiting = asyncio.create_task(take(tail, 1))
        await append(elsewhere, workspace, tagged(1))
        assert await waiting == [0]


async def test_reading_stops_where_it_is_told(store: Store, workspace: UUID) -> None:
    await append(store, workspace, *(tagged(number) for number in range(10)))

    assert [one.position for one in await store.read(workspace, after=2, limit=3)] == [3, 4, 5]
    assert [one.position for one in await store.read(workspace, after=2, limit=10, upto=4)] == [3, 4]
    assert list(await store.read_at(workspace, [7, 1, 99])) == [1, 7]
    found = await store.find(workspace, [tagged(3).envelope.id, UUID(int=9)])
    assert {key: one.position for key, one in found.items()} == {tagged(3).envelope.id: 3}
    stream = tagged(1).envelope.stream
    assert [one.version for one in await store.read_stream(workspace, stream, after_version=7)] == [8, 9]
