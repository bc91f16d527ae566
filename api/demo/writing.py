"""The simulated desk's way into a ledger: history in large loads, the present event by event."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from uuid import UUID

import structlog

from api.demo.recipe import Recipe, recipe_of
from api.demo.scribe import SOURCE
from domain.envelope import NewEvent
from domain.errors import Conflict, InvalidInput, Unavailable
from domain.events.directory import WorkspaceConfigured
from domain.instants import SECOND, Instant
from eventstore.clock import now
from eventstore.store import Append, Appended, Outcome, Store

log = structlog.get_logger("deskledger.demo")

_BATCH = 5_000
_NAP = 5.0
"""Longest sleep, so that a machine that slept, or whose clock was set, is noticed."""
_RETRY = 1.0


async def recipe_in(store: Store, workspace: UUID) -> Recipe | None:
    """The recipe that the ledger was begun with; `None` where it is empty.

    Raises Conflict where the ledger holds something else, or was begun by another version of the simulation.
    """
    first = (await store.read_at(workspace, [0])).get(0)
    if first is None:
        return None
    try:
        if first.envelope.source != SOURCE or not isinstance(first.payload, WorkspaceConfigured):
            raise InvalidInput("it was not made by the simulation")
        return recipe_of(first.envelope.correlation or "")
    except InvalidInput as error:
        raise Conflict(
            f"the workspace's ledger cannot be continued: {error.message}. Choose another one with --workspace"
        ) from None


async def write_history(
    store: Store, workspace: UUID, events: Iterator[NewEvent], *, told: Callable[[Instant], None]
) -> Iterator[NewEvent]:
    """Load what has happened by now, as far as the ledger does not hold it; the events of the future.

    The events are always the same ones in the same order, so the ledger holds a beginning of them, wherever it was
    broken off. `told` hears up to when history was told.
    """
    while True:
        batch = list(islice(events, _BATCH))
        past = [event for event in batch if event.envelope.occurred_at <= now()]
        if past:
            await _load(store, workspace, past)
            told(past[-1].envelope.occurred_at)
        if len(past) < len(batch):
            return chain(batch[len(past) :], events)


async def _load(store: Store, workspace: UUID, batch: Sequence[NewEvent]) -> None:
    latest = batch[-1].envelope.id
    if await store.find(workspace, [latest]):
        return
    _require(await store.load(workspace, batch))


async def write_present(store: Store, workspace: UUID, events: Iterable[NewEvent]) -> None:
    """Append each event when its time comes, for as long as there are any."""
    for event in events:
        while (wait := event.envelope.occurred_at - now()) > 0:  # noqa: ASYNC110 - the wall clock may be set while we sleep
            await asyncio.sleep(min(wait / SECOND, _NAP))
        _require(await _append(store, workspace, event))


async def _append(store: Store, workspace: UUID, event: NewEvent) -> list[Appended]:
    """Append, however long the database is away."""
    while True:
        try:
            return await store.append(workspace, [Append((event,))])
        except Unavailable as error:
            log.warning("the desk waits for the database", reason=error.message)
            await asyncio.sleep(_RETRY)


def _require(outcomes: Iterable[Appended]) -> None:
    for appended in outcomes:
        if appended.outcome not in (Outcome.APPENDED, Outcome.DUPLICATE):
            raise Conflict(f"the ledger refuses an event of the simulation: {appended.outcome}, {appended.error}")
