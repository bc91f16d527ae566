"""A desk's events, as many as are asked for, in the order in which they happened."""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count as counting
from itertools import islice
from random import Random
from uuid import UUID

from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.event import Event
from domain.events.conversations import ConversationClaimed, ConversationOpened, ConversationResolved, FocusTaken
from domain.events.directory import OperatorJoined, TeamNamed
from domain.events.items import ItemReceived
from domain.events.replies import ReplySent
from domain.events.surveys import SurveyAnswered
from domain.instants import DAY, MINUTE, SECOND, Instant
from domain.words import ActorType, Kind, Subject, SurveyScale

BEGIN: Instant = 1_735_689_600 * SECOND
"""2025-01-01."""
A_DAY = 3_400
"""How many events a day has."""
OPERATORS = 40
TEAMS = 5
WORDS = ("order", "parcel", "refund", "please", "where", "when", "invoice", "account", "password", "thank", "you")


def events(count: int, *, seed: int = 1) -> Iterator[NewEvent]:
    """The first `count` events of a desk; more of them last longer, at the same pace with the same operators."""
    chance = Random(seed)  # noqa: S311  # chance, not secrets
    yield from islice(_in_order(chance), count)


def _in_order(chance: Random) -> Iterator[NewEvent]:
    for team in range(TEAMS):
        yield _new(chance, BEGIN, Subject.TEAM, f"team-{team}", _SYSTEM, TeamNamed(name=f"Team {team}"))
    for operator in range(OPERATORS):
        joined = OperatorJoined(name=f"Operator {operator}", team=f"team-{operator % TEAMS}")
        yield _new(chance, BEGIN, Subject.OPERATOR, f"operator-{operator}", _SYSTEM, joined)
    waiting: list[tuple[Instant, int, NewEvent]] = []
    numbers = counting()
    for conversation in counting():
        begins = BEGIN + conversation * DAY * 9 // A_DAY
        while waiting and waiting[0][0] <= begins:
            yield heappop(waiting)[2]
        for event in _conversation(chance, conversation, begins):
            heappush(waiting, (event.envelope.occurred_at, next(numbers), event))


_SYSTEM = Actor(ActorType.SYSTEM, "desk")


def _conversation(chance: Random, number: int, at: Instant) -> Iterator[NewEvent]:
    """About nine events: opened, two rounds of item and reply, resolved, now and then rated."""
    name = f"conversation-{number}"
    customer = f"customer-{chance.randrange(1 + number // 3)}"
    writer = Actor(ActorType.CUSTOMER, customer)
    someone = chance.randrange(OPERATORS)
    operator = Actor(ActorType.OPERATOR, f"operator-{someone}")

    def happens(actor: Actor, payload: Event) -> NewEvent:
        return _new(chance, at, Subject.CONVERSATION, name, actor, payload)

    kind = list(Kind)[number % 3]
    opened = ConversationOpened(
        channel=f"channel-{number % 4}",
        community=f"community-{number % 6}",
        kind=kind,
        team=f"team-{someone % TEAMS}",
        customer=customer,
    )
    yield happens(_SYSTEM, opened)
    for turn in range(2):
        at += chance.randrange(5 * SECOND, 10 * MINUTE)
        yield happens(writer, ItemReceived(item=f"{name}-{turn}", text=_text(chance), kind=kind))
        if turn == 0:
            at += chance.randrange(5 * SECOND, 10 * MINUTE)
            yield happens(operator, ConversationClaimed())
        yield happens(operator, FocusTaken())
        at += chance.randrange(30 * SECOND, 20 * MINUTE)
        yield happens(operator, ReplySent(reply=f"{name}-r{turn}", text=_text(chance), customer=customer))
    at += chance.randrange(30 * SECOND, 20 * MINUTE)
    yield happens(operator, ConversationResolved())
    if number % 4 == 0:
        at += chance.randrange(30 * SECOND, 120 * MINUTE)
        rating = SurveyAnswered(survey=f"{name}-s", scale=SurveyScale.RATING_1_5, score=chance.randrange(1, 6))
        yield happens(writer, rating)


def _text(chance: Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randrange(4, 16)))


def _new(chance: Random, at: Instant, subject: Subject, of: str, actor: Actor, payload: Event) -> NewEvent:
    identity = UUID(int=chance.getrandbits(128), version=4)
    envelope = Envelope(id=identity, stream=Stream(subject, of), actor=actor, occurred_at=at, source="benchmark")
    return NewEvent(envelope, payload)
