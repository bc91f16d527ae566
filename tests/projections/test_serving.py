"""Who asks for what they have just written waits for it, and is told when it cannot be had."""

import asyncio
from uuid import UUID

import pytest

from domain.errors import Unavailable
from domain.events.directory import TeamNamed
from eventstore.database import Database
from eventstore.store import Store
from projections.hints import Ear
from projections.metrics import completeness, progress
from projections.runner import Halted
from projections.serving import serving, wait_for
from projections.worker import Worker
from tests.events import event
from tests.projections.doubles import Poison, Tripped
from tests.projections.filling import append, fill, runner_of
from tests.projections.waiting import running

HISTORY = [
    event(TeamNamed(name=f"Team {number}"), of=f"t{number}", by="anna", at=f"2026-03-02T09:{number:02}:00Z")
    for number in range(20)
]


async def test_who_waits_is_woken_when_the_projection_gets_there(
    database: Database, store: Store, workspace: UUID
) -> None:
    await fill(database, store, Tripped(), workspace)
    waiting = asyncio.create_task(wait_for(database, Ear(database), workspace, "directory", 19, within=20))
    async with running(Worker(database, store, [Tripped()], look=0.05, only=frozenset({workspace}))):
        await append(store, workspace, HISTORY)
        state = await waiting
    assert state.checkpoint == 19
    assert state.recorded_at is not None


async def test_who_waits_in_vain_is_told_how_far_it_got(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY)
    await fill(database, store, Tripped(), workspace)
    with pytest.raises(Unavailable) as refused:
        await wait_for(database, Ear(database), workspace, "directory", 20, within=0.1)
    assert refused.value.detail == "BEHIND"


async def test_nobody_waits_for_a_halted_projection(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY)
    with pytest.raises(Halted):
        await (await runner_of(database, store, Tripped(Poison(5)), workspace)).catch_up(19)
    with pytest.raises(Unavailable) as refused:
        await wait_for(database, Ear(database), workspace, "directory", 10, within=60)
    assert refused.value.detail == "HALTED"
    async with database.session() as connection:
        assert (await serving(connection, workspace, "directory")).stale_since is not None


async def test_hints_name_the_checkpoint(database: Database, store: Store, workspace: UUID) -> None:
    async with (
        Ear(database).waiter(workspace, "directory") as waiter,
        running(Worker(database, store, [Tripped()], look=0.05, only=frozenset({workspace}))),
    ):
        await append(store, workspace, HISTORY)
        async with asyncio.timeout(20):
            while waiter.checkpoint < 19:
                await waiter.wait(5)
    assert waiter.checkpoint == 19


async def test_progress_says_how_far_behind_and_what_it_halted_at(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)
    with pytest.raises(Halted):
        await (await runner_of(database, store, Tripped(Poison(12)), workspace)).catch_up(19)
    (state,) = await progress(database, store, workspace)
    assert (state.head, state.checkpoint, state.behind) == (19, 11, 8)
    assert state.behind_seconds > 0
    assert state.holder is None
    assert state.halt is not None
    assert state.halt.position == 12


async def test_completeness_compares_events_in_the_ledger_with_events_folded(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)
    await fill(database, store, Tripped(), workspace, batches=3)
    found = await completeness(database, workspace, "directory")
    assert found.folded == {"team.named": 20}
    assert found.missing == {}
    async with database.transaction(workspace) as connection:
        await connection.execute(
            'UPDATE projection_generations SET folded = \'{"team.named": 18, "team.renamed": 1}\' '
            "WHERE workspace_id = $1",
            workspace,
        )
    assert (await completeness(database, workspace, "directory")).missing == {"team.named": 2, "team.renamed": -1}
