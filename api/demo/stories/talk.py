"""What all conversations have in common: opening, answering, ending, being rated."""

from collections.abc import Generator
from math import sqrt
from typing import Any
from uuid import UUID

from api.demo.clockwork import Story
from api.demo.desk import ROUTER, RULES, Desk
from api.demo.people import Case, Operator, Ticket
from api.demo.plants import Fault
from domain.events.conversations import (
    ConversationAssigned,
    ConversationClaimed,
    ConversationClosed,
    ConversationOpened,
    ConversationPriorityChanged,
    ConversationReopened,
    ConversationResolved,
    ConversationSegmentChanged,
    ConversationTagged,
    ConversationTopicChanged,
    ConversationUnassigned,
    ConversationUntagged,
    ConversationViewed,
    FocusLeft,
    FocusTaken,
)
from domain.events.customers import CustomerNamed
from domain.events.items import ItemEdited, ItemReceived, ItemWithdrawn
from domain.events.replies import NoteAdded, ReplyDeleted, ReplyEdited, ReplySent
from domain.events.surveys import SurveyAnswered, SurveySent
from domain.instants import DAY, HOUR, MINUTE, SECOND
from domain.words import Complexity, Kind, Outcome, Priority, SurveyScale

_TOPICS = ("warranty", "app", "courier", "gift-card")
_TAGS = ("vip", "repeat", "complaint", "promise", "press")


def open_case(desk: Desk, case: Case, *, newcomer: bool) -> None:
    """The router opens a conversation for what is just coming in."""
    inflow = case.inflow
    if newcomer:
        desk.record(ROUTER, case.customer.stream, CustomerNamed(name=case.customer.name), interface=inflow.channel)
    desk.record(
        ROUTER,
        case.stream,
        ConversationOpened(
            channel=inflow.channel,
            community=inflow.community,
            kind=inflow.kind,
            team=case.team,
            customer=case.customer.id,
            priority=case.priority,
            complexity=Complexity.HARD if case.upset else None,
            segment=None if case.upset else case.segment,
            topic=case.topic,
            heading=case.speech.heading if inflow.channel == "mail" else None,
        ),
        interface=inflow.channel,
    )
    if case.upset and case.segment is not None:
        desk.record(RULES, case.stream, ConversationSegmentChanged(segment=case.segment))


def receive(desk: Desk, case: Case, text: str) -> UUID:
    """The customer writes; a turn opens unless one is open."""
    previous = case.item or None
    case.item = case.part("i")
    if not case.waiting_since:
        case.waiting_since = desk.clock.now
    if desk.chance.is_so(0.025):
        desk.clock.tell(second_thoughts(desk, case))
    return desk.wrote(
        case,
        ItemReceived(
            item=case.item,
            text=text,
            kind=case.inflow.kind,
            in_reply_to=previous,
            channel=case.inflow.channel,
            community=case.inflow.community,
        ),
    )


def second_thoughts(desk: Desk, case: Case) -> Story:
    """Some customers correct or withdraw what they have just written."""
    item = case.item
    yield desk.chance.about(45)
    if desk.chance.is_so(0.7):
        desk.wrote(case, ItemEdited(item=item, text=case.speech.ask(upset=False)))
    else:
        desk.wrote(case, ItemWithdrawn(item=item))


def attention(desk: Desk, case: Case) -> Generator[int | None, Any, Operator]:
    """Wait in the queue until an operator turns to the case."""
    if case.holder is not None and not case.holder.duty:
        desk.record(RULES, case.stream, ConversationUnassigned())
        case.holder = None
    ticket = desk.floor.enqueue(case)
    if case.inflow.kind is Kind.MESSAGE:
        desk.clock.tell(impatience(desk, case, ticket))
    operator: Operator = yield None
    yield from pick_up(desk, case, operator)
    return operator


def impatience(desk: Desk, case: Case, ticket: Ticket) -> Story:
    """A customer who waits too long asks again."""
    yield desk.chance.about(2_400)
    if ticket.open:
        receive(desk, case, case.speech.any_of("nudges"))


def pick_up(desk: Desk, case: Case, operator: Operator) -> Story:
    """The operator notices the case, looks at it, makes it their own and turns to it."""
    chance = desk.chance
    yield desk.labour(operator, 50, 0.8)
    if chance.is_so(0.3):
        desk.did(operator, case.stream, ConversationViewed())
        yield chance.about(8)
    if case.holder is not operator:
        take(desk, case, operator)
    desk.did(operator, case.stream, FocusTaken())


def take(desk: Desk, case: Case, operator: Operator) -> None:
    """Mail is dealt out by a rule; now and then a lead says who; everything else operators take themselves."""
    case.holder = operator
    given = ConversationAssigned(assignee=operator.profile.id, team=case.team)
    if case.inflow.kind is Kind.EMAIL:
        desk.record(RULES, case.stream, given)
    elif desk.chance.is_so(0.03):
        desk.did(desk.lead(case.team), case.stream, given)
    else:
        desk.did(operator, case.stream, ConversationClaimed(team=case.team))


def put_down(desk: Desk, case: Case, operator: Operator, *, seconds: float = 900) -> Story:
    """What is left to do once the answer is out: look things up, file, order; then the operator is free."""
    yield desk.labour(operator, seconds, 0.5)
    desk.did(operator, case.stream, FocusLeft())
    desk.floor.free(operator)


