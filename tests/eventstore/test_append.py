"""Appending: outcomes of units, one by one and in batches."""

from uuid import UUID

from domain.envelope import NewEvent
from domain.event import Commitment
from domain.events.conversations import ConversationOpened
from domain.events.items import ItemReceived
from eventstore.store import Append, Outcome, Store
from tests.events import customer, event


def opened(conversation: str = "c1") -> NewEvent:
    return event(ConversationOpened(channel="vk"), conversation=conversation, by="anna", at="2026-03-02T09:00Z")


def asked(text: str = "Where is my parcel?") -> NewEvent:
    return event(ItemReceived(item="i1", text=text), conversation="c1", by=customer("maria"), at="2026-03-02T09:01Z")


async def test_positions_and_versions_count_from_nought(store: Store, workspace: UUID) -> None:
    first, second = await store.append(workspace, [Append((opened("c1"), asked())), Append((opened("c2"),))])

    assert (first.outcome, first.position, first.version) == (Outcome.APPENDED, 1, 1)
    assert (second.outcome, second.position, second.version) == (Outcome.APPENDED, 2, 0)
    assert await store.head(workspace) == 2


async def test_the_same_event_again_is_a_duplicate_at_its_first_place(store: Store, workspace: UUID) -> None:
    await store.append(workspace, [Append((opened(),)), Append((asked(),))])

    (again,) = await store.append(workspace, [Append((asked(),))])

    assert (again.outcome, again.position, again.version) == (Outcome.DUPLICATE, 1, 1)
    assert await store.head(workspace) == 1


async def test_what_was_written_is_read_and_opened(store: Store, workspace: UUID) -> None:
    await store.append(workspace, [Append((asked("Где посылка? 😀"),))])

    (read,) = await store.read(workspace, after=-1, limit=10)
    assert isinstance(read.payload, ItemReceived)
    assert isinstance(read.payload.text, Commitment)
    (opened_again,) = await store.open(workspace, [read])
    assert isinstance(opened_again.payload, ItemReceived)
    assert opened_again.payload.text == "Где посылка? 😀"
