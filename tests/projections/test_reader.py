"""Reading ahead: whether a batch ended at the head is told by the limit that it was read with."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from eventstore.store import Store
from projections.reader import Reader

WORKSPACE = UUID(int=1)


class LedgerOf:
    """A ledger of so many events."""

    def __init__(self, events: int) -> None:
        self.events = events

    async def read(self, _workspace: UUID, *, after: int, limit: int) -> list[Any]:
        return [SimpleNamespace(position=position) for position in range(after + 1, self.events)][:limit]


def reader_of(events: int) -> Reader:
    return Reader(cast("Store", LedgerOf(events)), WORKSPACE)


async def test_a_batch_read_ahead_at_a_slower_pace_is_not_taken_for_the_end() -> None:
    reader = reader_of(100)
    reader.prefetch(after=-1, limit=10)
    batch = await reader.take(after=-1, limit=20)
    assert len(batch) == 10 == reader.asked


async def test_a_batch_at_the_head_has_fewer_than_were_asked_for() -> None:
    reader = reader_of(15)
    first = await reader.take(after=-1, limit=10)
    assert len(first) == reader.asked
    assert len(await reader.take(after=9, limit=10)) < reader.asked


async def test_what_was_read_ahead_from_elsewhere_is_read_anew() -> None:
    reader = reader_of(100)
    reader.prefetch(after=50, limit=10)
    batch = await reader.take(after=-1, limit=20)
    assert [event.position for event in batch] == list(range(20))
    assert reader.asked == 20
