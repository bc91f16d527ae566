"""Calls: a queue, patience, a talk, what is left to do after it; or somebody who hangs up and rings again."""

from api.demo.cast import Inflow
from api.demo.clockwork import Story
from api.demo.desk import RULES, Desk
from api.demo.people import Case, Customer, Operator, Ticket
from api.demo.stories.talk import file, open_case, resolve
from domain.events.calls import (
    CallAbandoned,
    CallAfterWorkEnded,
    CallAnswered,
    CallCallbackRequested,
    CallEnded,
    CallHeld,
    CallOffered,
    CallQueued,
    CallRang,
    CallResumed,
)
from domain.events.conversations import ConversationClosed, ConversationEscalated
from domain.words import Outcome


def call(desk: Desk, inflow: Inflow, customer: Customer | None = None) -> Story:
    """A customer rings."""
    case, newcomer = desk.new_case(inflow, customer=customer)
    id_ = f"{case.id}.call"
    open_case(desk, case, newcomer=newcomer)
    offered = CallOffered(
        call=id_, channel=inflow.channel, community=inflow.community, customer=case.customer.id, team=case.team
    )
    desk.record(case.customer.actor, case.stream, offered, interface="telephone")
    yield desk.chance.about(8)
    desk.record(RULES, case.stream, CallQueued(call=id_, team=case.team))
    case.waiting_since = desk.clock.now
    ticket = desk.floor.enqueue(case)
    desk.clock.tell(_patience(desk, ticket))
    operator: Operator | None = yield None
    if operator is None:
        yield from _abandoned(desk, case, id_)
    else:
        yield from _talk(desk, case, operator, id_)


def _patience(desk: Desk, ticket: Ticket) -> Story:
    yield desk.chance.about(170, 0.7)
    desk.floor.give_up(ticket)


def _abandoned(desk: Desk, case: Case, id_: str) -> Story:
    if case.id.endswith("7"):  # decided without chance, so that the rest of the history stays as it is
        desk.record(case.customer.actor, case.stream, CallCallbackRequested(call=id_), interface="telephone")
    else:
        desk.record(case.customer.actor, case.stream, CallAbandoned(call=id_), interface="telephone")
    desk.record(RULES, case.stream, ConversationClosed(outcome=Outcome.ABANDONED))
    if desk.chance.is_so(0.4):
        yield desk.chance.about(1_200)
        desk.clock.tell(call(desk, case.inflow, case.customer))


def _talk(desk: Desk, case: Case, operator: Operator, id_: str) -> Story:
    chance = desk.chance
    desk.did(operator, case.stream, CallRang(call=id_))
    yield desk.labour(operator, 7)
    case.holder = operator
    desk.did(operator, case.stream, CallAnswered(call=id_))
    case.waited = desk.clock.now - case.waiting_since
    yield desk.labour(operator, 150)
    if chance.is_so(0.3):
        desk.did(operator, case.stream, CallHeld(call=id_))
        yield desk.labour(operator, 50)
        desk.did(operator, case.stream, CallResumed(call=id_))
        yield desk.labour(operator, 80)
    desk.record(case.customer.actor if chance.is_so(0.6) else operator.actor, case.stream, CallEnded(call=id_))
    yield desk.labour(operator, 150)
    file(desk, case, operator)
    if chance.is_so(0.1):
        desk.did(operator, case.stream, ConversationEscalated(to_team="second-line", reason="needs_decision"))
        case.hops += 1
        desk.clock.tell(_second_line(desk, case))
    else:
        resolve(desk, case, operator)
    desk.did(operator, case.stream, CallAfterWorkEnded(call=id_))
    desk.floor.free(operator)


def _second_line(desk: Desk, case: Case) -> Story:
    """Those who can decide take up what a call left open."""
    case.team, case.holder = "second-line", None
    desk.floor.enqueue(case)
    operator: Operator = yield None
    yield desk.labour(operator, 1_500)
    file(desk, case, operator)
    resolve(desk, case, operator)
    desk.floor.free(operator)
