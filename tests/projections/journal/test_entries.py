"""What an entry shows: who, where, about what; the content before and after, and what was being answered."""

from uuid import UUID

import pytest

from domain.envelope import Actor, NewEvent
from domain.errors import InvalidQuestion, Unavailable
from domain.events.conversations import ConversationClosed, ConversationOpened, ConversationTransferred
from domain.events.customers import CustomerBlocked
from domain.events.directory import CommunityNamed, OperatorJoined, OperatorJoinedTeam
from domain.events.items import CommentDeleted, ItemEdited, ItemReceived, ItemWithdrawn
from domain.events.presence import PresenceChanged
from domain.events.replies import NoteAdded, ReplyDeleted, ReplyEdited, ReplySent
from domain.instants import parse_instant
from domain.words import ActorType, Confidence, Kind, Outcome, Presence
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault
from projections.journal.filter import Filter, Order
from projections.journal.projection import Journal
from projections.journal.query import Entry, Page, count, entries, entries_at, entries_of
from tests.events import bot, customer, event
from tests.projections.filling import append, fill

MARIA, ION = customer("maria"), customer("ion")


class Desk:
    """A journal with a history in it."""

    def __init__(self, database: Database, store: Store, workspace: UUID) -> None:
        self._database, self._store, self._workspace = database, store, workspace

    async def tells(self, *events: NewEvent) -> None:
        await append(self._store, self._workspace, events)
        await fill(self._database, self._store, Journal(self._store), self._workspace)

    async def page(self, filter_: Filter = Filter(), **how: object) -> Page:  # noqa: B008 - a frozen value
        async with self._database.transaction(self._workspace, snapshot=True) as connection:
            return await entries(connection, self._store, self._workspace, filter_, **how)  # type: ignore[arg-type] # handed through as it is

    async def entries(self, filter_: Filter = Filter(), **how: object) -> list[Entry]:  # noqa: B008 - a frozen value
        return list((await self.page(filter_, **how)).entries)

    async def last(self) -> Entry:
        (entry,) = await self.entries(limit=1, backwards=True)
        return entry


@pytest.fixture
def desk(database: Database, store: Store, workspace: UUID) -> Desk:
    return Desk(database, store, workspace)


def words(entry: Entry | None) -> object:
    return None if entry is None else getattr(entry.event.payload, "text", None)


async def test_a_reply_shows_what_it_answers_as_it_was_then(desk: Desk) -> None:
    await desk.tells(
        event(
            ItemReceived(item="i1", text="Where is my parcel"), by=MARIA, at="2026-03-02T09:00:00Z", conversation="c"
        ),
        event(ItemEdited(item="i1", text="Where is my parcel?"), by=MARIA, at="2026-03-02T09:01:00Z", conversation="c"),
        event(ReplySent(reply="r1", text="On its way"), by="anna", at="2026-03-02T09:05:00Z", conversation="c"),
        event(ItemEdited(item="i1", text="Forget it"), by=MARIA, at="2026-03-02T09:06:00Z", conversation="c"),
    )
    received, edited, replied, again = await desk.entries()
    assert replied.answers is not None
    assert replied.answers.payload == ItemEdited(item="i1", text="Where is my parcel?")
    assert words(replied) == "On its way"
    assert (received.before, received.answers) == (None, None)
    assert edited.before == received.event
    assert again.before == edited.event


async def test_a_named_item_is_what_is_answered_though_later_ones_wait(desk: Desk) -> None:
    await desk.tells(
        event(ItemReceived(item="i1", text="First"), by=MARIA, at="2026-03-02T09:00:00Z", conversation="c"),
        event(ItemReceived(item="i2", text="Second"), by=ION, at="2026-03-02T09:01:00Z", conversation="c"),
        event(ReplySent(reply="r1", in_reply_to="i1"), by="anna", at="2026-03-02T09:05:00Z", conversation="c"),
        event(ReplySent(reply="r2"), by="anna", at="2026-03-02T09:06:00Z", conversation="c"),
    )
    first, second, to_first, to_last = await desk.entries()
    assert to_first.answers == first.event
    assert to_first.customer == first.customer
    assert to_last.answers == second.event
    assert to_last.customer == second.customer != first.customer


async def test_a_deleted_comment_is_still_there_with_who_wrote_it_and_who_deleted_it(
    desk: Desk, vault: Vault, workspace: UUID
) -> None:
    await desk.tells(
        event(ConversationOpened(community="page"), by=bot(), at="2026-03-02T08:59:00Z", conversation="c"),
        event(
            ItemReceived(item="i1", text="Shame on you", kind=Kind.COMMENT),
            by=MARIA,
            at="2026-03-02T09:00:00Z",
            conversation="c",
        ),
        event(
            ItemReceived(item="i2", text="Indeed", kind=Kind.COMMENT),
            by=ION,
            at="2026-03-02T09:01:00Z",
            conversation="c",
        ),
        event(CommentDeleted(item="i1"), by="boris", at="2026-03-02T09:05:00Z", conversation="c"),
    )
    (deleted,) = await desk.entries(Filter(types=("comment.deleted",)))
    assert deleted.before is not None
    assert deleted.before.payload == ItemReceived(item="i1", text="Shame on you", kind=Kind.COMMENT)
    assert (deleted.operator, deleted.item, deleted.kind, deleted.community) == ("boris", "i1", Kind.COMMENT, "page")
    assert deleted.customer is not None
    assert await vault.externals(workspace, [UUID(deleted.customer)]) == {UUID(deleted.customer): "maria"}


