"""What cannot be folded: halted at, told, and resumed after a repair. Nothing is skipped."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from domain.envelope import RecordedEvent
from domain.errors import Unavailable
from domain.events.directory import TeamNamed
from eventstore.database import Database
from eventstore.store import Store
from projections import generations
from projections.directory import tables
from projections.generations import Halt
from projections.pace import Suspicion
from projections.runner import Halted
from projections.serving import serving
from projections.worker import Worker
from tests.events import event
from tests.projections.doubles import Poison, Tripped
from tests.projections.filling import append, fill, runner_of
from tests.projections.waiting import running, until, until_folded

HISTORY = [
    event(TeamNamed(name=f"Team {number}"), of=f"t{number}", by="anna", at=f"2026-03-02T09:{number:02}:00Z")
    for number in range(50)
]


async def _halt(database: Database, workspace: UUID) -> Halt | None:
    found = await generations.all_of(database, workspace)
    return found[0].halt if found else None


@pytest.mark.parametrize("culprit", [0, 1, 30, 49])
async def test_a_projection_halts_at_the_very_event_that_cannot_be_folded(
    database: Database, store: Store, workspace: UUID, culprit: int
) -> None:
    await append(store, workspace, HISTORY)
    poison = Poison(culprit)
    runner = await runner_of(database, store, Tripped(poison), workspace)
    with pytest.raises(Halted):
        await runner.catch_up(49)
    (generation,) = await generations.all_of(database, workspace)
    assert generation.checkpoint == culprit - 1
    halt = generation.halt
    assert halt is not None
    assert (halt.position, halt.type) == (culprit, "team.named")
    assert halt.error == f"ValueError: nobody foresaw event {culprit}"
    assert len(poison.batches) <= 14  # bisected, not tried one by one


async def test_a_halted_projection_still_answers_and_says_that_it_stands(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)
    with pytest.raises(Halted):
        await (await runner_of(database, store, Tripped(Poison(7)), workspace)).catch_up(49)
    async with database.transaction(workspace) as connection:
        state = await serving(connection, workspace, "directory")
    assert (state.checkpoint, state.halted) == (6, True)


async def test_workers_leave_a_halted_projection_alone_until_it_is_resumed(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)
    poison = Poison(33)
    async with running(Worker(database, store, [Tripped(poison)], look=0.02, only=frozenset({workspace}))):
        await until(lambda: _halt(database, workspace))
        tried = len(poison.batches)
        await asyncio.sleep(0.3)
        assert len(poison.batches) == tried
        poison.cure()
        assert await generations.resume(database, workspace, "directory") == 1
        await until_folded(database, workspace, 49)
    assert await _halt(database, workspace) is None
    healed = await fill(database, store, Tripped(), workspace)
    assert len(await healed.rows(tables.facts)) == 50


async def test_passing_troubles_are_waited_out(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY)
    troubles = iter((Unavailable("away"), asyncpg.DeadlockDetectedError("dead"), asyncpg.SerializationError("again")))

    async def troubled(events: Sequence[RecordedEvent]) -> None:  # noqa: ARG001 - what hooks are given
        for trouble in troubles:
            raise trouble

    runner = await runner_of(database, store, Tripped(troubled), workspace)
    await runner.catch_up(49)
    assert runner.checkpoint == 49
    assert await _halt(database, workspace) is None


async def test_a_value_that_the_database_cannot_take_is_no_passing_trouble(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)

    async def too_large(events: Sequence[RecordedEvent]) -> None:
        async with database.session() as connection:
            await connection.fetchval("SELECT $1::integer", 2**70 if events[-1].position >= 3 else 0)

    runner = await runner_of(database, store, Tripped(too_large), workspace)
    with pytest.raises(Halted):
        await runner.catch_up(49)
    halt = await _halt(database, workspace)
    assert halt is not None
    assert halt.position == 3


async def test_a_hole_in_the_ledger_halts_the_projection(
    database: Database, store: Store, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(store, workspace, HISTORY)
    read = store.read

    async def holed(workspace: UUID, *, after: int, limit: int, upto: int | None = None) -> list[RecordedEvent]:
        events = await read(workspace, after=after, limit=limit, upto=upto)
        return [event for event in events if event.position != 12]

    monkeypatch.setattr(store, "read", holed)
    runner = await runner_of(database, store, Tripped(), workspace, batches=5)
    with pytest.raises(Halted):
        await runner.catch_up(49)
    halt = await _halt(database, workspace)
    assert halt is not None
    assert halt.position == 12
    assert halt.error == "Gap: position 12 comes next, but the ledger gave 13"


async def test_an_event_that_cannot_be_read_halts_at_its_position(
    database: Database, store: Store, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(store, workspace, HISTORY)
    read = store.read

    async def unreadable(workspace: UUID, *, after: int, limit: int, upto: int | None = None) -> list[RecordedEvent]:
        if after < 21 <= after + limit:
            raise ValueError("a type from the future")
        return await read(workspace, after=after, limit=limit, upto=upto)

    monkeypatch.setattr(store, "read", unreadable)
    runner = await runner_of(database, store, Tripped(), workspace)
    with pytest.raises(Halted):
        await runner.catch_up(49)
    halt = await _halt(database, workspace)
    assert halt is not None
    assert halt.position == 21


def test_bisecting_finds_each_culprit_in_few_steps() -> None:
    for culprit in range(100):
        suspicion, checkpoint, steps = Suspicion(), -1, 0
        found = None
        while found is None:
            steps += 1
            until = min(checkpoint + suspicion.limit(checkpoint, 100), 99)
            if until >= culprit:
                found = suspicion.failed(checkpoint, until)
            else:
                checkpoint = until
                suspicion.passed(checkpoint)
        assert found == culprit
        assert steps <= 16
