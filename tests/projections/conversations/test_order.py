"""The same events give the same figures whatever their order of arrival and batches; and a rebuild gives the same
rows as living through it did, the times at which they held included."""

from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.envelope import NewEvent
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations import tables
from projections.conversations.project import Conversations
from tests.arranged import random_arrangements
from tests.desk import random_desk
from tests.projections.filling import Filled, append, fill

Rows = dict[str, list[dict[str, Any]]]
_OF_ARRIVAL = {
    "number", "ordinal", "digest", "place", "held_from", "held_until", "customer", "other", "position", "positions",
    "contact", "clock",
}  # fmt: skip
"""What the order of arrival may change: numbers, positions (a contact holds some, clocks are called by them), and a
customer's pseudonym (another one each ledger)."""


async def _filled(
    database: Database, store: Store, events: list[NewEvent], *, batches: int, workspace: UUID | None = None
) -> Filled:
    if workspace is None:
        workspace = uuid4()
        await store.create_ledger(workspace)
        await append(store, workspace, events)
    return await fill(database, store, Conversations(store), workspace, batches=batches)


async def _rows(filled: Filled) -> Rows:
    return {table.name: await filled.rows(table) for table in tables.TABLES}


async def _meaning(store: Store, filled: Filled) -> Rows:
    """The rows without what depends on arrival; samples that no longer hold left out."""
    events = await store.read(filled.workspace, after=-1, limit=100_000)
    ids = {event.position: str(event.envelope.id) for event in events}
    rows = await _rows(filled)
    names = {row["number"]: row["conversation"] for row in rows["conversations"]}
    places = {row["place"]: row for row in rows.pop("places")}
    rows["samples"] = [
        places[row["place"]]
        | row
        | {"conversation": names.get(row["conversation"]), "of": tuple(ids[position] for position in row["positions"])}
        for row in rows["samples"]
        if row["held_until"] is None
    ]
    rows["cells"] = [places[row["place"]] | row for row in rows["cells"]]
    del rows["conversation_memberships"]
    return {
        name: sorted(({key: row[key] for key in row if key not in _OF_ARRIVAL} for row in table), key=repr)
        for name, table in rows.items()
    }


def _desk(seed: int) -> list[NewEvent]:
    """Every other desk promises something, and keeps calendars."""
    return random_desk(seed) + (random_arrangements(seed) if seed % 2 else [])


async def _arrival_changes_nothing(database: Database, store: Store, seed: int) -> None:
    desk = _desk(seed)
    shuffled = Random(seed).sample(desk, len(desk))
    in_order = await _meaning(store, await _filled(database, store, desk, batches=1_000))
    out_of_order = await _meaning(store, await _filled(database, store, shuffled, batches=1 + seed % 9))
    assert in_order["samples"], "the desk did something"
    assert out_of_order == in_order


async def _a_rebuild_equals_the_life(database: Database, store: Store, seed: int) -> None:
    desk = _desk(seed)
    Random(seed).shuffle(desk)
    lived = await _filled(database, store, desk, batches=1)
    by_batches = await _filled_again(database, store, lived.workspace, batches=1 + seed % 11)
    assert await _rows(by_batches) == await _rows(lived)


async def _filled_again(database: Database, store: Store, workspace: UUID, *, batches: int) -> Filled:
    """The same ledger folded by other batches into rows of another generation."""
    fold = Conversations(store).start(workspace, 77)
    after = -1
    while events := await store.read(workspace, after=after, limit=batches):
        async with database.transaction(workspace) as connection:
            await fold.project(connection, events)
        after = events[-1].position
        if after % 3 == 0:
            fold = Conversations(store).start(workspace, 77)
    return Filled(database, workspace, 77)


@pytest.mark.parametrize("seed", range(6))
async def test_neither_order_nor_batches_of_arrival_change_a_figure(
    database: Database, store: Store, seed: int
) -> None:
    await _arrival_changes_nothing(database, store, seed)


@pytest.mark.parametrize("seed", range(6))
async def test_a_rebuild_gives_the_rows_that_living_through_it_gave(
    database: Database, store: Store, seed: int
) -> None:
    await _a_rebuild_equals_the_life(database, store, seed)


@pytest.mark.soak
@pytest.mark.timeout(1_200)
async def test_the_same_for_many_desks(database: Database, store: Store) -> None:
    for seed in range(100, 300):
        await _arrival_changes_nothing(database, store, seed)
        await _a_rebuild_equals_the_life(database, store, seed)
