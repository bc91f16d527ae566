"""Who works at the desk and whom it serves, now and at any instant, whatever became known when."""

from typing import Any
from uuid import UUID

import pytest

from domain.envelope import Actor, NewEvent
from domain.events.conversations import ConversationAssigned, ConversationClosed, ConversationOpened
from domain.events.customers import (
    CustomerBlocked,
    CustomerMerged,
    CustomerMuted,
    CustomerNamed,
    CustomerUnblocked,
)
from domain.events.directory import (
    ChannelNamed,
    CommunityNamed,
    CommunityRenamed,
    OperatorJoined,
    OperatorJoinedTeam,
    OperatorLeft,
    OperatorRenamed,
    TeamNamed,
    TeamRenamed,
    WorkspaceConfigured,
)
from domain.events.items import ItemReceived
from domain.instants import parse_instant
from domain.words import ActorType, Outcome
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault
from projections.directory.members import Kind
from projections.directory.projection import Directory as Projection
from projections.directory.query import Directory, NameSince, Operator, Place
from tests.events import bot, customer, event, rule, system
from tests.projections.filling import append, fill

NINE, TEN, ELEVEN, NOON = (parse_instant(f"2026-03-02T{hour:02}:00:00Z") for hour in (9, 10, 11, 12))


class Desk:
    """A directory with a history in it."""

    def __init__(self, database: Database, store: Store, vault: Vault, workspace: UUID) -> None:
        self._database, self._store, self._vault, self._workspace = database, store, vault, workspace
        self.directory = Directory(store)

    async def tells(self, *events: NewEvent) -> None:
        await append(self._store, self._workspace, events)
        await fill(self._database, self._store, Projection(), self._workspace)

    async def ask(self, question: str, *arguments: object, **how: object) -> Any:
        async with self._database.transaction(self._workspace, snapshot=True) as connection:
            return await getattr(self.directory, question)(connection, self._workspace, *arguments, **how)

    async def operator(self, id_: str, **how: object) -> Operator:
        found = await self.ask("operator", id_, **how)
        assert isinstance(found, Operator)
        return found

    async def pseudonym(self, name: str) -> str:
        known = await self._vault.find(self._workspace, name)
        assert known is not None
        return str(known)


@pytest.fixture
def desk(database: Database, store: Store, vault: Vault, workspace: UUID) -> Desk:
    return Desk(database, store, vault, workspace)


async def test_an_operator_is_called_what_they_were_called_then(desk: Desk) -> None:
    await desk.tells(
        event(OperatorRenamed(name="Anna Rusu"), operator="anna", by="boss", at=ELEVEN),
        event(OperatorJoined(name="Anna Munteanu", team="first line"), operator="anna", by="boss", at=NINE),
    )
    assert (await desk.operator("anna", at=TEN)).name == "Anna Munteanu"
    assert (await desk.operator("anna", at=ELEVEN)).name == "Anna Rusu"
    assert (await desk.operator("anna")).name == "Anna Rusu"
    before_the_first = await desk.operator("anna", at=NINE - 1)
    assert (before_the_first.name, before_the_first.joined_at) == ("Anna Munteanu", None)


async def test_an_operator_has_teams_as_of_an_instant(desk: Desk) -> None:
    await desk.tells(
        event(OperatorJoined(team="first line"), operator="anna", by="boss", at=NINE),
        event(OperatorJoinedTeam(team="second line"), operator="anna", by="boss", at=TEN),
        event(OperatorLeft(), operator="anna", by="boss", at=ELEVEN),
    )
    at_ten = await desk.operator("anna", at=TEN)
    assert (at_ten.team, [each.team for each in at_ten.memberships]) == ("second line", ["first line", "second line"])
    gone = await desk.operator("anna", at=ELEVEN)
    assert (gone.team, gone.memberships, gone.joined_at, gone.left_at) == (None, (), NINE, ELEVEN)
    assert (await desk.operator("anna", at=TEN)).left_at is None


async def test_operators_known_by_their_acts_alone_are_listed_with_their_first_and_last_act(desk: Desk) -> None:
    await desk.tells(
        event(ConversationClosed(outcome=Outcome.SOLVED), by="boris", at=ELEVEN, conversation="c1"),
        event(ConversationOpened(), by="boris", at=NINE, conversation="c1"),
        event(ConversationAssigned(assignee="vera"), by="boris", at=TEN, conversation="c1"),
    )
    page = await desk.ask("operators")
    boris, vera = page.members
    assert (boris.id, boris.name, boris.joined_at) == ("boris", None, None)
    assert (boris.seen.first_act_at, boris.seen.last_act_at, boris.seen.acts) == (NINE, ELEVEN, 3)
    assert (vera.id, vera.seen.acts, vera.seen.first_act_at) == ("vera", 0, None)


async def test_bots_rules_and_systems_are_no_operators(desk: Desk) -> None:
    acts = {"robot": bot("robot"), "auto-close": rule("auto-close"), "Value 5": system("Value 5")}
    await desk.tells(
        *(
            event(ConversationClosed(outcome=Outcome.SOLVED), by=actor, at=NINE, conversation=id_)
            for id_, actor in acts.items()
        ),
        event(ConversationOpened(), by=Actor(ActorType.INTEGRATION, "import"), at=NINE, conversation="c1"),
        event(ConversationOpened(), by="anna", at=NINE, conversation="c2"),
    )
    page = await desk.ask("operators")
    assert [each.id for each in page.members] == ["anna"]
    others = (ActorType.BOT, ActorType.RULE, ActorType.SYSTEM, ActorType.INTEGRATION)
    page = await desk.ask("operators", types=others)
    assert {(each.id, each.type) for each in page.members} == {
        ("robot", ActorType.BOT),
        ("auto-close", ActorType.RULE),
        ("Value 5", ActorType.SYSTEM),
        ("import", ActorType.INTEGRATION),
    }


