"""Events counted by type, for any filter and grouping."""

from uuid import UUID

import pytest

from domain.errors import InvalidQuestion
from domain.events.conversations import ConversationClosed, ConversationOpened
from domain.events.items import CommentDeleted
from domain.events.replies import ReplySent
from domain.instants import HOUR, parse_instant
from domain.kpi.question import Interval
from domain.words import ActorType, Outcome
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault
from projections.journal.actions import Actions, Group, actions
from projections.journal.filter import Filter
from projections.journal.projection import Journal
from tests.events import bot, customer, event, system
from tests.projections.filling import append, fill

NINE = parse_instant("2026-03-02T09:00:00Z")
MIDNIGHT_IN_KYIV = parse_instant("2026-03-02T22:00:00Z")

HISTORY = [
    event(ConversationOpened(channel="vk", team="first line"), by="anna", at=NINE, conversation="c1"),
    event(ReplySent(reply="r1"), by="anna", at=NINE + 1, conversation="c1"),
    event(ReplySent(reply="r2"), by="anna", at=NINE + HOUR, conversation="c1"),
    event(ReplySent(reply="r3"), by="boris", at=MIDNIGHT_IN_KYIV - 1, conversation="c2"),
    event(ReplySent(reply="r4"), by="boris", at=MIDNIGHT_IN_KYIV, conversation="c3"),
    event(CommentDeleted(item="i1"), by="boris", at=MIDNIGHT_IN_KYIV + 1, conversation="c3"),
    event(ConversationClosed(outcome=Outcome.SOLVED), by=system(), at=MIDNIGHT_IN_KYIV + 2, conversation="c3"),
]


@pytest.fixture
async def journal(database: Database, store: Store, workspace: UUID) -> UUID:
    await append(store, workspace, HISTORY)
    await fill(database, store, Journal(store), workspace)
    return workspace


async def _ask(database: Database, workspace: UUID, filter_: Filter, **how: object) -> Actions:
    async with database.transaction(workspace, snapshot=True) as connection:
        return await actions(connection, workspace, filter_, **how)  # type: ignore[arg-type] # handed through as it is


async def test_every_event_of_every_actor_counts_by_type(database: Database, journal: UUID) -> None:
    found = await _ask(database, journal, Filter())
    assert {row.group: (row.events, row.conversations) for row in found.rows} == {
        ("comment.deleted",): (1, 1),
        ("conversation.closed",): (1, 1),
        ("conversation.opened",): (1, 1),
        ("reply.sent",): (4, 3),
    }
    assert found.as_of == 6
    assert found.as_of_recorded_at is not None


async def test_actions_are_counted_apart_by_several_things_at_once(database: Database, journal: UUID) -> None:
    found = await _ask(
        database, journal, Filter(types=("reply.sent",)), group_by=(Group.OPERATOR, Group.TEAM, Group.CHANNEL)
    )
    assert {row.group: row.events for row in found.rows} == {("anna", "first line", "vk"): 2, ("boris", "", ""): 2}


async def test_whoever_acted_counts_apart_with_what_kind_of_somebody_they_are(
    database: Database, store: Store, vault: Vault, workspace: UUID
) -> None:
    history = [
        event(ReplySent(reply="r1"), by="anna", at=NINE, conversation="c1"),
        event(ReplySent(reply="r2"), by=bot("anna"), at=NINE, conversation="c1"),
        event(ReplySent(reply="r3"), by=bot("anna"), at=NINE, conversation="c2"),
        event(ReplySent(reply="r4"), by=customer("maria"), at=NINE, conversation="c2"),
        event(ReplySent(reply="r5"), by=system(), at=NINE, conversation="c2"),
    ]
    await append(store, workspace, history)
    await fill(database, store, Journal(store), workspace)
    pseudonym = await vault.find(workspace, "maria")
    found = await _ask(database, workspace, Filter(), group_by=(Group.ACTOR,))
    assert {(row.group, row.actor_type): (row.events, row.conversations) for row in found.rows} == {
        (("anna",), ActorType.OPERATOR): (1, 1),
        (("anna",), ActorType.BOT): (2, 2),
        ((str(pseudonym),), ActorType.CUSTOMER): (1, 1),
        ((system().id,), ActorType.SYSTEM): (1, 1),
    }


async def test_an_answer_that_would_be_endless_is_refused(
    database: Database, journal: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.journal.actions.MOST_ROWS", 3)
    assert len((await _ask(database, journal, Filter(), group_by=(Group.ACTOR,))).rows) == 3
    with pytest.raises(InvalidQuestion, match="more than 3 rows"):
        await _ask(database, journal, Filter())


async def test_days_are_those_of_the_zone(database: Database, journal: UUID) -> None:
    found = await _ask(
        database,
        journal,
        Filter(types=("reply.sent",)),
        group_by=(),
        interval=Interval.DAY,
        zone="Europe/Kyiv",
    )
    assert [(row.range.since <= MIDNIGHT_IN_KYIV < row.range.until, row.events) for row in found.rows] == [
        (False, 3),
        (True, 1),
    ]
    assert found.rows[1].range.since == MIDNIGHT_IN_KYIV


async def test_a_range_takes_its_beginning_and_leaves_its_end(database: Database, journal: UUID) -> None:
    within = Filter(since=NINE + 1, until=MIDNIGHT_IN_KYIV)
    found = await _ask(database, journal, within, group_by=(Group.ACTOR_TYPE,))
    assert [(row.group, row.events, row.conversations) for row in found.rows] == [((ActorType.OPERATOR,), 3, 2)]
    assert (found.rows[0].range.since, found.rows[0].range.until) == (NINE + 1, MIDNIGHT_IN_KYIV)


async def test_what_did_not_happen_has_no_row(database: Database, journal: UUID, workspace: UUID) -> None:
    assert (await _ask(database, journal, Filter(operators=("vera",)))).rows == ()
    long_ago = Filter(since=parse_instant("2001-01-01T00:00:00Z"), until=parse_instant("2002-01-01T00:00:00Z"))
    assert (await _ask(database, workspace, long_ago)).rows == ()


async def test_a_range_of_nothing_is_refused(database: Database, journal: UUID) -> None:
    with pytest.raises(InvalidQuestion):
        await _ask(database, journal, Filter(since=NINE, until=NINE))
