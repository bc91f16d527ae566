"""Dialogues in messengers: a bot answers first, people go on, matters are passed on, put aside, solved, or not."""

from collections.abc import Generator
from enum import Enum, auto
from typing import Any

from api.demo.cast import INFLOWS, Inflow
from api.demo.clockwork import Story
from api.demo.desk import BOT, ROUTER, RULES, Desk, above
from api.demo.people import Case, Operator
from api.demo.plants import Fault
from api.demo.stories.talk import afterwards, answer, attention, file, open_case, put_down, receive, resolve, send
from domain.events.conversations import (
    BotHandedOff,
    ConversationClosed,
    ConversationEscalated,
    ConversationMarkedNoReplyNeeded,
    ConversationMarkedSpam,
    ConversationMerged,
    ConversationPutOnHold,
    ConversationReopened,
    ConversationResolved,
    ConversationResumed,
    ConversationTransferred,
    FocusLeft,
)
from domain.events.customers import CustomerMerged, CustomerNoted
from domain.events.replies import ReplySent
from domain.instants import DAY, HOUR, SECOND
from domain.words import Outcome, WaitingFor


class Ending(Enum):
    """How an operator's turn at a case ended."""

    ANSWERED = auto()
    PASSED_ON = auto()
    LATER = auto()
    SHUT = auto()


def dialogue(desk: Desk, inflow: Inflow) -> Story:
    """A customer writes in a messenger."""
    case, newcomer = desk.new_case(inflow)
    open_case(desk, case, newcomer=newcomer)
    receive(desk, case, case.speech.ask(upset=case.upset))
    if desk.chance.is_so(0.5) and (yield from bot_solves(desk, case)):
        return
    if desk.chance.is_so(0.2):
        yield desk.chance.about(25)
        receive(desk, case, case.speech.any_of("details") or case.speech.any_of("follow_ups"))
    if desk.chance.is_so(0.012):
        desk.clock.tell(duplicate(desk, case))
    yield from with_people(desk, case)


def bot_solves(desk: Desk, case: Case) -> Generator[int | None, Any, bool]:
    """The bot answers within seconds; mostly the customer wants a person all the same."""
    yield desk.chance.about(2)
    case.answers += 1
    desk.record(
        BOT,
        case.stream,
        ReplySent(
            reply=case.part("r"),
            text=case.speech.any_of("bot_answers"),
            in_reply_to=case.item,
            customer=case.customer.id,
            kind=case.inflow.kind,
            automated=True,
        ),
        interface="bot",
    )
    yield desk.chance.about(40)
    if not case.upset and desk.chance.is_so(0.2):
        desk.record(BOT, case.stream, ConversationResolved(reason="self_service"), interface="bot")
        return True
    receive(desk, case, case.speech.any_of("bot_insists"))
    desk.record(BOT, case.stream, BotHandedOff(to_team=case.team, reason="asked_for_a_person"), interface="bot")
    case.waiting_since = desk.clock.now
    return False


def with_people(desk: Desk, case: Case) -> Story:
    """Turn by turn, until the matter rests."""
    goes_on = True
    while goes_on:
        operator = yield from attention(desk, case)
        match (yield from turn(desk, case, operator)):
            case Ending.ANSWERED:
                goes_on = yield from what_follows(desk, case, operator)
            case Ending.LATER:
                yield from on_hold(desk, case, operator)
            case Ending.SHUT:
                goes_on = yield from protest(desk, case)
            case Ending.PASSED_ON:
                case.hops += 1


def turn(desk: Desk, case: Case, operator: Operator) -> Generator[int | None, Any, Ending]:
    """What an operator does once they have turned to the case; they stay at it unless it was passed on or shut."""
    chance = desk.chance
    if operator.has(Fault.CLOSES_UNANSWERED) and case.upset and chance.is_so(0.8):
        yield from shut(desk, case, operator, ConversationClosed(outcome=Outcome.NO_ACTION))
        return Ending.SHUT
    if not case.answers and chance.is_so(0.02):
        desk.did(operator, case.stream, ConversationMarkedSpam())
        yield from shut(desk, case, operator, ConversationClosed(outcome=Outcome.SPAM))
        return Ending.SHUT
    if chance.is_so(0.015):
        yield from shut(desk, case, operator, ConversationClosed(outcome=Outcome.NO_ACTION, reason="nothing_to_do"))
        return Ending.SHUT
    if case.hops < 2 and chance.is_so(0.14 if case.upset else 0.06):
        yield from pass_on(desk, case, operator)
        return Ending.PASSED_ON
    if chance.is_so(0.05):
        yield desk.labour(operator, 60)
        send(desk, case, operator, case.speech.any_of("holding"))
        return Ending.LATER
    yield from answer(desk, case, operator)
    file(desk, case, operator)
    return Ending.ANSWERED


