"""What the access ledger answers: the reads that fit a filter, page by page, in ledger order.

Readers are few and read by hand, so the ledger itself is looked through, from the end of what is asked on: `BOUND`
events at most, after which the page is short and says how far it looked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.envelope import RecordedEvent
from domain.event import Commitment
from domain.events.access import AccessRecorded
from domain.instants import Instant
from eventstore.access import access_ledger
from eventstore.store import Store

BOUND = 10_000
_STRIDE = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Those that fit in all that is said; of a tuple any value will do."""

    readers: tuple[str, ...] | None = None
    """Operators whose tokens read."""
    tokens: tuple[str, ...] | None = None
    operations: tuple[str, ...] | None = None
    since: Instant | None = None
    until: Instant | None = None

    def fits(self, event: RecordedEvent) -> bool:
        envelope, payload = event.envelope, event.payload
        return (
            isinstance(payload, AccessRecorded)
            and (self.readers is None or envelope.actor.id in self.readers)
            and (self.tokens is None or envelope.session in self.tokens)
            and (self.operations is None or payload.operation in self.operations)
            and (self.since is None or envelope.occurred_at >= self.since)
            and (self.until is None or envelope.occurred_at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Read:
    """One trace. `asked` is None where it was forgotten."""

    event: RecordedEvent
    operation: str
    role: str
    rows: int
    asked: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Traces by position, whichever way they were read; `more`, `scanned_until`: as the journal's."""

    reads: tuple[Read, ...]
    more: bool
    scanned_until: int | None


async def reads(
    store: Store,
    workspace: UUID,
    filter_: Filter,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 50,
    backwards: bool = False,
) -> Page:
    """The first traces after a position and before another, or (`backwards`) the last ones."""
    ledger = access_ledger(workspace)
    low = -1 if after is None else after
    high = await store.head(ledger) + 1
    if before is not None:
        high = min(high, before)
    found: list[RecordedEvent] = []
    looked, edge = 0, None
    while low < high - 1 and len(found) <= limit:
        if looked >= BOUND:
            return await _page(store, ledger, found, limit, backwards, edge)
        start, stop = (max(low, high - 1 - _STRIDE), high) if backwards else (low, min(high, low + 1 + _STRIDE))
        some = await store.read(ledger, after=start, limit=_STRIDE, upto=stop - 1)
        found += [event for event in (reversed(some) if backwards else some) if filter_.fits(event)]
        looked += len(some)
        low, high = (low, start + 1) if backwards else (stop - 1, high)
        edge = high if backwards else low
    return await _page(store, ledger, found, limit, backwards, None)


async def _page(
    store: Store, ledger: UUID, found: Sequence[RecordedEvent], limit: int, backwards: bool, edge: int | None
) -> Page:
    page = await store.open(ledger, found[:limit])
    return Page(
        reads=tuple(_read(event) for event in (reversed(page) if backwards else page)),
        more=len(found) > limit or edge is not None,
        scanned_until=edge if len(found) <= limit else None,
    )


def _read(event: RecordedEvent) -> Read:
    payload = event.payload
    if not isinstance(payload, AccessRecorded):
        raise TypeError(f"event {event.position} of an access ledger is a {payload.declaration.name}")
    asked = None if isinstance(payload.text, Commitment) else payload.text
    return Read(event, payload.operation, payload.role, payload.rows, asked)
