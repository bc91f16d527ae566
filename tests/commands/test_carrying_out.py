"""Commands over a real ledger: once each, in whatever company."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.client import Client
from api.commands import Commands, Done, Request, event_id, fresh_id
from domain.command import Command
from domain.commands.conversations import (
    AssignConversation,
    ClaimConversation,
    CloseConversation,
    MergeConversation,
    OpenConversation,
    PutConversationOnHold,
    ResolveConversation,
    ResumeConversation,
    TagConversation,
)
from domain.commands.customers import BlockCustomer, MergeCustomers, NoteOnCustomer, UnblockCustomer
from domain.commands.items import HideComment
from domain.commands.replies import SendReply
from domain.envelope import Actor, RecordedEvent, Stream
from domain.errors import CommandRefused, InvalidEvent, InvalidInput
from domain.event import Commitment, Event
from domain.events.conversations import (
    ConversationClaimed,
    ConversationClosed,
    ConversationResolved,
    ConversationResumed,
)
from domain.events.customers import CustomerBlocked
from domain.events.directory import OperatorLeft
from domain.events.items import CommentHidden, ItemReceived
from domain.events.presence import PresenceChanged
from domain.events.replies import ReplySent
from domain.instants import DAY, HOUR, MINUTE, Instant
from domain.words import ActorType, Outcome, Presence, Subject
from eventstore import clock
from eventstore.database import Database
from eventstore.store import Append, Store
from eventstore.vault import Vault
from tests.events import customer, event

ANNA = Actor(ActorType.OPERATOR, "anna")
BORIS = Actor(ActorType.OPERATOR, "boris")
C1 = Stream(Subject.CONVERSATION, "c1")
CLAIM = ClaimConversation(conversation="c1")
CLOSE = CloseConversation(conversation="c1", outcome=Outcome.SOLVED)


class Desk:
    """A workspace in which commands are carried out and facts are recorded."""

    def __init__(self, database: Database, store: Store, vault: Vault, workspace: UUID) -> None:
        self.database = database
        self.store = store
        self.vault = vault
        self.workspace = workspace
        self.commands = Commands(database, store, vault)

    async def happened(self, payload: Event, *, of: str, by: Actor = ANNA, at: Instant | None = None) -> None:
        fact = event(payload, of=of, by=by, at=at or clock.now() - HOUR)
        (appended,) = await self.store.append(self.workspace, [Append((fact,))])
        assert appended.outcome == "APPENDED"

    async def wants(self, command: Command, *, by: Actor = ANNA, key: str | None = None) -> Done:
        return await self.commands.carry_out(self.workspace, Request(command, by, key or str(uuid4())))

    async def all_want(self, requests: Sequence[Request]) -> list[Done | BaseException]:
        """At once."""
        return await asyncio.gather(
            *(self.commands.carry_out(self.workspace, request) for request in requests), return_exceptions=True
        )

    async def events(self) -> list[RecordedEvent]:
        return await self.store.open(self.workspace, await self.store.read(self.workspace, after=-1, limit=1000))

    async def payloads(self) -> list[Event]:
        return [one.payload for one in await self.events()]


@pytest.fixture
async def desk(database: Database, store: Store, vault: Vault, workspace: UUID) -> Desk:
    """A desk where a customer wrote an hour ago."""
    desk = Desk(database, store, vault, workspace)
    await desk.happened(ItemReceived(item="i1", text="Where is it?"), of="c1", by=customer("maria"))
    return desk


async def test_what_is_wanted_is_done_and_stands_in_the_ledger(desk: Desk) -> None:
    before = clock.now()
    done = await desk.wants(CLAIM, key="k1")
    last = (await desk.events())[-1]
    assert done == Done((event_id(desk.workspace, "k1", 0),), 1, last.envelope.occurred_at, repeated=False)
    assert (last.position, last.version, last.payload) == (1, 1, ConversationClaimed())
    assert (last.envelope.actor, last.envelope.stream, last.envelope.interface) == (ANNA, C1, "api")
    assert before <= last.envelope.occurred_at <= clock.now()


async def test_what_is_refused_leaves_nothing_behind(desk: Desk) -> None:
    await desk.wants(CLOSE)
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(CLOSE)
    assert refused.value.detail == "ALREADY_CLOSED"
    assert len(await desk.events()) == 2


async def test_the_first_wish_opens_a_stream(desk: Desk) -> None:
    await desk.wants(OpenConversation(conversation="c2", customer="maria"))
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(OpenConversation(conversation="c2"))
    assert refused.value.detail == "CONVERSATION_EXISTS"


async def test_a_reply_that_resolves_is_two_events_or_none(desk: Desk) -> None:
    wish = SendReply(conversation="c1", reply="r1", text="On its way", and_resolve=True)
    done = await desk.wants(wish, key="k1")
    assert (await desk.payloads())[1:] == [ReplySent(reply="r1", text="On its way"), ConversationResolved()]
    assert done.position == 2
    assert done.events == (event_id(desk.workspace, "k1", 0), event_id(desk.workspace, "k1", 1))
    with pytest.raises(CommandRefused):
        await desk.wants(SendReply(conversation="c1", reply="r2", text="On its way", and_resolve=True))
    assert len(await desk.events()) == 3


async def test_of_two_closings_at_once_one_wins_and_the_other_is_refused(desk: Desk) -> None:
    answers = await desk.all_want([Request(CLOSE, ANNA, "a"), Request(CLOSE, BORIS, "b")])
    refused = [answer for answer in answers if isinstance(answer, CommandRefused)]
    assert [one.detail for one in refused] == ["ALREADY_CLOSED"]
    assert [type(one) for one in await desk.payloads()] == [ItemReceived, ConversationClosed]


async def test_of_ten_who_claim_at_once_one_holds_it(desk: Desk) -> None:
    operators = [Actor(ActorType.OPERATOR, f"operator-{number}") for number in range(10)]
    answers = await desk.all_want([Request(CLAIM, one, one.id) for one in operators])
    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert {one.detail for one in answers if isinstance(one, CommandRefused)} == {"HELD_BY_ANOTHER"}
    assert len(await desk.events()) == 2


async def test_wishes_that_do_not_exclude_each_other_are_all_granted(desk: Desk) -> None:
    answers = await desk.all_want(
        [Request(TagConversation(conversation="c1", tag=str(n)), ANNA, str(n)) for n in range(8)]
    )
    assert [answer for answer in answers if not isinstance(answer, Done)] == []
    assert len(await desk.events()) == 9


async def test_the_same_key_ten_times_at_once_is_one_wish(desk: Desk) -> None:
    answers = await desk.all_want([Request(CLOSE, ANNA, "k1")] * 10)
    assert [answer for answer in answers if not isinstance(answer, Done)] == []
    assert len({(one.events, one.position, one.occurred_at) for one in answers if isinstance(one, Done)}) == 1
    assert sum(not one.repeated for one in answers if isinstance(one, Done)) == 1
    assert [type(one) for one in await desk.payloads()] == [ItemReceived, ConversationClosed]


async def test_the_same_key_in_two_processes_at_once_is_one_wish(desk: Desk, database_url: str, vault: Vault) -> None:
    """Two stores that share nothing but the database, as two processes would."""
    database = await Database.open(database_url)
    other = Store(database, vault)
    both = [desk.commands, Commands(database, other, vault)]
    try:
        answers = await asyncio.gather(*(one.carry_out(desk.workspace, Request(CLOSE, ANNA, "k1")) for one in both * 4))
    finally:
        await other.close()
        await database.close()
    assert len({(one.events, one.position) for one in answers}) == 1
    assert [type(one) for one in await desk.payloads()] == [ItemReceived, ConversationClosed]


async def test_a_repetition_is_answered_before_it_is_decided(desk: Desk) -> None:
    """A claim repeated after the conversation went to somebody else and was closed is still that claim."""
    first = await desk.wants(CLAIM, key="k1")
    await desk.wants(AssignConversation(conversation="c1", assignee="boris"))
    await desk.wants(CLOSE)
    again = await desk.wants(CLAIM, key="k1")
    assert (again.events, again.position, again.occurred_at) == (first.events, first.position, first.occurred_at)
    assert again.repeated
    assert len(await desk.events()) == 4


async def test_a_repeated_reply_is_told_from_other_words(desk: Desk) -> None:
    wish = SendReply(conversation="c1", reply="r1", text="On its way")
    await desk.wants(wish, key="k1")
    assert (await desk.wants(wish, key="k1")).repeated
    for other in (
        SendReply(conversation="c1", reply="r1", text="Lost"),
        SendReply(conversation="c1", reply="r2", text="On its way"),
        SendReply(conversation="c1", reply="r1", text="On its way", and_resolve=True),
        ResolveConversation(conversation="c1"),
        CloseConversation(conversation="c1", outcome=Outcome.SOLVED),
    ):
        with pytest.raises(InvalidInput) as refused:
            await desk.wants(other, key="k1")
        assert (refused.value.detail, refused.value.path) == ("IDEMPOTENCY_KEY_REUSED", ("idempotency_key",))
    assert len(await desk.events()) == 2


async def test_a_wish_is_the_same_wherever_it_is_sent_again_from(desk: Desk) -> None:
    for client in (Client("192.0.2.7", "Desktop"), Client("198.51.100.1", "Phone"), Client("192.0.2.7"), Client()):
        await desk.commands.carry_out(desk.workspace, Request(CLAIM, ANNA, "k1", client=client))
    _, claimed = await desk.events()
    assert (claimed.envelope.ip, claimed.envelope.user_agent) == ("192.0.2.7", "Desktop")
    for client in (Client(), Client("192.0.2.7")):
        await desk.commands.carry_out(desk.workspace, Request(CLOSE, ANNA, "k2", client=client))
    assert len(await desk.events()) == 3


async def test_a_wish_sent_at_once_from_two_places_is_one(desk: Desk) -> None:
    requests = [Request(CLOSE, ANNA, "k1", client=Client(f"192.0.2.{number}")) for number in range(5)]
    answers = await desk.all_want(requests)
    assert [answer for answer in answers if not isinstance(answer, Done)] == []
    assert len(await desk.events()) == 2


async def test_a_wish_of_somebody_who_was_forgotten_since_is_still_the_same(
    desk: Desk, as_login: Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]
) -> None:
    first = Request(CLAIM, ANNA, "k1", client=Client("192.0.2.7", "Desktop"))
    await desk.commands.carry_out(desk.workspace, first)
    login = await as_login()
    await login.execute(
        "UPDATE vault_subjects SET lookup = NULL, wrapped_key = NULL, external = NULL "
        "WHERE workspace_id = $1 AND kind = 'operator'",
        desk.workspace,
    )
    await login.close()
    desk.vault.forget(desk.workspace)
    assert isinstance((await desk.events())[1].envelope.ip, Commitment)
    assert (await desk.commands.carry_out(desk.workspace, first)).repeated


async def test_half_a_wish_is_another_wish(desk: Desk) -> None:
    await desk.wants(SendReply(conversation="c1", reply="r1", text="On its way", and_resolve=True), key="k1")
    with pytest.raises(InvalidInput):
        await desk.wants(SendReply(conversation="c1", reply="r1", text="On its way"), key="k1")


async def test_a_key_belongs_to_who_used_it(desk: Desk) -> None:
    await desk.wants(CLAIM, by=ANNA, key="k1")
    with pytest.raises(InvalidInput) as refused:
        await desk.wants(CLAIM, by=BORIS, key="k1")
    assert refused.value.detail == "IDEMPOTENCY_KEY_REUSED"


async def test_a_key_of_another_workspace_is_another_key(desk: Desk) -> None:
    elsewhere = uuid4()
    await desk.store.create_ledger(elsewhere)
    wish = OpenConversation(conversation=fresh_id(elsewhere, "k1"))
    await desk.commands.carry_out(elsewhere, Request(wish, ANNA, "k1"))
    assert not (await desk.wants(CLAIM, key="k1")).repeated


async def test_a_customer_is_one_whatever_the_id_they_are_called_by(desk: Desk) -> None:
    await desk.wants(BlockCustomer(customer="maria"), key="k1")
    pseudonym = str(await desk.vault.find(desk.workspace, "maria"))
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(BlockCustomer(customer=pseudonym))
    assert refused.value.detail == "CUSTOMER_ALREADY_BLOCKED"
    assert (await desk.wants(BlockCustomer(customer=pseudonym), key="k1")).repeated
    await desk.wants(UnblockCustomer(customer=pseudonym))
    last = (await desk.events())[-1]
    assert last.envelope.stream == Stream(Subject.CUSTOMER, pseudonym)


async def test_nobody_is_merged_into_themselves_under_two_ids(desk: Desk) -> None:
    pseudonym = str(await desk.vault.find(desk.workspace, "maria"))
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(MergeCustomers(customer="maria", into=pseudonym))
    assert refused.value.detail == "MERGE_INTO_ITSELF"


async def test_a_customer_of_whom_nothing_is_known_can_be_blocked_by_one_only(desk: Desk) -> None:
    answers = await desk.all_want([Request(BlockCustomer(customer="petru"), ANNA, key) for key in ("a", "b", "c")])
    assert [one.detail for one in answers if isinstance(one, CommandRefused)] == ["CUSTOMER_ALREADY_BLOCKED"] * 2
    assert [type(one) for one in await desk.payloads()] == [ItemReceived, CustomerBlocked]


async def test_who_left_is_found_in_their_own_stream(desk: Desk) -> None:
    await desk.happened(OperatorLeft(), of="boris")
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(AssignConversation(conversation="c1", assignee="boris"))
    assert refused.value.detail == "OPERATOR_HAS_LEFT"


async def test_a_conversation_goes_on_in_one_that_is_known(desk: Desk) -> None:
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(MergeConversation(conversation="c1", into="c2"))
    assert refused.value.detail == "MERGE_TARGET_UNKNOWN"
    await desk.happened(ItemReceived(item="j1"), of="c2", by=customer("maria"))
    await desk.wants(MergeConversation(conversation="c1", into="c2"))


async def test_what_was_decided_comes_after_what_it_was_decided_upon(desk: Desk) -> None:
    """A desk whose clock runs ahead recorded an item that is still to come; the closing follows it all the same."""
    ahead = clock.now() + HOUR
    await desk.happened(ItemReceived(item="i2"), of="c1", by=customer("maria"), at=ahead)
    done = await desk.wants(CLOSE)
    assert done.occurred_at == ahead + 1
    with pytest.raises(CommandRefused):
        await desk.wants(CLOSE)


async def test_a_clock_that_runs_ahead_by_a_day_does_not_drag_commands_beyond_what_is_accepted(desk: Desk) -> None:
    await desk.happened(ItemReceived(item="i2"), of="c1", by=customer("maria"), at=clock.now() + DAY - 1000)
    done = [await desk.wants(TagConversation(conversation="c1", tag=tag)) for tag in ("a", "b", "c")]
    assert [one.position for one in done] == [2, 3, 4]
    assert done[-1].occurred_at <= clock.now() + DAY


async def test_a_late_fact_takes_its_place_in_what_is_known_already(desk: Desk) -> None:
    """The conversation was put on hold after the customer's late item; so it still waits for the customer."""
    await desk.wants(PutConversationOnHold(conversation="c1"))
    await desk.happened(ItemReceived(item="i0"), of="c1", by=customer("maria"), at=clock.now() - DAY)
    await desk.wants(ResumeConversation(conversation="c1"))
    await desk.wants(HideComment(conversation="c1", item="i0"))
    assert [type(one) for one in await desk.payloads()][-2:] == [ConversationResumed, CommentHidden]


