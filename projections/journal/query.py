"""What the journal answers. All functions read in the caller's transaction, that of
`Database.transaction(workspace, snapshot=True)`, so that they speak of one state.

Cursors are ledger positions of entries, in either order, and stay valid for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Record

from domain.envelope import RecordedEvent
from domain.instants import Instant, instant_of
from domain.words import ActorType, Kind
from eventstore.database import Session
from eventstore.store import Store
from projections.journal import scan, seeking
from projections.journal.filter import Filter, Order
from projections.journal.paths import Scope
from projections.journal.projection import NAME
from projections.journal.removed import removed_among
from projections.journal.seeking import seek
from projections.journal.shifts import with_shifts
from projections.serving import serving


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the journal.

    `operator`: who acted, or on whose behalf; `team`: the queue the conversation was in, else the operator's primary
    team then; `item`: the item, reply, note, call or survey that it is about; `customer`: a pseudonym.
    `event` is the fact itself; `before` the one that holds the content as it was before this one changed or removed
    it; `answers` the one that holds what this one answers, as it was then. Their words are opened where keys stand.
    """

    position: int
    event_id: UUID
    type: str
    occurred_at: Instant
    recorded_at: Instant
    actor_type: ActorType
    actor_id: str
    inferred: bool
    operator: str | None
    team: str | None
    conversation: str | None
    customer: str | None
    channel: str | None
    community: str | None
    kind: Kind | None
    item: str | None
    source: str | None
    event: RecordedEvent
    before: RecordedEvent | None
    answers: RecordedEvent | None


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in the order asked for, whichever way they were read.

    `more`: there are others further in the direction of reading, or may be. `scanned_until`: the search was broken off
    at this entry, having looked at as many as one question may; go on from there. `checkpoint`: the journal holds
    everything up to this position, so where there is no more, a follower goes on from it.
    """

    entries: tuple[Entry, ...]
    more: bool
    scanned_until: int | None
    checkpoint: int


@dataclass(frozen=True, slots=True)
class Count:
    """`exact` is False where there are, or may be, more than that."""

    value: int
    exact: bool
    checkpoint: int


async def entries(
    connection: Session,
    store: Store,
    workspace: UUID,
    filter_: Filter,
    *,
    order: Order = Order.LEDGER,
    after: int | None = None,
    before: int | None = None,
    limit: int = 50,
    backwards: bool = False,
    words: bool = True,
    removed: bool = True,
) -> Page:
    """A page: the first entries after a cursor and before another, or (`backwards`) the last ones.

    `words`: whether personal words are opened; without, events hold commitments. `removed`: whether those are that were
    removed since, or stood there before an edit. Raises `InvalidQuestion` where a
    cursor of the order of occurrence names no entry, `Unavailable` where the journal was never begun.
    """
    state = await serving(connection, workspace, NAME)
    scope = Scope(connection, workspace, state.generation)
    filter_ = await with_shifts(connection, store, workspace, filter_)
    within = {"after": after, "before": before}
    if filter_.sought:
        found, sought = await seek(scope, store, filter_, order, **within, limit=limit, backwards=backwards)
    else:
        found = await scan.scan(scope, filter_, order, **within, limit=limit, backwards=backwards)
        sought = state.checkpoint
    positions = found.positions[::-1] if backwards else found.positions
    return Page(
        entries=await _entries(scope, store, positions, words, removed),
        more=found.more,
        scanned_until=found.scanned_until,
        checkpoint=min(state.checkpoint, sought),
    )


async def entries_at(
    connection: Session,
    store: Store,
    workspace: UUID,
    positions: Sequence[int],
    *,
    words: bool = True,
    removed: bool = True,
) -> dict[int, Entry]:
    """Entries by position; those that the journal does not hold (yet) are left out."""
    state = await serving(connection, workspace, NAME)
    found = await _entries(Scope(connection, workspace, state.generation), store, positions, words, removed)
    return {entry.position: entry for entry in found}


async def entries_of(
    connection: Session,
    store: Store,
    workspace: UUID,
    event_ids: Sequence[UUID],
    *,
    words: bool = True,
    removed: bool = True,
) -> dict[UUID, Entry]:
    """Entries by the id of their event; those that are not there are left out."""
    events = await store.find(workspace, event_ids, connection=connection)
    positions = [event.position for event in events.values()]
    found = await entries_at(connection, store, workspace, positions, words=words, removed=removed)
    return {entry.event_id: entry for entry in found.values()}


async def count(connection: Session, store: Store, workspace: UUID, filter_: Filter, *, limit: int = 10_000) -> Count:
    """How many entries fit, counted up to a limit."""
    state = await serving(connection, workspace, NAME)
    scope = Scope(connection, workspace, state.generation)
    filter_ = await with_shifts(connection, store, workspace, filter_)
    if filter_.sought:
        value, exact = await seeking.count(scope, store, filter_, limit)
    else:
        value, exact = await scan.count(scope, filter_, limit)
    return Count(value, exact, state.checkpoint)


_ROWS = """
    SELECT position, event_id, type, occurred_at, recorded_at, actor_type, actor_id, inferred, operator, team,
        conversation, customer, channel, community, kind, item, source, before_position, answers_position
    FROM journal_entries WHERE workspace_id = $1 AND generation = $2 AND position = ANY($3::bigint[])
"""


async def _entries(
    scope: Scope, store: Store, positions: Sequence[int], words: bool, removed: bool
) -> tuple[Entry, ...]:
    if not positions:
        return ()
    rows = await scope.connection.fetch(_ROWS, scope.workspace, scope.generation, list(positions))
    wanted = {row["position"] for row in rows}
    for row in rows:
        wanted.update(pointer for pointer in (row["before_position"], row["answers_position"]) if pointer is not None)
    closed = set() if removed else await removed_among(scope, store, wanted, rows)
    events = await _events(scope, store, sorted(wanted), closed if words else wanted)
    found = {row["position"]: _entry(row, events) for row in rows}
    return tuple(found[position] for position in positions if position in found)


async def _events(scope: Scope, store: Store, positions: Sequence[int], closed: set[int]) -> dict[int, RecordedEvent]:
    """The events, with their words but for those at `closed`."""
    sealed = await store.read_at(scope.workspace, positions, connection=scope.connection)
    to_open = [event for position, event in sealed.items() if position not in closed]
    opened = await store.open(scope.workspace, to_open, connection=scope.connection)
    return sealed | {event.position: event for event in opened}


def _entry(row: Record, events: dict[int, RecordedEvent]) -> Entry:
    before, answers = row["before_position"], row["answers_position"]
    return Entry(
        position=row["position"],
        event_id=row["event_id"],
        type=row["type"],
        occurred_at=instant_of(row["occurred_at"]),
        recorded_at=instant_of(row["recorded_at"]),
        actor_type=ActorType(row["actor_type"]),
        actor_id=row["actor_id"],
        inferred=row["inferred"],
        operator=row["operator"],
        team=row["team"],
        conversation=row["conversation"],
        customer=row["customer"],
        channel=row["channel"],
        community=row["community"],
        kind=None if row["kind"] is None else Kind(row["kind"]),
        item=row["item"],
        source=row["source"],
        event=events[row["position"]],
        before=None if before is None else events[before],
        answers=None if answers is None else events[answers],
    )
