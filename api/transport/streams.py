"""Streams that say that they are still there, and end when their asker may no longer listen."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from time import monotonic


async def kept_alive(
    source: AsyncGenerator[bytes, None], sign: bytes, *, every: float, check: Callable[[], Awaitable[None]]
) -> AsyncGenerator[bytes, None]:
    """What `source` yields, and `sign` whenever it was silent for `every` seconds. Raises what `check` raises, which is
    asked about as often."""
    pending = asyncio.ensure_future(anext(source, None))
    checked = monotonic()
    try:
        while True:
            done, _ = await asyncio.wait((pending,), timeout=every)
            if monotonic() - checked >= every:
                await check()
                checked = monotonic()
            if not done:
                yield sign
                continue
            chunk = pending.result()
            if chunk is None:
                return
            yield chunk
            pending = asyncio.ensure_future(anext(source, None))
    finally:
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        await source.aclose()