async def test_an_edited_or_deleted_reply_shows_its_words_before_and_what_it_answered(desk: Desk) -> None:
    await desk.tells(
        event(ItemReceived(item="i1", text="Hello?"), by=MARIA, at="2026-03-02T09:00:00Z", conversation="c"),
        event(ReplySent(reply="r1", text="Go away"), by="anna", at="2026-03-02T09:05:00Z", conversation="c"),
        event(ReplyEdited(reply="r1", text="Good day"), by="anna", at="2026-03-02T09:06:00Z", conversation="c"),
        event(ReplyDeleted(reply="r1"), by="anna", at="2026-03-02T09:07:00Z", conversation="c"),
    )
    asked, sent, edited, deleted = await desk.entries()
    assert (edited.before, edited.answers) == (sent.event, asked.event)
    assert (deleted.before, deleted.answers) == (edited.event, asked.event)


async def test_a_late_event_corrects_the_entries_behind_it(desk: Desk) -> None:
    await desk.tells(
        event(ReplySent(reply="r1", text="Yes"), by="anna", at="2026-03-02T09:05:00Z", conversation="c"),
        event(ConversationClosed(outcome=Outcome.SOLVED), by="anna", at="2026-03-02T09:06:00Z", conversation="c"),
    )
    assert (await desk.last()).channel is None
    await desk.tells(
        event(
            ItemReceived(item="i1", text="Open?", channel="vk", team="first line"),
            by=MARIA,
            at="2026-03-02T09:00:00Z",
            conversation="c",
        )
    )
    replied, closed, asked = await desk.entries()
    assert replied.answers == asked.event
    assert [(entry.channel, entry.team) for entry in (replied, closed)] == [("vk", "first line")] * 2
    assert {entry.customer for entry in (replied, closed, asked)} == {asked.customer}


async def test_an_entry_counts_for_the_queue_it_was_done_in_else_for_the_operators_team(desk: Desk) -> None:
    await desk.tells(
        event(OperatorJoined(team="helpers"), operator="anna", by="boss", at="2026-03-02T08:00:00Z"),
        event(ReplySent(reply="r1"), by="anna", at="2026-03-02T09:00:00Z", conversation="c"),
        event(ConversationOpened(team="first line"), by="anna", at="2026-03-02T09:01:00Z", conversation="c"),
        event(ConversationTransferred(to_team="second line"), by="anna", at="2026-03-02T09:02:00Z", conversation="c"),
        event(ReplySent(reply="r2"), by="anna", at="2026-03-02T09:03:00Z", conversation="c"),
        event(PresenceChanged(presence=Presence.AWAY), operator="anna", by="anna", at="2026-03-02T09:04:00Z"),
    )
    teams = [entry.team for entry in await desk.entries(Filter(operators=("anna",)))]
    assert teams == ["helpers", "first line", "first line", "second line", "helpers"]


async def test_a_membership_learnt_late_corrects_the_operators_entries_outside_queues(desk: Desk) -> None:
    await desk.tells(
        event(NoteAdded(note="n1"), by="anna", at="2026-03-02T09:00:00Z", conversation="c"),
        event(ConversationOpened(team="first line"), by="anna", at="2026-03-02T09:30:00Z", conversation="c2"),
        event(NoteAdded(note="n2"), by="anna", at="2026-03-02T10:00:00Z", conversation="c"),
        event(NoteAdded(note="n3"), by="boris", at="2026-03-02T10:00:00Z", conversation="c"),
    )
    await desk.tells(event(OperatorJoinedTeam(team="helpers"), operator="anna", by="boss", at="2026-03-02T09:15:00Z"))
    assert [entry.team for entry in await desk.entries(limit=4)] == [None, "first line", "helpers", None]


async def test_who_acted_and_in_whose_name(desk: Desk) -> None:
    inferred = Actor(ActorType.OPERATOR, "anna", Confidence.INFERRED)
    await desk.tells(
        event(ConversationClosed(outcome=Outcome.SOLVED), by=inferred, at="2026-03-02T09:00:00Z", conversation="c"),
        event(ReplySent(reply="r1"), by=bot("robot"), at="2026-03-02T09:01:00Z", conversation="c", on_behalf_of="anna"),
        event(ReplySent(reply="r2"), by=bot("robot"), at="2026-03-02T09:02:00Z", conversation="c"),
    )
    closed, in_her_name, by_itself = await desk.entries()
    assert (closed.operator, closed.inferred) == ("anna", True)
    assert (in_her_name.operator, in_her_name.actor_type, in_her_name.actor_id) == ("anna", ActorType.BOT, "robot")
    assert (by_itself.operator, by_itself.inferred) == (None, False)
    assert await desk.entries(Filter(operators=("anna",), inferred=False)) == [in_her_name]