def shut(desk: Desk, case: Case, operator: Operator, closing: ConversationClosed) -> Story:
    """The operator closes the case after a glance, without an answer."""
    yield desk.labour(operator, 35)
    desk.did(operator, case.stream, closing, traced=True)
    desk.did(operator, case.stream, FocusLeft())
    desk.floor.free(operator)


def protest(desk: Desk, case: Case) -> Generator[int | None, Any, bool]:
    """Whether a customer who was shut out writes again."""
    if case.upset and desk.chance.is_so(0.35):
        yield desk.chance.about(3 * HOUR // SECOND, 0.8)
        desk.record(ROUTER, case.stream, ConversationReopened(reason="customer_wrote"))
        receive(desk, case, case.speech.any_of("angry"))
        return True
    return False


def pass_on(desk: Desk, case: Case, operator: Operator) -> Story:
    """To those who know more, to another team, or to a colleague of the same team."""
    chance = desk.chance
    yield desk.labour(operator, 70)
    case.holder = None
    if case.upset or chance.is_so(0.4):
        case.team = above(case.team)
        desk.did(operator, case.stream, ConversationEscalated(to_team=case.team, reason="needs_decision"))
    else:
        colleague = chance.pick(desk.floor.operators[case.team])
        case.holder = colleague if colleague.duty and colleague is not operator else None
        to_operator = case.holder.profile.id if case.holder else None
        desk.did(
            operator,
            case.stream,
            ConversationTransferred(to_team=case.team, to_operator=to_operator, reason=case.topic),
        )
    desk.did(operator, case.stream, FocusLeft())
    desk.floor.free(operator)


def on_hold(desk: Desk, case: Case, operator: Operator) -> Story:
    """The desk has to find something out; the customer waits, and is answered when it is known."""
    chance = desk.chance
    wait = chance.about(3 * HOUR // SECOND, 0.8)
    waiting_for = chance.pick((WaitingFor.VENDOR, WaitingFor.COLLEAGUE, WaitingFor.CUSTOMER))
    desk.did(operator, case.stream, ConversationPutOnHold(waiting_for=waiting_for, until=desk.clock.now + wait))
    desk.clock.tell(put_down(desk, case, operator, seconds=120))
    yield wait
    desk.record(RULES, case.stream, ConversationResumed())


def what_follows(desk: Desk, case: Case, operator: Operator) -> Generator[int | None, Any, bool]:
    """After an answer: solved at once, or the customer asks on, says thanks, or is heard of no more."""
    chance = desk.chance
    if chance.is_so(0.5):
        return (yield from finish(desk, case, operator))
    desk.clock.tell(put_down(desk, case, operator))
    yield chance.about(400, 0.9)
    drawn = chance.between(0, 1)
    if drawn < 0.5:
        receive(desk, case, case.speech.any_of("follow_ups"))
        return True
    if drawn < 0.85:
        receive(desk, case, case.speech.any_of("thanks"))
        operator = yield from attention(desk, case)
        if chance.is_so(0.7):
            desk.did(operator, case.stream, ConversationMarkedNoReplyNeeded(reason="thanks"))
            case.waiting_since = 0
        else:
            send(desk, case, operator, case.speech.any_of("hellos"))
        return (yield from finish(desk, case, operator))
    yield DAY
    desk.record(RULES, case.stream, ConversationClosed(outcome=Outcome.ABANDONED, reason="customer_silent"))
    return False


def finish(desk: Desk, case: Case, operator: Operator) -> Generator[int | None, Any, bool]:
    """The operator resolves the case; whether it comes back."""
    resolve(desk, case, operator)
    if desk.chance.is_so(0.01):
        note = CustomerNoted(text=case.speech.any_of("customer_notes"), conversation=case.id)
        desk.did(operator, case.customer.stream, note)
    desk.clock.tell(put_down(desk, case, operator))
    comes_back = yield from afterwards(desk, case)
    if comes_back:
        receive(desk, case, case.speech.any_of("follow_ups"))
    return comes_back


def duplicate(desk: Desk, original: Case) -> Story:
    """The impatient write in two places; an operator merges the second conversation into the first."""
    yield desk.chance.about(300)
    elsewhere = next(way for way in INFLOWS if way.team == original.inflow.team and way is not original.inflow)
    same_person = desk.chance.is_so(0.7)
    case, newcomer = desk.new_case(elsewhere, customer=original.customer if same_person else None)
    open_case(desk, case, newcomer=newcomer)
    receive(desk, case, original.speech.ask(upset=True))
    operator = yield from attention(desk, case)
    yield desk.labour(operator, 60)
    desk.did(operator, case.stream, ConversationMerged(into=original.id))
    if case.customer is not original.customer:
        desk.did(operator, case.customer.stream, CustomerMerged(into=original.customer.id))
    yield from put_down(desk, case, operator, seconds=60)
