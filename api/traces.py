"""Reading leaves a trace: one event for each token, operation and filter a minute, in the workspace's access ledger.

The first stands in the ledger before the answer goes out, or the answer is refused. What the same token reads by the
same filter within the minute is added up, and told when the minute is over.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import msgspec
import structlog

from api.auth.principal import Principal
from api.client import Client
from domain.envelope import THE_WORKSPACE, Actor, Envelope, NewEvent
from domain.errors import Unavailable
from domain.events.access import AccessRecorded
from domain.words import ActorType
from eventstore import clock
from eventstore.access import access_ledger
from eventstore.store import Append, Store

log = structlog.get_logger("deskledger.api")

_MINUTE = 60.0
_LONGEST = 20_000
"""Characters of a question that are kept; a longer one is cut."""


@dataclass(slots=True)
class _Read:
    """What a token reads by a filter within a minute, after what was told."""

    principal: Principal
    client: Client
    operation: str
    asked: str
    rows: int = 0


@dataclass(slots=True)
class Traces:
    """Writes traces for this process."""

    store: Store
    seconds: float = _MINUTE
    _open: dict[tuple[UUID, str, str], _Read] = field(default_factory=dict)
    _ledgers: set[UUID] = field(default_factory=set)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def read(self, principal: Principal, client: Client, operation: str, asked: Any, rows: int) -> None:
        """Somebody is about to be answered `rows` rows. `asked`: what decides which, as plain data. Raises
        `Unavailable` (`NO_TRACE`) where that cannot be written: then nothing may be answered."""
        told = msgspec.json.encode(asked, order="deterministic").decode()[:_LONGEST]
        key = (principal.token, operation, told)
        known = self._open.get(key)
        if known is not None:
            known.rows += rows
            return
        read = _Read(principal, client, operation, told, rows)
        await self._write(read)
        read.rows = 0
        self._open[key] = read
        task = asyncio.create_task(self._close_after(key), name="trace")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell what was not told yet."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for key in list(self._open):
            await self._tell_rest(key)

    async def _close_after(self, key: tuple[UUID, str, str]) -> None:
        await asyncio.sleep(self.seconds)
        await self._tell_rest(key)

    async def _tell_rest(self, key: tuple[UUID, str, str]) -> None:
        """That it was read is told already; if how much more cannot be told, the log says so."""
        read = self._open.pop(key, None)
        if read is None or read.rows == 0:
            return
        try:
            await self._write(read)
        except Unavailable as error:
            log.error("rows that were read are not told", operation=read.operation, rows=read.rows, error=error.message)

    async def _write(self, read: _Read) -> None:
        ledger = access_ledger(read.principal.workspace)
        try:
            if ledger not in self._ledgers:
                await self.store.create_ledger(ledger)
                self._ledgers.add(ledger)
            (appended,) = await self.store.append(ledger, [Append((_event(read),))])
        except Unavailable as error:
            raise Unavailable(
                f"what is read here leaves a trace; none can be written now, so nothing is answered: {error.message}",
                detail="NO_TRACE",
            ) from error
        if appended.error is not None:
            raise appended.error


def _event(read: _Read) -> NewEvent:
    principal, client = read.principal, read.client
    payload = AccessRecorded(operation=read.operation, role=str(principal.role), rows=read.rows, text=read.asked)
    envelope = Envelope(
        id=uuid4(),
        stream=THE_WORKSPACE,
        actor=_reader(principal),
        occurred_at=clock.now(),
        session=str(principal.token),
        interface="api",
        ip=client.ip,
        user_agent=client.user_agent,
    )
    return NewEvent(envelope, payload)


def _reader(principal: Principal) -> Actor:
    """The operator whose token it is; else whatever has the token."""
    if principal.operator is not None:
        return Actor(ActorType.OPERATOR, principal.operator)
    return Actor(ActorType.INTEGRATION, str(principal.token))
