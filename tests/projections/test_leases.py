"""One worker at a time, and no commit by one that was given up."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from domain.events.directory import TeamNamed
from eventstore.database import Database
from eventstore.store import Store
from projections import generations, lease
from projections.directory import tables
from projections.generations import Generation
from projections.hints import Announcer
from projections.lease import LeaseLost
from projections.projection import Projection
from projections.runner import Runner
from projections.worker import Worker
from tests.events import event
from tests.projections.doubles import Barrier, Tripped
from tests.projections.filling import Filled, append, batches_of, fill
from tests.projections.waiting import running, until_folded

HISTORY = [
    event(TeamNamed(name=f"Team {number}"), of=f"t{number}", by="anna", at=f"2026-03-02T09:{number:02}:00Z")
    for number in range(20)
]


async def _begun(database: Database, workspace: UUID, projection: Projection) -> Generation:
    await generations.prepare(database, workspace, projection, [])
    (generation,) = await generations.all_of(database, workspace, projection.name)
    return generation


async def _state(database: Database, workspace: UUID) -> Generation:
    (generation,) = await generations.all_of(database, workspace)
    return generation


async def test_a_generation_is_taken_by_one_of_two_who_found_it_free(database: Database, workspace: UUID) -> None:
    found = await _begun(database, workspace, Tripped())
    taken = await asyncio.gather(lease.claim(database, found, "one"), lease.claim(database, found, "another"))
    assert sum(each is not None for each in taken) == 1


async def test_a_lease_that_is_kept_up_does_not_run_out(database: Database, workspace: UUID) -> None:
    found = await _begun(database, workspace, Tripped())
    held = await lease.claim(database, found, "one", lasts=timedelta(seconds=30))
    assert held is not None
    assert (await _state(database, workspace)).leased
    before = (await _state(database, workspace)).leased_until
    await held.beat(database)
    after = (await _state(database, workspace)).leased_until
    assert before is not None
    assert after is not None
    assert after > before


async def test_a_worker_takes_over_what_a_dead_one_held(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY)
    found = await _begun(database, workspace, Tripped())
    dead = await lease.claim(database, found, "dead", lasts=timedelta(milliseconds=300))
    assert dead is not None
    worker = Worker(database, store, [Tripped()], look=0.05, only=frozenset({workspace}))
    async with running(worker):
        taken = await until_folded(database, workspace, 19)
    assert taken.epoch > dead.epoch


async def test_a_worker_that_ends_lets_others_take_over_at_once(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY[:10])
    only = frozenset({workspace})
    async with running(Worker(database, store, [Tripped()], look=0.05, lasts=timedelta(hours=1), only=only)):
        await until_folded(database, workspace, 9)
    assert not (await _state(database, workspace)).leased
    await append(store, workspace, HISTORY[10:])
    async with running(Worker(database, store, [Tripped()], look=0.05, lasts=timedelta(hours=1), only=only)):
        await until_folded(database, workspace, 19)


async def test_a_zombie_cannot_commit(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY)
    found = await _begun(database, workspace, Tripped())
    barrier = Barrier()
    asleep = await lease.claim(database, found, "asleep")
    assert asleep is not None
    zombie = Runner(database, store, Tripped(barrier), found, asleep, Announcer(database), pace=batches_of(1_000))
    folding = asyncio.create_task(zombie.catch_up(19))
    await barrier.reached.wait()
    taken = await lease.claim(database, await _state(database, workspace), "awake")
    assert taken is not None
    barrier.let_go()
    with pytest.raises(LeaseLost):
        await folding
    untouched = Filled(database, workspace, 1)
    assert await untouched.rows(tables.members) == []
    assert (await _state(database, workspace)).checkpoint == -1


async def test_a_zombie_cannot_undo_what_its_successor_wrote(database: Database, store: Store, workspace: UUID) -> None:
    """Both fold the same events; the one that lost the lease comes second."""
    await append(store, workspace, HISTORY)
    found = await _begun(database, workspace, Tripped())
    asleep = await lease.claim(database, found, "asleep", lasts=timedelta(0))
    assert asleep is not None
    zombie = Runner(database, store, Tripped(), found, asleep, Announcer(database), pace=batches_of(7))
    filled = await fill(database, store, Tripped(), workspace)
    written = await filled.rows(tables.members)
    with pytest.raises(LeaseLost):
        await zombie.catch_up(19)
    assert await filled.rows(tables.members) == written
    assert len(written) == 21


async def test_a_runner_stops_when_its_lease_is_taken(database: Database, store: Store, workspace: UUID) -> None:
    found = await _begun(database, workspace, Tripped())
    held = await lease.claim(database, found, "one", lasts=timedelta(milliseconds=200))
    assert held is not None
    running_ = asyncio.create_task(Runner(database, store, Tripped(), found, held, Announcer(database)).run())
    assert await lease.claim(database, await _state(database, workspace), "another") is not None
    async with asyncio.timeout(10):
        with pytest.raises(LeaseLost):
            await running_
