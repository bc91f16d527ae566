"""Python's search for cyclic rubbish, put off while a large batch is folded.

A batch makes hundreds of thousands of objects, few of which go again before its end. Searched by the interpreter's
own counting, a thousand times in a batch, they cost up to half of the time that folding takes; searched once, at the
batch's end, next to none. Small batches, as they come when a projection keeps up, leave everything as it is.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_LARGE = 1_000
"""Events in a batch that is worth it."""
_YOUNG = 1
"""What was made since the last search; what has stood for long is left to the interpreter's own counting."""

_under_way = 0


@contextmanager
def put_off(events: int) -> Iterator[None]:
    """No search until a batch of so many events is done, then one. Batches of several projections may overlap."""
    global _under_way
    if events < _LARGE:
        yield
        return
    _under_way += 1
    gc.disable()
    try:
        yield
    finally:
        _under_way -= 1
        gc.collect(_YOUNG)
        if not _under_way:
            gc.enable()
