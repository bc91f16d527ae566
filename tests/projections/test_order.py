"""The same events make the same rows, whatever the order and the batches in which they arrive."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.envelope import NewEvent
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault
from projections import generations
from projections.directory import tables as directory_tables
from projections.directory.projection import Directory
from projections.journal import tables as journal_tables
from projections.journal.projection import Journal
from projections.projection import Projection
from projections.search.projection import Search
from tests.projections.filling import Filled, append, fill
from tests.projections.histories import histories

_BY_POSITION = {"journal_hours", "search_hours", "search_owners"}
"""Tables of positions, or of ids made by chance, that arrival decides; a rebuild makes the same."""

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[NewEvent], list[NewEvent], int]:
    """A history, another order of arrival, and the size of batches."""
    history = draw(histories())
    return history, draw(st.permutations(history)), draw(st.integers(1, 7))


async def _rows(filled: Filled, vault: Vault, store: Store, projection: Projection) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, without what depends on arrival or on the workspace: events stand for positions, customers' own
    ids for pseudonyms."""
    head = await store.head(filled.workspace)
    events = await store.read(filled.workspace, after=-1, limit=head + 1)
    event_at = {event.position: event.envelope.id for event in events}
    tables = {table.name: await filled.rows(table) for table in projection.tables if table.name not in _BY_POSITION}
    pseudonyms = {
        UUID(value)
        for rows in tables.values()
        for row in rows
        for name in ("customer", "id", "actor_id")
        if (value := row.get(name)) is not None and len(str(value)) == 36
    }
    externals = await vault.externals(filled.workspace, pseudonyms)
    return {name: sorted((_plain(row, event_at, externals) for row in rows), key=repr) for name, rows in tables.items()}


def _plain(row: dict[str, Any], event_at: dict[int, UUID], externals: dict[UUID, str | None]) -> dict[str, Any]:
    def plain(name: str, value: Any) -> Any:
        if name.endswith("position") and value is not None:
            return event_at[value]
        if name in {"customer", "id", "actor_id"} and value is not None and len(value) == 36:
            return externals[UUID(value)]
        return value

    return {name: plain(name, value) for name, value in row.items() if name != "recorded_at"}


async def _check_that_arrival_changes_nothing(
    database: Database,
    store: Store,
    vault: Vault,
    projection: Projection,
    arrival: tuple[list[NewEvent], list[NewEvent], int],
) -> None:
    history, shuffled, size = arrival
    one, other = uuid4(), uuid4()
    for workspace, events, batches in ((one, history, 1_000), (other, shuffled, size)):
        await store.create_ledger(workspace)
        await append(store, workspace, events)
        await fill(database, store, projection, workspace, batches=batches)
    in_one = await _rows(Filled(database, one, 1), vault, store, projection)
    in_other = await _rows(Filled(database, other, 1), vault, store, projection)
    assert in_one == in_other


@given(arrivals())
@few
async def test_the_journal_is_the_same_whatever_the_order_of_arrival(
    database: Database, store: Store, vault: Vault, arrival: tuple[list[NewEvent], list[NewEvent], int]
) -> None:
    await _check_that_arrival_changes_nothing(database, store, vault, Journal(store), arrival)


@given(arrivals())
@few
async def test_the_directory_is_the_same_whatever_the_order_of_arrival(
    database: Database, store: Store, vault: Vault, arrival: tuple[list[NewEvent], list[NewEvent], int]
) -> None:
    await _check_that_arrival_changes_nothing(database, store, vault, Directory(), arrival)


@given(arrivals())
@few
async def test_the_search_is_the_same_whatever_the_order_of_arrival(
    database: Database, store: Store, vault: Vault, arrival: tuple[list[NewEvent], list[NewEvent], int]
) -> None:
    await _check_that_arrival_changes_nothing(database, store, vault, Search(store), arrival)


@pytest.mark.soak
@given(arrivals())
@many
async def test_the_journal_is_the_same_in_a_thousand_orders_of_arrival(
    database: Database, store: Store, vault: Vault, arrival: tuple[list[NewEvent], list[NewEvent], int]
) -> None:
    await _check_that_arrival_changes_nothing(database, store, vault, Journal(store), arrival)


@given(histories(), st.integers(1, 7))
@few
async def test_a_rebuild_makes_the_rows_that_live_folding_made(
    database: Database, store: Store, history: list[NewEvent], size: int
) -> None:
    workspace = uuid4()
    await store.create_ledger(workspace)
    for projection, tables in (
        (Journal(store), (journal_tables.entries, journal_tables.hours)),
        (Directory(), (directory_tables.members, directory_tables.facts)),
        (Search(store), Search.tables),
    ):
        done = await store.head(workspace)
        if done < 0:
            for start in range(0, len(history), size):
                await append(store, workspace, history[start : start + size])
                live = await fill(database, store, projection, workspace, batches=size)
        else:
            live = await fill(database, store, projection, workspace, batches=size)
        await generations.begin(database, workspace, projection)
        rebuilt = await fill(database, store, projection, workspace, batches=1_000)
        assert rebuilt.generation == live.generation + 1
        for table in tables:
            assert await rebuilt.rows(table) == await live.rows(table)
