"""Computing while the database works."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def alongside(statement: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Have a statement under way while the body computes. The body gives way now and then (`asyncio.sleep(0)`), so that
    the statement is sent; it must not use the same connection. When it is left, the statement is done."""
    under_way = asyncio.create_task(statement)
    try:
        await asyncio.sleep(0)
        yield
    finally:
        await under_way
