"""Workers that run while a test looks, and what it waits for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

import pytest

from eventstore.database import Database
from projections import generations
from projections.generations import Generation
from projections.worker import Worker

T = TypeVar("T")
_LOOK = 0.02


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    """A worker for as long as the body runs; then it lets its leases go."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(look: Callable[[], Awaitable[T | None]], *, within: float = 30.0) -> T:
    """What a look finds, once it finds something; TimeoutError if it never does."""
    async with asyncio.timeout(within):
        while (found := await look()) is None:  # noqa: ASYNC110 - other processes raise no event here
            await asyncio.sleep(_LOOK)
        return found


async def until_folded(database: Database, workspace: UUID, position: int, projection: str = "directory") -> Generation:
    """The newest generation that has got so far, once there is one."""

    async def look() -> Generation | None:
        known = await generations.all_of(database, workspace, projection)
        return next((one for one in reversed(known) if one.checkpoint >= position), None)

    return await until(look)