def answer(desk: Desk, case: Case, operator: Operator, *, seconds: float = 210) -> Story:
    """The operator writes and sends an answer; the turn is answered."""
    chance, speech = desk.chance, case.speech
    yield desk.labour(operator, seconds, 0.5)
    template = None
    if operator.has(Fault.RUDE) and chance.is_so(0.45 if case.upset else 0.12):
        text = speech.any_of("rude")
        case.insulted = True
    elif chance.is_so(0.18):
        text = speech.answer(speech.any_of("questions"), sorry=False)
    else:
        number = chance.below(len(speech.answers))
        text = speech.answer(speech.answers[number], sorry=case.upset)
        template = f"{case.topic}-{number + 1}" if chance.is_so(0.45) else None
    send(desk, case, operator, text, template=template)


def send(desk: Desk, case: Case, operator: Operator, text: str, *, template: str | None = None) -> None:
    """An answer goes out; now and then it is corrected or taken back a little later."""
    reply, chance = case.part("r"), desk.chance
    desk.did(
        operator,
        case.stream,
        ReplySent(
            reply=reply,
            text=text,
            in_reply_to=case.item,
            customer=case.customer.id,
            kind=case.inflow.kind,
            channel=case.inflow.channel,
            community=case.inflow.community,
            template=template,
        ),
    )
    if case.waiting_since:
        case.waited = max(case.waited, desk.clock.now - case.waiting_since)
        case.waiting_since = 0
    case.answers += 1
    if chance.is_so(0.02):
        desk.clock.tell(_rewording(desk, case, operator, reply, text))


def _rewording(desk: Desk, case: Case, operator: Operator, reply: str, text: str) -> Story:
    yield desk.chance.about(60)
    if desk.chance.is_so(0.8):
        better = f"{text} {case.speech.any_of('apologies')}"
        desk.did(operator, case.stream, ReplyEdited(reply=reply, text=better), traced=True)
    else:
        desk.did(operator, case.stream, ReplyDeleted(reply=reply, reason="wrong_conversation"), traced=True)


def file(desk: Desk, case: Case, operator: Operator) -> None:
    """What operators note beside the answer: tags, notes, a better topic, another priority."""
    chance = desk.chance
    if chance.is_so(0.12):
        desk.did(operator, case.stream, NoteAdded(note=case.part("n"), text=case.speech.any_of("notes")))
    if chance.is_so(0.15):
        tag = chance.pick(_TAGS)
        desk.did(operator, case.stream, ConversationTagged(tag=tag))
        if chance.is_so(0.05):
            desk.did(operator, case.stream, ConversationUntagged(tag=tag))
    if chance.is_so(0.05):
        desk.did(operator, case.stream, ConversationTopicChanged(topic=chance.pick(_TOPICS)))
    if chance.is_so(0.04):
        case.priority = Priority.URGENT if case.upset else Priority.LOW
        changed = ConversationPriorityChanged(priority=case.priority, complexity=Complexity.MODERATE)
        desk.did(operator, case.stream, changed)


def resolve(desk: Desk, case: Case, operator: Operator) -> None:
    """The matter is solved; a survey and the administrative closing follow by themselves."""
    case.solved = True
    resolved = desk.did(operator, case.stream, ConversationResolved())
    if desk.chance.is_so(0.6):
        desk.clock.tell(survey(desk, case, resolved))


def survey(desk: Desk, case: Case, causation: UUID) -> Story:
    """The customer is asked for a rating; about every second one gives it."""
    chance = desk.chance
    yield chance.about(90)
    scale = SurveyScale.NPS_0_10 if chance.is_so(0.2) else SurveyScale.RATING_1_5
    id_ = case.part("s")
    desk.record(RULES, case.stream, SurveySent(survey=id_, scale=scale), causation=causation)
    if chance.is_so(0.5):
        yield chance.about(1_500, 0.9)
        stars = opinion(desk, case)
        score = stars if scale is SurveyScale.RATING_1_5 else min(10, stars * 2 + chance.below(2))
        comment = case.speech.any_of("rating_good" if stars > 3 else "rating_bad") if chance.is_so(0.3) else None
        desk.wrote(case, SurveyAnswered(survey=id_, scale=scale, score=score, comment=comment))


def opinion(desk: Desk, case: Case) -> int:
    """How many of five stars: waiting, being sent around, rudeness and an unsolved matter cost some."""
    waited = sqrt(min(case.waited / HOUR, 12))
    stars = 4.9 - 0.75 * waited - 0.5 * case.hops - 2.4 * case.insulted - 0.7 * case.upset - 1.5 * (not case.solved)
    return max(1, min(5, round(stars + 0.7 * desk.chance.normal())))


def afterwards(desk: Desk, case: Case) -> Generator[int | None, Any, bool]:
    """After a resolution: whether the customer comes back. If not, a rule closes the conversation two days later."""
    chance = desk.chance
    if chance.is_so(0.05 + 0.1 * case.insulted + 0.04 * case.upset):
        yield chance.about(5 * HOUR // SECOND, 1.0)
        desk.record(ROUTER, case.stream, ConversationReopened(reason="customer_wrote"))
        case.solved = False
        return True
    yield 2 * DAY + chance.below(30 * MINUTE)
    desk.record(RULES, case.stream, ConversationClosed(outcome=Outcome.SOLVED, reason="two_days_quiet"))
    return False
