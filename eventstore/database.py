"""Connections to PostgreSQL: a pool in the application's role, transactions that know their workspace, and hints."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import asyncpg
import structlog
from asyncpg import Connection, Pool, Record

from domain.errors import Overloaded
from eventstore.failures import AWAY, translated
from eventstore.roles import AS_APP

if TYPE_CHECKING:
    Session = Connection[Record]
else:
    Session = Connection  # generic for type checkers only
Hinted = Callable[[str], None]
"""Called with a hint's payload; an empty one says that hints may have been missed."""

log = structlog.get_logger(__name__)

_WAIT_FOR_CONNECTION = 10.0
"""Seconds that a caller waits for a free connection before it is told that there are too many of them."""
_RECONNECT = 0.5
"""Seconds between attempts to get the hints' session back."""


class PooledConnection(Session):
    """A connection that is given back as it is: whatever is set here is set for one transaction only."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool of connections in the application's role."""

    def __init__(self, url: str, pool: "Pool[Record]") -> None:
        self.url = url
        self._pool = pool
        self._hints = _Hints(url)

    @classmethod
    async def open(cls, url: str, *, size: int = 10) -> "Database":
        """Connect. Raises `Unavailable` where the server is not there."""
        with translated():
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=size,
                connection_class=PooledConnection,
                server_settings=dict(AS_APP),
                max_inactive_connection_lifetime=0,
            )
        return cls(url, pool)

    async def close(self) -> None:
        await self._hints.close()
        await self._pool.close()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A connection without a workspace, for reference tables. Statements commit one by one."""
        with translated():
            try:
                connection = await self._pool.acquire(timeout=_WAIT_FOR_CONNECTION)
            except TimeoutError:
                raise Overloaded("all connections to the database are busy; try again more slowly") from None
            try:
                yield cast("Session", connection)
            finally:
                await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(
        self, workspace: UUID, *, snapshot: bool = False, readonly: bool = False, seconds: float | None = None
    ) -> AsyncIterator[Session]:
        """A transaction of one workspace, committed at the end unless something was raised.

        `snapshot`: all statements see one state of the data (and only read). `seconds`: how long each statement may
        take; longer ones are broken off as `Unavailable` (`TOO_SLOW`). Raises `Unavailable` where the server is
        away; if it went away during COMMIT, what was written may stand.
        """
        async with self.session() as connection:
            try:
                await connection.execute(begin(workspace, snapshot=snapshot, readonly=readonly, seconds=seconds))
                yield connection
            except BaseException:
                await rollback(connection)
                raise
            if await connection.execute("COMMIT") != "COMMIT":
                raise RuntimeError("a statement failed, its error was swallowed, and the transaction rolled back")

    async def listen(self, channel: str, callback: Hinted) -> Callable[[], None]:
        """Call back with every hint on the channel, until the returned function is called."""
        return await self._hints.listen(channel, callback)

    async def notify(self, channel: str, payload: str) -> None:
        """Give a hint to all processes, this one included. Not in a transaction: NOTIFY at commit takes a lock that
        all commits of the database share. Where the server is away there is no hint; nobody may rely on one."""
        await self._hints.notify(channel, payload)


def begin(workspace: UUID, *, snapshot: bool = False, readonly: bool = False, seconds: float | None = None) -> str:
    """The first statements of a transaction: how it reads, for row-level security whose it is, and how long each
    statement may take."""
    level = " ISOLATION LEVEL REPEATABLE READ" if snapshot else ""
    access = " READ ONLY" if snapshot or readonly else ""
    within = "" if seconds is None else f"; SET LOCAL statement_timeout = {round(seconds * 1000)}"
    return f"BEGIN{level}{access}; SET LOCAL deskledger.workspace = '{UUID(int=workspace.int)}'{within}"


async def rollback(connection: Session) -> None:
    """Take the transaction back. A connection that is gone has taken it back already."""
    with contextlib.suppress(*AWAY):
        await connection.execute("ROLLBACK")


class _Hints:
    """The session that listens and notifies. It comes back by itself, and tells its listeners that it was away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners: dict[str, list[Hinted]] = {}
        self._connection: Connection[Record] | None = None
        self._lock = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()

    async def listen(self, channel: str, callback: Hinted) -> Callable[[], None]:
        self._listeners.setdefault(channel, []).append(callback)
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="hints")
        async with self._lock:
            if self._connection is not None and len(self._listeners[channel]) == 1:
                with contextlib.suppress(*AWAY):
                    await self._connection.add_listener(channel, self._heard)
        return lambda: self._listeners[channel].remove(callback)

    async def notify(self, channel: str, payload: str) -> None:
        async with self._lock:
            try:
                connection = await self._connected()
                await connection.execute("SELECT pg_notify($1, $2)", channel, payload)
            except AWAY as error:
                log.info("hint not given", channel=channel, error=str(error))

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        async with self._lock:
            if self._connection is not None:
                await self._connection.close()

    async def _keep(self) -> None:
        """Have a session whenever the server is there."""
        while True:
            try:
                async with self._lock:
                    await self._connected()
            except AWAY as error:
                log.info("hints are away", error=str(error))
                await asyncio.sleep(_RECONNECT)
            else:
                await self._lost.wait()

    async def _connected(self) -> "Connection[Record]":
        if self._connection is not None and not self._connection.is_closed():
            return self._connection
        self._connection = await asyncpg.connect(self._url, server_settings=dict(AS_APP))
        self._lost.clear()
        self._connection.add_termination_listener(lambda *_: self._lost.set())
        for channel, callbacks in list(self._listeners.items()):
            await self._connection.add_listener(channel, self._heard)
            for callback in list(callbacks):
                callback("")
        return self._connection

    def _heard(self, _connection: Any, _pid: int, channel: str, payload: object) -> None:
        for callback in list(self._listeners.get(channel, ())):
            callback(str(payload))
