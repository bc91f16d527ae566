"""The database goes away while projections run, and comes back: they go on by themselves."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from asyncpg import Connection, Record

from domain.errors import Unavailable
from domain.events.directory import TeamNamed
from eventstore.database import Database
from eventstore.store import Append, Store
from projections.directory import tables
from projections.directory.projection import Directory
from projections.worker import Worker
from tests.events import event
from tests.projections.filling import Filled
from tests.projections.waiting import running, until, until_folded

HISTORY = [
    event(TeamNamed(name=f"Team {number}"), of=f"t{number}", by="anna", at=f"2026-03-02T09:{number:02}:00Z")
    for number in range(40)
]
_CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"


async def _patiently(work: Callable[[], Awaitable[object]]) -> None:
    """What a client does that is told to try again later."""

    async def attempt() -> bool | None:
        try:
            await work()
        except Unavailable:
            return None
        return True

    await until(attempt)


async def test_projections_go_on_after_every_connection_was_cut(
    database: Database, store: Store, workspace: UUID, as_login: "Callable[[], Awaitable[Connection[Record]]]"
) -> None:
    login = await as_login()
    async with running(Worker(database, store, [Directory()], look=0.05, only=frozenset({workspace}))):
        for part in range(4):
            units = [Append((told,)) for told in HISTORY[part * 10 : part * 10 + 10]]
            await _patiently(lambda: store.append(workspace, units))  # noqa: B023 - awaited within its turn
            await _patiently(lambda: until_folded(database, workspace, part * 10))  # noqa: B023 - awaited within it, too
            await login.execute("SELECT pg_sleep(0.03)")
            await login.fetch(_CUT_OFF, login.get_server_pid())
        await login.close()
        await _patiently(lambda: until_folded(database, workspace, 39))
    assert len(await Filled(database, workspace, 1).rows(tables.facts)) == 40
