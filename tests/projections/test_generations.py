"""Filled beside the one that answers, then switched to; queries never fail and never see less than before."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from domain.envelope import RecordedEvent
from domain.errors import Conflict, NotFound, Unavailable
from domain.events.directory import TeamNamed
from eventstore.database import Database
from eventstore.store import Store
from projections import generations
from projections.compare import compare
from projections.directory import tables
from projections.directory.members import Kind
from projections.directory.query import Directory
from projections.generations import State
from projections.serving import serving
from projections.worker import Worker
from tests.events import event
from tests.projections.doubles import Tripped
from tests.projections.filling import Filled, append, batches_of, fill
from tests.projections.waiting import running, until

HISTORY = [
    event(TeamNamed(name=f"Team {number}"), of=f"t{number}", by="anna", at=f"2026-03-02T09:{number:02}:00Z")
    for number in range(60)
]


async def slowly(events: Sequence[RecordedEvent]) -> None:  # noqa: ARG001 - what hooks are given
    await asyncio.sleep(0.02)


def _worker(database: Database, store: Store, workspace: UUID, projection: Tripped) -> Worker:
    return Worker(
        database,
        store,
        [projection],
        look=0.02,
        grace=timedelta(seconds=0.5),
        pace=lambda: batches_of(5),
        only=frozenset({workspace}),
    )


async def test_a_changed_declaration_rebuilds_by_itself_while_queries_go_on(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)
    await fill(database, store, Tripped(fingerprint="old rules"), workspace)
    seen: set[tuple[int, int]] = set()

    async def ask() -> None:
        """As the API does: the generation and its rows in one snapshot."""
        async with database.transaction(workspace, snapshot=True) as connection:
            state = await serving(connection, workspace, "directory")
            teams = await Directory(store).places(connection, workspace, Kind.TEAM, limit=100)
        assert len(teams.members) == 60
        assert state.checkpoint == 59
        seen.add((state.generation, state.checkpoint))

    async def switched() -> bool | None:
        await ask()
        found = await generations.all_of(database, workspace)
        return True if [one.state for one in found] == [State.SERVING] and found[0].number == 2 else None

    async with running(_worker(database, store, workspace, Tripped(slowly, fingerprint="new rules"))):
        await until(switched)
    assert seen == {(1, 59), (2, 59)}
    assert await Filled(database, workspace, 1).rows(tables.members) == []
    assert len(await Filled(database, workspace, 2).rows(tables.facts)) == 60


async def test_the_one_that_answers_goes_on_while_another_is_filled(
    database: Database, store: Store, workspace: UUID
) -> None:
    """A rebuild of the same rules: both are kept up to date until the switch."""
    await append(store, workspace, HISTORY[:40])
    async with running(_worker(database, store, workspace, Tripped(slowly))):
        await until(lambda: _serving_at(database, workspace, 1, 39))
        await generations.begin(database, workspace, Tripped())
        await append(store, workspace, HISTORY[40:])
        await until(lambda: _serving_at(database, workspace, 2, 59))
        await until(lambda: _removed(database, workspace, 1))
    assert len(await Filled(database, workspace, 2).rows(tables.facts)) == 60


async def _serving_at(database: Database, workspace: UUID, generation: int, checkpoint: int) -> bool | None:
    try:
        async with database.session() as connection:
            state = await serving(connection, workspace, "directory")
    except Unavailable:
        return None
    return True if (state.generation, state.checkpoint) == (generation, checkpoint) else None


async def _removed(database: Database, workspace: UUID, generation: int) -> bool | None:
    numbers = {one.number for one in await generations.all_of(database, workspace)}
    return None if generation in numbers else True


async def test_a_generation_held_back_is_compared_and_switched_to_by_hand(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY)
    await fill(database, store, Tripped(), workspace)
    await generations.begin(database, workspace, Tripped(), held_back=True)
    async with running(_worker(database, store, workspace, Tripped())):
        await until(lambda: _filled(database, workspace, 2, 59))
        report = await compare(database, workspace, Tripped())
        assert report.equal
        assert [(table.table, table.rows) for table in report.tables] == [
            ("directory_members", 61),
            ("directory_facts", 60),
        ]
        assert await generations.switch(database, workspace, "directory", 2)
        await until(lambda: _serving_at(database, workspace, 2, 59))
        await append(store, workspace, [event(TeamNamed(name="New"), of="new", by="anna", at="2026-03-02T11:00:00Z")])
        await until(lambda: _serving_at(database, workspace, 2, 60))


async def _filled(database: Database, workspace: UUID, generation: int, checkpoint: int) -> bool | None:
    found = await generations.all_of(database, workspace)
    return True if any((one.number, one.checkpoint) == (generation, checkpoint) for one in found) else None


async def test_a_comparison_names_what_other_rules_change(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY[:10])
    await fill(database, store, Tripped(), workspace)
    await generations.begin(database, workspace, Tripped(), held_back=True)
    await fill(database, store, Tripped(), workspace)
    async with database.transaction(workspace) as connection:
        await connection.execute(
            "UPDATE directory_members SET acts = 7 WHERE workspace_id = $1 AND generation = 2 AND id = 'anna'",
            workspace,
        )
        await connection.execute(
            "DELETE FROM directory_members WHERE workspace_id = $1 AND generation = 2 AND id = 't3'", workspace
        )
    members, facts = (await compare(database, workspace, Tripped())).tables
    assert facts.equal
    assert (members.only_old, members.only_new, members.changed) == (1, 0, 1)
    changed, missing = members.examples
    assert (changed.key, changed.old, changed.new) == ({"kind": "operator", "id": "anna"}, {"acts": 10}, {"acts": 7})
    assert (missing.key, missing.new) == ({"kind": "team", "id": "t3"}, None)


async def test_generations_at_different_positions_are_not_compared(
    database: Database, store: Store, workspace: UUID
) -> None:
    await append(store, workspace, HISTORY[:10])
    await fill(database, store, Tripped(), workspace)
    with pytest.raises(NotFound):
        await compare(database, workspace, Tripped())
    await generations.begin(database, workspace, Tripped(), held_back=True)
    with pytest.raises(Conflict):
        await compare(database, workspace, Tripped())


async def test_what_is_behind_is_not_switched_to(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY[:10])
    await fill(database, store, Tripped(), workspace)
    await generations.begin(database, workspace, Tripped())
    assert not await generations.switch(database, workspace, "directory", 2)
    async with database.session() as connection:
        assert (await serving(connection, workspace, "directory")).generation == 1


async def test_two_versions_of_a_program_do_not_take_turns_in_rebuilding(
    database: Database, store: Store, workspace: UUID
) -> None:
    """An older program, still running beside the newer one, leaves what the newer one has built alone."""
    await append(store, workspace, HISTORY[:10])
    await fill(database, store, Tripped(fingerprint="old"), workspace)
    newer, older = Tripped(fingerprint="new"), Tripped(fingerprint="old")
    async with running(_worker(database, store, workspace, newer)):
        await until(lambda: _serving_at(database, workspace, 2, 9))
        known = await generations.all_of(database, workspace, "directory")
        assert not await generations.prepare(database, workspace, older, known)
    known = await generations.all_of(database, workspace, "directory")
    assert await generations.prepare(database, workspace, older, known)


async def test_many_workers_begin_one_rebuild(database: Database, store: Store, workspace: UUID) -> None:
    await append(store, workspace, HISTORY[:10])
    await fill(database, store, Tripped(fingerprint="old"), workspace)
    known = await generations.all_of(database, workspace, "directory")
    new = Tripped(fingerprint="new")
    begun = await asyncio.gather(*(generations.prepare(database, workspace, new, known) for _ in range(5)))
    assert sum(begun) == 1
