"""Events and shorthands of the ledger's tests."""

import random
from collections.abc import Iterator
from uuid import UUID

from domain.envelope import Actor, NewEvent
from domain.event import Event
from domain.events.conversations import ConversationClaimed, ConversationOpened, ConversationTagged
from domain.events.customers import CustomerNamed
from domain.events.directory import OperatorRenamed
from domain.events.items import ItemReceived
from domain.events.replies import ReplySent
from domain.instants import MINUTE, parse_instant
from domain.words import ActorType
from eventstore.store import Append, Appended, Outcome, Store
from tests.events import customer, event

MORNING = parse_instant("2026-03-02T09:00:00Z")


def opened(conversation: str = "c1", *, channel: str = "vk") -> NewEvent:
    return event(ConversationOpened(channel=channel), conversation=conversation, by="anna", at=MORNING)


def tagged(number: int, conversation: str = "c1") -> NewEvent:
    return event(ConversationTagged(tag=f"t{number}"), conversation=conversation, by="anna", at=MORNING + number)


def asked(text: str = "Where is my parcel?", *, by: str = "maria", conversation: str = "c1") -> NewEvent:
    return event(ItemReceived(item="i1", text=text), conversation=conversation, by=customer(by), at=MORNING + MINUTE)


def replied(text: str = "On its way.", *, to: str | None = "maria", conversation: str = "c1") -> NewEvent:
    reply = ReplySent(reply="r1", text=text, customer=to)
    return event(reply, conversation=conversation, by="anna", at=MORNING + 2 * MINUTE, ip="192.0.2.7")


def named(name: str, *, of: str = "maria") -> NewEvent:
    return event(CustomerNamed(name=name), customer=of, by="anna", at=MORNING)


async def append(store: Store, workspace: UUID, *events: NewEvent) -> list[Appended]:
    """Each event a unit of its own."""
    return await store.append(workspace, [Append((one,)) for one in events])


def outcomes(appended: list[Appended]) -> list[Outcome]:
    return [one.outcome for one in appended]


def busy_desk(chance: random.Random, count: int) -> Iterator[NewEvent]:
    """Events of all sorts on a few streams, each with an id of its own."""
    for number in range(count):
        conversation, person = f"c{chance.randrange(5)}", f"k{chance.randrange(4)}"
        payload, stream, actor = chance.choice(_sorts(number, conversation, person))
        yield event(
            payload, by=actor, at=MORNING + number, order=number, id=UUID(int=chance.getrandbits(128)), of=stream
        )


def _sorts(number: int, conversation: str, person: str) -> list[tuple[Event, str, Actor]]:
    anna = Actor(ActorType.OPERATOR, "anna")
    return [
        (ConversationOpened(channel="vk", customer=person, heading=f"heading {number}"), conversation, anna),
        (ConversationClaimed(team="night"), conversation, anna),
        (ConversationTagged(tag=f"tag {number}"), conversation, anna),
        (ItemReceived(item=f"i{number}", text=f"words {number}"), conversation, customer(person)),
        (ReplySent(reply=f"r{number}", text=f"answer {number}", customer=person), conversation, anna),
        (CustomerNamed(name=f"name {number}"), person, anna),
        (OperatorRenamed(name=f"Anna {number}"), "anna", anna),
    ]
