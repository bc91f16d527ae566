"""What falls due is told when nothing else happens: once, at its true instant, and not while it may be untrue."""

import asyncio
from uuid import UUID

from domain.envelope import RecordedEvent, Stream
from domain.events.items import ItemReceived
from domain.events.promises import PromiseBreachWithdrawn, PromiseFellDue, PromiseNearlyDue, PromiseSet
from domain.events.replies import ReplySent
from domain.instants import HOUR, MINUTE, SECOND, Instant
from domain.words import Subject
from eventstore import clock
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import NAME, Conversations
from projections.promises.imports import importing
from projections.promises.scheduler import Scheduler
from tests.events import customer, event
from tests.projections.filling import append, fill

TELLING = (PromiseNearlyDue, PromiseFellDue, PromiseBreachWithdrawn)


async def asked(store: Store, workspace: UUID, at: Instant) -> None:
    """Ten minutes are promised, and a customer asks."""
    promise = PromiseSet(promise="fast", name="Fast", first_response=600, next_response=600)
    await append(
        store,
        workspace,
        [
            event(promise, of="workspace", by="manager", at=at - HOUR),
            event(ItemReceived(item="i1"), conversation="c1", by=customer("maria"), at=at),
        ],
    )


async def told(store: Store, workspace: UUID) -> list[tuple[type, Instant]]:
    stream = Stream(Subject.CONVERSATION, "c1")
    events: list[RecordedEvent] = (await store.read_streams(workspace, [stream]))[stream]
    return [(type(each.payload), each.envelope.occurred_at) for each in events if isinstance(each.payload, TELLING)]


async def follow(database: Database, store: Store, workspace: UUID) -> None:
    """The read model gets to the head."""
    await fill(database, store, Conversations(store), workspace)


async def test_what_fell_due_while_nobody_was_there_is_told_once_at_its_true_instant(
    database: Database, store: Store, workspace: UUID
) -> None:
    at = clock.now() // SECOND * SECOND - 3 * HOUR
    await asked(store, workspace, at)
    await follow(database, store, workspace)
    for scheduler in (Scheduler(database, store, NAME), Scheduler(database, store, NAME)):
        await asyncio.gather(scheduler.look(), scheduler.look())
    assert (PromiseFellDue, at + 10 * MINUTE) in await told(store, workspace)
    assert [kind for kind, _ in await told(store, workspace)].count(PromiseFellDue) == 1


async def test_four_fifths_of_the_time_are_told_while_there_is_still_time(
    database: Database, store: Store, workspace: UUID
) -> None:
    at = clock.now() // SECOND * SECOND - 9 * MINUTE
    await asked(store, workspace, at)
    await follow(database, store, workspace)
    await Scheduler(database, store, NAME).look()
    assert await told(store, workspace) == [(PromiseNearlyDue, at + 8 * MINUTE)]


async def test_an_answer_in_time_that_turns_up_late_takes_it_back(
    database: Database, store: Store, workspace: UUID
) -> None:
    at = clock.now() // SECOND * SECOND - 3 * HOUR
    await asked(store, workspace, at)
    await follow(database, store, workspace)
    scheduler = Scheduler(database, store, NAME)
    await scheduler.look()
    answer = event(ReplySent(reply="r1"), conversation="c1", by="anna", at=at + 5 * MINUTE)
    await append(store, workspace, [answer])
    await follow(database, store, workspace)
    await scheduler.look()
    assert [kind for kind, _ in await told(store, workspace)].count(PromiseBreachWithdrawn) == 1


async def test_nothing_is_told_by_a_read_model_that_is_behind(
    database: Database, store: Store, workspace: UUID
) -> None:
    at = clock.now() // SECOND * SECOND - 3 * HOUR
    await asked(store, workspace, at)
    await follow(database, store, workspace)
    await append(store, workspace, [event(ReplySent(reply="r1"), conversation="c1", by="anna", at=at + 5 * MINUTE)])
    await Scheduler(database, store, NAME).look()
    assert await told(store, workspace) == []


async def test_while_an_import_is_open_nothing_is_told_and_then_quietly(
    database: Database, store: Store, workspace: UUID
) -> None:
    at = clock.now() // SECOND * SECOND - 3 * HOUR
    scheduler = Scheduler(database, store, NAME)
    async with importing(database, store, workspace):
        await asked(store, workspace, at)
        await follow(database, store, workspace)
        await scheduler.look()
        assert await told(store, workspace) == []
    await scheduler.look()
    stream = Stream(Subject.CONVERSATION, "c1")
    events = (await store.read_streams(workspace, [stream]))[stream]
    fell_due = [each.payload for each in events if isinstance(each.payload, PromiseFellDue)]
    assert [payload.quietly for payload in fell_due] == [True]


async def test_it_is_told_within_a_second_when_nothing_else_happens(
    database: Database, store: Store, workspace: UUID
) -> None:
    at = clock.now() // SECOND * SECOND - 10 * MINUTE + 2 * SECOND
    await asked(store, workspace, at)
    await follow(database, store, workspace)
    running = asyncio.create_task(Scheduler(database, store, NAME).run())
    try:
        while not any(kind is PromiseFellDue for kind, _ in await told(store, workspace)):
            assert clock.now() < at + 10 * MINUTE + 5 * SECOND
            await follow(database, store, workspace)  # what was told before, that it is nearly due, moves the ledger
            await asyncio.sleep(0.05)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    stream = Stream(Subject.CONVERSATION, "c1")
    (fell_due,) = [
        each
        for each in (await store.read_streams(workspace, [stream]))[stream]
        if isinstance(each.payload, PromiseFellDue)
    ]
    assert fell_due.envelope.occurred_at == at + 10 * MINUTE
    assert fell_due.recorded_at - fell_due.envelope.occurred_at < 2 * SECOND