async def test_what_another_process_did_is_known_at_the_next_decision(desk: Desk, store: Store, vault: Vault) -> None:
    other = Commands(desk.database, store, vault)
    await desk.wants(CLAIM)
    await other.carry_out(desk.workspace, Request(CLOSE, BORIS, "k1"))
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(ResolveConversation(conversation="c1"))
    assert refused.value.detail == "NOTHING_TO_RESOLVE"


async def test_a_stream_of_many_pages_is_read_to_its_end(desk: Desk) -> None:
    """An operator's comings and goings of a year; the last of them is that they left."""
    begin = clock.now() - 90 * DAY
    stays = [
        event(PresenceChanged(presence=presence), of="boris", by=BORIS, at=begin + number * MINUTE)
        for number, presence in enumerate([Presence.ONLINE, Presence.AWAY] * 1_250)
    ]
    await desk.store.load(desk.workspace, stays)
    await desk.happened(OperatorLeft(), of="boris")
    with pytest.raises(CommandRefused) as refused:
        await desk.wants(AssignConversation(conversation="c1", assignee="boris"))
    assert refused.value.detail == "OPERATOR_HAS_LEFT"


async def test_words_beyond_the_limit_are_refused_with_the_limit(desk: Desk) -> None:
    with pytest.raises(InvalidEvent, match="65536") as refused:
        await desk.wants(NoteOnCustomer(customer="maria", text="x" * 70_000))
    assert refused.value.detail == "TOO_LARGE"
    assert len(await desk.events()) == 1