async def test_what_is_done_to_customers_and_communities_stands_in_their_journals(desk: Desk) -> None:
    await desk.tells(
        event(ItemReceived(item="i1"), by=MARIA, at="2026-03-02T09:00:00Z", conversation="c"),
        event(
            CustomerBlocked(community="page", conversation="c"), customer="maria", by="anna", at="2026-03-02T09:01:00Z"
        ),
        event(CommunityNamed(name="Page", channel="vk"), of="page", by="boss", at="2026-03-02T09:02:00Z"),
    )
    wrote, blocked, named = await desk.entries()
    assert wrote.customer is not None
    assert await desk.entries(Filter(customers=(wrote.customer,))) == [wrote, blocked]
    assert await desk.entries(Filter(conversations=("c",))) == [wrote, blocked]
    assert await desk.entries(Filter(communities=("page",))) == [blocked, named]
    assert await desk.entries(Filter(channels=("vk",))) == [named]


async def test_order_of_the_ledger_and_of_occurrence(desk: Desk) -> None:
    await desk.tells(
        event(NoteAdded(note="second"), by="anna", at="2026-03-02T10:00:00Z", conversation="c", order=1),
        event(NoteAdded(note="third"), by="anna", at="2026-03-02T10:00:00Z", conversation="c", order=2),
        event(NoteAdded(note="first"), by="anna", at="2026-03-02T09:00:00Z", conversation="c"),
    )
    assert [entry.item for entry in await desk.entries()] == ["second", "third", "first"]
    happened = await desk.entries(order=Order.OCCURRENCE)
    assert [entry.item for entry in happened] == ["first", "second", "third"]
    assert [
        entry.item for entry in await desk.entries(order=Order.OCCURRENCE, after=happened[0].position, limit=1)
    ] == ["second"]
    backwards = await desk.page(order=Order.OCCURRENCE, limit=2, backwards=True)
    assert [entry.item for entry in backwards.entries] == ["second", "third"]
    assert backwards.more


async def test_a_page_says_how_far_the_journal_reaches(desk: Desk) -> None:
    await desk.tells(event(NoteAdded(note="n"), by="anna", at="2026-03-02T10:00:00Z", conversation="c"))
    page = await desk.page(Filter(operators=("boris",)))
    assert (page.entries, page.more, page.checkpoint) == ((), False, 0)


async def test_a_cursor_that_names_no_entry_is_refused_in_order_of_occurrence(desk: Desk) -> None:
    await desk.tells(event(NoteAdded(note="n"), by="anna", at="2026-03-02T10:00:00Z", conversation="c"))
    with pytest.raises(InvalidQuestion) as refused:
        await desk.entries(order=Order.OCCURRENCE, after=17)
    assert refused.value.detail == "CURSOR"


async def test_words_stay_sealed_unless_they_are_asked_for(desk: Desk) -> None:
    await desk.tells(event(NoteAdded(note="n", text="Careful"), by="anna", at="2026-03-02T10:00:00Z", conversation="c"))
    (sealed,) = await desk.entries(words=False)
    assert words(sealed) != "Careful"
    (opened,) = await desk.entries()
    assert words(opened) == "Careful"


async def test_entries_are_found_by_position_and_by_event(
    desk: Desk, database: Database, store: Store, workspace: UUID
) -> None:
    told = event(NoteAdded(note="n"), by="anna", at="2026-03-02T10:00:00Z", conversation="c")
    await desk.tells(told)
    async with database.transaction(workspace, snapshot=True) as connection:
        at = await entries_at(connection, store, workspace, [0, 1])
        of = await entries_of(connection, store, workspace, [told.envelope.id])
        counted = await count(connection, store, workspace, Filter(operators=("anna",)), limit=1)
    assert set(at) == {0}
    assert of == {told.envelope.id: at[0]}
    assert (counted.value, counted.exact) == (1, True)


async def test_a_journal_that_was_never_begun_is_unavailable(database: Database, store: Store, workspace: UUID) -> None:
    async with database.transaction(workspace, snapshot=True) as connection:
        with pytest.raises(Unavailable) as refused:
            await entries(connection, store, workspace, Filter())
    assert refused.value.detail == "NOT_BEGUN"


async def test_withdrawn_words_are_kept(desk: Desk) -> None:
    await desk.tells(
        event(ItemReceived(item="i1", text="Never mind"), by=MARIA, at="2026-03-02T09:00:00Z", conversation="c"),
        event(ItemWithdrawn(item="i1"), by=MARIA, at="2026-03-02T09:01:00Z", conversation="c"),
    )
    wrote, withdrew = await desk.entries(Filter(since=parse_instant("2026-03-02T09:00:00Z")))
    assert withdrew.before == wrote.event
