"""Whatever is asked, and whichever index it is found by: all pages together are what a look at every entry gives."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.envelope import NewEvent
from domain.instants import MINUTE, instant_of
from domain.words import ActorType, Kind
from eventstore.database import Database
from eventstore.store import Store
from projections.journal import tables
from projections.journal.filter import Filter, Order
from projections.journal.flags import Flag
from projections.journal.paths import Scope
from projections.journal.projection import Journal
from projections.journal.scan import count, scan
from tests.projections.filling import append, fill
from tests.projections.histories import MONDAY, histories

Row = dict[str, Any]

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def some(*values: str) -> st.SearchStrategy[tuple[Any, ...] | None]:
    """Nothing said, or some of these, perhaps twice; one of them is nowhere in the journal."""
    return st.none() | st.lists(st.sampled_from((*values, "nowhere")), max_size=3).map(tuple)


def rarely(wanted: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), wanted)


instants = st.integers(0, 201).map(lambda minute: MONDAY + minute * MINUTE)
filters = st.builds(
    Filter,
    operators=some("anna", "boris", "vera"),
    teams=rarely(some("first line", "second line")),
    types=rarely(some("item.received", "reply.sent", "comment.deleted", "operator.joined")),
    channels=rarely(some("vk", "mail")),
    communities=rarely(some("vk", "mail")),
    conversations=rarely(some("c1", "c2", "c3")),
    kinds=rarely(st.just((Kind.COMMENT, Kind.CALL))),
    actor_types=rarely(st.just((ActorType.OPERATOR, ActorType.CUSTOMER))),
    items=rarely(some("i1", "r1")),
    flags=rarely(some(*Flag)),
    sessions=rarely(some("s1", "s2")),
    interfaces=rarely(some("api")),
    inferred=rarely(st.booleans()),
    since=rarely(instants),
    until=rarely(instants),
)


def fits(row: Row, filter_: Filter) -> bool:
    at = instant_of(row["occurred_at"])
    return (
        all(row[column] in values for column, values in filter_.columns.items())
        and (filter_.inferred is None or row["inferred"] is filter_.inferred)
        and (filter_.since is None or at >= filter_.since)
        and (filter_.until is None or at < filter_.until)
    )


def key(row: Row, order: Order) -> tuple[Any, ...]:
    if order is Order.LEDGER:
        return (row["position"],)
    return (row["occurred_at"], row["source_order"], row["event_id"].bytes)


async def paged(scope: Scope, filter_: Filter, order: Order, *, backwards: bool, limit: int) -> list[int]:
    """All pages, one after another, as a client turns them; in the order asked for."""
    positions: list[int] = []
    cursor: int | None = None
    while True:
        found = await scan(
            scope,
            filter_,
            order,
            after=None if backwards else cursor,
            before=cursor if backwards else None,
            limit=limit,
            backwards=backwards,
        )
        assert len(found.positions) <= limit
        positions += found.positions
        if not found.more:
            return positions[::-1] if backwards else positions
        cursor = found.scanned_until if found.scanned_until is not None else found.positions[-1]


async def _check_pages(
    database: Database,
    store: Store,
    history: list[NewEvent],
    questions: list[tuple[Filter, Order, bool, int, int, int]],
) -> None:
    workspace = uuid4()
    await store.create_ledger(workspace)
    await append(store, workspace, history)
    filled = await fill(database, store, Journal(store), workspace)
    rows = await filled.rows(tables.entries)
    async with database.transaction(workspace, snapshot=True) as connection:
        for filter_, order, backwards, limit, few_, bound in questions:
            scope = Scope(connection, workspace, filled.generation, few=few_, bound=bound)
            wanted = [row["position"] for row in sorted(rows, key=lambda row: key(row, order)) if fits(row, filter_)]
            assert await paged(scope, filter_, order, backwards=backwards, limit=limit) == wanted
            assert await count(scope, filter_, 1_000) == (len(wanted), True)


questions = st.lists(
    st.tuples(
        filters,
        st.sampled_from(tuple(Order)),
        st.booleans(),
        st.integers(1, 4),
        st.integers(0, 8),
        st.integers(1, 6),
    ),
    min_size=10,
    max_size=20,
)


@given(histories(longest=40), questions)
@few
async def test_pages_together_are_what_a_plain_look_gives(
    database: Database,
    store: Store,
    history: list[NewEvent],
    questions: list[tuple[Filter, Order, bool, int, int, int]],
) -> None:
    await _check_pages(database, store, history, questions)


@pytest.mark.soak
@given(histories(longest=60), questions)
@many
async def test_pages_together_are_what_a_plain_look_gives_two_thousand_times(
    database: Database,
    store: Store,
    history: list[NewEvent],
    questions: list[tuple[Filter, Order, bool, int, int, int]],
) -> None:
    await _check_pages(database, store, history, questions)
