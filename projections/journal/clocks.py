"""How promises stood when something was done: their clocks, just before it. Folded from the conversation's stream when
asked, with what is known of it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.conversation.clocks import Clocks, Run
from domain.conversation.fold import step
from domain.conversation.state import Conversation
from domain.envelope import THE_WORKSPACE, RecordedEvent, Stream
from domain.instants import Instant
from domain.words import Metric, Subject
from eventstore.database import Session
from eventstore.store import Store
from projections.arrangements import Around
from projections.journal.projection import NAME
from projections.memberships import MEMBERSHIP_TYPES
from projections.serving import serving


@dataclass(frozen=True, slots=True)
class ClockState:
    """A promise's clock at an instant. `due_at` is None while it stands still for as long as nobody knows; `overdue`:
    its due instant had passed; `paused`: the conversation was on hold, for whom the promise pauses."""

    metric: Metric
    promise: str | None
    since: Instant
    due_at: Instant | None
    overdue: bool
    paused: bool


async def clocks_before(
    connection: Session, store: Store, workspace: UUID, asked: Sequence[tuple[str, int]]
) -> dict[int, tuple[ClockState, ...]]:
    """The clocks that ran in conversations just before the events at these positions, by position."""
    around = await around_of(connection, store, workspace)
    if not around.seen.promises.made:
        return {position: () for _, position in asked}
    streams = [Stream(Subject.CONVERSATION, id_) for id_ in dict.fromkeys(id_ for id_, _ in asked)]
    told = await store.read_streams(workspace, streams, connection=connection)
    wanted = {position for _, position in asked}
    found: dict[int, tuple[ClockState, ...]] = {}
    for events in told.values():
        found |= _along(sorted(events, key=lambda event: event.order), wanted, around)
    return {position: found.get(position, ()) for position in wanted}


def _along(events: Sequence[RecordedEvent], wanted: set[int], around: Around) -> dict[int, tuple[ClockState, ...]]:
    found: dict[int, tuple[ClockState, ...]] = {}
    state: Conversation | None = None
    for event in events:
        at = event.envelope.occurred_at
        if state is None:
            state = Conversation(around.seen, at)
        if event.position in wanted and state.clocks is not None:
            found[event.position] = running_at(state.clocks, at, around)
        step(state, event)
    return found


def running_at(clocks: Clocks, at: Instant, around: Around) -> tuple[ClockState, ...]:
    """The clocks of promises that run, as they stand at an instant."""
    return tuple(_state(run, clocks, at, around) for run in clocks.running if run.clock.target is not None)


def _state(run: Run, clocks: Clocks, at: Instant, around: Around) -> ClockState:
    clock = run.clock.foreseen(around.seen, clocks.halts)
    paused = clock.promise is not None and any(
        halt.since <= at and (halt.until is None or halt.until > at) and halt.waiting_for in clock.promise.pauses_for
        for halt in clocks.halts
    )
    return ClockState(
        metric=clock.metric,
        promise=None if clock.promise is None else clock.promise.id,
        since=clock.since,
        due_at=clock.due,
        overdue=clock.is_overdue(at),
        paused=paused,
    )


async def around_of(connection: Session, store: Store, workspace: UUID) -> Around:
    """What was said of the desk: promises and calendars, and, where there are promises, who belongs where."""
    around = Around()
    arranged = await store.read_streams(workspace, [THE_WORKSPACE], connection=connection)
    for event in arranged[THE_WORKSPACE]:
        around.learn(event)
    if around.seen.promises.made:
        state = await serving(connection, workspace, NAME)
        rows = await connection.fetch(_MEMBERSHIPS, workspace, state.generation, list(MEMBERSHIP_TYPES))
        facts = await store.read_at(workspace, [row["position"] for row in rows], connection=connection)
        for position in sorted(facts):
            around.learn(facts[position])
    return around


_MEMBERSHIPS = """
    SELECT position FROM journal_entries
    WHERE workspace_id = $1 AND generation = $2 AND type = ANY($3::text[]) ORDER BY position
"""
