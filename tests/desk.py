"""Random small desks, by seed: everything that changes a figure of a conversation, in plausible and absurd orders."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from domain.envelope import Actor, NewEvent
from domain.event import Event
from domain.events import calls, conversations, costs, customers, directory, items, presence, replies, surveys
from domain.instants import DAY, MINUTE, SECOND, Instant, parse_instant
from domain.words import ActorType, Confidence, CostKind, Kind, Outcome, Presence, Priority, SurveyScale, WaitingFor
from tests.events import bot, customer, event, system

BEGINNING = parse_instant("2026-03-27T20:00:00Z")
"""Two days before clocks change in Europe."""
SPAN = 5 * DAY
OPERATORS = ("anna", "boris", "vera", "igor")
TEAMS = ("red", "blue")
CHANNELS = ("vk", "mail")
COMMUNITIES = ("shop", "club", "news")

T = TypeVar("T")
Making = Callable[[Random], Event]

_ON_THE_LINE = (calls.CallRang, calls.CallHeld, calls.CallResumed, calls.CallEnded, calls.CallAfterWorkEnded)

_BY_CUSTOMERS: tuple[Making, ...] = (
    lambda r: items.ItemReceived(
        item=_item(r),
        kind=_maybe(r, tuple(Kind)),
        channel=_maybe(r, CHANNELS),
        community=_maybe(r, COMMUNITIES),
        team=_maybe(r, TEAMS, 0.2),
    ),
    lambda r: items.ItemReceived(item=_item(r), in_reply_to=_maybe(r, ("i1", "r1"))),
    lambda r: items.ItemWithdrawn(item=_item(r)),
    lambda r: calls.CallOffered(call=_call(r)),
    lambda r: r.choice((calls.CallEnded, calls.CallAbandoned, calls.CallCallbackRequested))(call=_call(r)),
    lambda r: surveys.SurveyAnswered(survey=_survey(r), scale=r.choice(tuple(SurveyScale)), score=r.randrange(11)),
)
_BY_DESK: tuple[Making, ...] = (
    lambda r: replies.ReplySent(reply=_reply(r), in_reply_to=_maybe(r, ("i1", "i2", "i9"))),
    lambda r: replies.ReplySent(reply=_reply(r), automated=r.random() < 0.2),
    lambda r: replies.ReplySent(reply=_reply(r)),
    lambda r: replies.ReplyDeleted(reply=_reply(r)),
    lambda r: replies.NoteAdded(note=_reply(r)),
    lambda r: items.CommentDeleted(item=_item(r)),
    lambda r: items.CommentHidden(item=_item(r)),
    lambda r: items.CommentUnhidden(item=_item(r)),
    lambda r: conversations.ConversationOpened(
        channel=_maybe(r, CHANNELS), team=_maybe(r, TEAMS), proactive=_maybe(r, (True, False), 0.3)
    ),
    lambda _: conversations.ConversationClaimed(),
    lambda r: conversations.ConversationAssigned(assignee=r.choice(OPERATORS), team=_maybe(r, TEAMS, 0.3)),
    lambda r: conversations.ConversationTransferred(to_operator=_maybe(r, OPERATORS), to_team=_maybe(r, TEAMS)),
    lambda r: conversations.ConversationEscalated(to_team=_maybe(r, TEAMS)),
    lambda _: conversations.ConversationUnassigned(),
    lambda r: conversations.ConversationPriorityChanged(priority=r.choice(tuple(Priority))),
    lambda _: conversations.ConversationMarkedNoReplyNeeded(),
    lambda _: conversations.ConversationResolved(),
    lambda _: conversations.ConversationResolved(),
    lambda r: conversations.ConversationClosed(outcome=r.choice(tuple(Outcome))),
    lambda _: conversations.ConversationClosed(outcome=Outcome.NO_ACTION),
    lambda _: conversations.ConversationReopened(),
    lambda r: conversations.ConversationMarkedSpam() if r.random() < 0.3 else conversations.ConversationViewed(),
    lambda _: conversations.BotHandedOff(),
    lambda r: calls.CallQueued(call=_call(r), team=_maybe(r, TEAMS)),
    lambda r: calls.CallAnswered(call=_call(r)),
    lambda r: r.choice(_ON_THE_LINE)(call=_call(r)),
    lambda r: surveys.SurveySent(survey=_survey(r), scale=r.choice(tuple(SurveyScale))),
    lambda r: r.choice((conversations.FocusTaken, conversations.FocusLeft))(),
    lambda r: conversations.ConversationPutOnHold(waiting_for=r.choice(tuple(WaitingFor))),
    lambda _: conversations.ConversationResumed(),
    lambda r: replies.NoteAdded(note=_reply(r), text="ask Ion"),
)


def random_desk(seed: int, *, events: int = 60, conversations: int = 5) -> list[NewEvent]:
    """Distinct events of a few conversations, in order of occurrence; operators' teams are said before and later."""
    r = Random(seed)
    told = {told.envelope.id: told for told in (_membership(r) for _ in range(3))}
    if seed % 3 == 1:
        one = event(customers.CustomerMerged(into="ion"), by="lead", at=_instant(r), customer="maria")
        told[one.envelope.id] = one
    if seed % 3 == 2:
        told.update((told.envelope.id, told) for told in (_cost(r) for _ in range(4)))
    while len(told) < events:
        one = _any(r, f"c{r.randrange(conversations)}")
        told[one.envelope.id] = one
    return sorted(told.values(), key=lambda told: told.envelope.occurred_at)