async def test_operators_come_in_pages(desk: Desk) -> None:
    await desk.tells(
        *(event(ConversationOpened(), by=f"op{number}", at=NINE, conversation=f"c{number}") for number in range(7))
    )
    seen, after = [], None
    while True:
        page = await desk.ask("operators", after=after, limit=3)
        seen += [each.id for each in page.members]
        if not page.more:
            break
        after = seen[-1]
    assert seen == [f"op{number}" for number in range(7)]


async def test_names_of_a_whole_page_are_asked_at_once(desk: Desk) -> None:
    await desk.tells(
        event(OperatorJoined(name="Anna"), operator="anna", by="boss", at=NINE),
        event(OperatorRenamed(name="Anna R."), operator="anna", by="boss", at=ELEVEN),
        event(TeamNamed(name="First line"), of="t1", by="boss", at=NINE),
    )
    wanted = [
        (Kind.OPERATOR, "anna", TEN),
        (Kind.OPERATOR, "anna", None),
        (Kind.TEAM, "t1", NOON),
        (Kind.OPERATOR, "boris", TEN),
    ]
    assert await desk.ask("names", wanted) == dict(zip(wanted, ["Anna", "Anna R.", "First line", None], strict=True))


async def test_teams_channels_and_communities_keep_all_their_names(desk: Desk) -> None:
    await desk.tells(
        event(CommunityRenamed(name="Shop news"), of="page", by="boss", at=ELEVEN),
        event(CommunityNamed(name="Shop", channel="vk"), of="page", by="boss", at=NINE),
        event(ChannelNamed(name="VK"), of="vk", by="boss", at=NINE),
        event(TeamNamed(name="First line"), of="t1", by="boss", at=NINE),
        event(TeamRenamed(name="Front"), of="t1", by="boss", at=TEN),
        event(ConversationOpened(team="t2", community="other page"), by="anna", at=TEN, conversation="c"),
    )
    page = (await desk.ask("places_of", Kind.COMMUNITY, ["page"]))["page"]
    assert isinstance(page, Place)
    assert (page.name, page.channel) == ("Shop news", "vk")
    assert page.names == (NameSince("Shop", NINE), NameSince("Shop news", ELEVEN))
    earlier = (await desk.ask("places_of", Kind.COMMUNITY, ["page"], at=TEN))["page"]
    assert (earlier.name, earlier.names) == ("Shop", (NameSince("Shop", NINE),))
    teams = await desk.ask("places", Kind.TEAM)
    assert [(each.id, each.name) for each in teams.members] == [("t1", "Front"), ("t2", None)]
    communities = await desk.ask("places", Kind.COMMUNITY)
    assert [each.id for each in communities.members] == ["other page", "page"]


async def test_a_customer_is_blocked_where_and_since_when_it_was_said(desk: Desk) -> None:
    await desk.tells(
        event(ItemReceived(item="i"), by=customer("maria"), at=NINE, conversation="c"),
        event(CustomerNamed(name="Maria"), customer="maria", by="anna", at=NINE + 1),
        event(CustomerUnblocked(community="page"), customer="maria", by="anna", at=NOON),
        event(CustomerBlocked(community="page"), customer="maria", by="anna", at=TEN),
        event(CustomerBlocked(community="other"), customer="maria", by="boris", at=ELEVEN),
        event(CustomerMuted(until=NOON), customer="maria", by="boris", at=ELEVEN),
    )
    maria = await desk.pseudonym("maria")

    async def barriers(at: int | None) -> list[tuple[bool, str | None]]:
        found = (await desk.ask("customers_of", [maria], at=at))[maria]
        return [(barrier.blocked, barrier.community) for barrier in found.barriers]

    assert await barriers(NINE) == []
    assert await barriers(TEN) == [(True, "page")]
    assert await barriers(ELEVEN) == [(True, "page"), (True, "other"), (False, None)]
    assert await barriers(NOON) == [(True, "other")]
    found = (await desk.ask("customers_of", [maria]))[maria]
    assert (found.name, found.blocked, found.seen.first_at, found.seen.last_at) == ("Maria", True, NINE, NOON)
    assert found.seen.acts == 1


async def test_a_customer_merged_into_another_names_the_other(desk: Desk) -> None:
    await desk.tells(event(CustomerMerged(into="ion"), customer="maria", by="anna", at=NINE))
    maria, ion = await desk.pseudonym("maria"), await desk.pseudonym("ion")
    found = await desk.ask("customers")
    assert {each.id: each.merged_into for each in found.members} == {maria: ion, ion: None}


async def test_a_workspace_has_a_name_and_a_zone_as_of_an_instant(desk: Desk) -> None:
    await desk.tells(
        event(WorkspaceConfigured(name="Acme", zone="Europe/Kyiv"), of="acme", by="boss", at=TEN),
        event(WorkspaceConfigured(name="Acme Support", zone="Europe/Chisinau"), of="acme", by="boss", at=ELEVEN),
    )
    zones = [(await desk.ask("workspace", at=at)).zone for at in (NINE, TEN, None)]
    assert zones == ["UTC", "Europe/Kyiv", "Europe/Chisinau"]