def _any(r: Random, conversation: str) -> NewEvent:
    chance = r.random()
    if chance < 0.04:
        return _membership(r)
    return _presence(r) if chance < 0.12 else _of_conversation(r, conversation)


def _cost(r: Random) -> NewEvent:
    """Of the month in which the desk begins, so that recording it again corrects it, and of the next one."""
    payload = costs.CostRecorded(
        month=r.choice(("2026-03", "2026-04")),
        cost=r.choice((CostKind.SALARY, CostKind.TELECOM)),
        amount=r.randrange(3) * 31_007,
        currency="MDL",
        team=_maybe(r, TEAMS),
        channel=_maybe(r, CHANNELS, 0.3),
    )
    return event(payload, by="lead", at=_instant(r), of="workspace")


def _of_conversation(r: Random, conversation: str) -> NewEvent:
    payload, by = _act(r)
    return event(payload, by=by, at=_instant(r), order=_maybe(r, (0, 1), 0.2), conversation=conversation)


def _act(r: Random) -> tuple[Event, Actor]:
    if r.random() < 0.4:
        return r.choice(_BY_CUSTOMERS)(r), customer(r.choice(("maria", "ion")))
    payload = r.choice(_BY_DESK)(r)
    if r.random() < 0.15:
        return payload, r.choice((bot(), system()))
    confidence = Confidence.INFERRED if r.random() < 0.1 else Confidence.ASSERTED
    return payload, Actor(ActorType.OPERATOR, r.choice(OPERATORS), confidence)


def _membership(r: Random) -> NewEvent:
    operator = r.choice(OPERATORS)
    payload = r.choice(
        (
            directory.OperatorJoined(team=r.choice(TEAMS)),
            directory.OperatorJoinedTeam(team=r.choice(TEAMS)),
            directory.OperatorLeft(),
        )
    )
    return event(payload, by="lead", at=_instant(r), operator=operator)


def _presence(r: Random) -> NewEvent:
    operator = r.choice(OPERATORS)
    turned = presence.PresenceChanged(presence=r.choice(tuple(Presence)))
    return event(turned, by=operator, at=_instant(r), operator=operator)


def _instant(r: Random) -> Instant:
    """Often on a minute, so that instants coincide."""
    at = BEGINNING + r.randrange(SPAN)
    return at - at % (MINUTE if r.random() < 0.7 else SECOND)


def _item(r: Random) -> str:
    return f"i{r.randrange(4)}"


def _reply(r: Random) -> str:
    return f"r{r.randrange(4)}"


def _call(r: Random) -> str:
    return f"k{r.randrange(2)}"


def _survey(r: Random) -> str:
    return f"s{r.randrange(2)}"


def _maybe(r: Random, choices: tuple[T, ...], probability: float = 0.5) -> T | None:
    return r.choice(choices) if r.random() < probability else None
