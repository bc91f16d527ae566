"""Calls: what customers wait in queues, and how long operators talk, hold and finish."""

from collections.abc import Iterable

from domain.conversation.calls import Call, Part, Stretch
from domain.conversation.state import NOBODY, Conversation, credit_of
from domain.conversation.steps import items
from domain.conversation.steps.contacts import contact
from domain.conversation.steps.processing import processed
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events import calls
from domain.instants import SECOND
from domain.kpi import measures as m
from domain.words import ActorType, Kind

ANSWERED_WITHIN = 20 * SECOND
"""The T of a service level."""
SHORT_ABANDON = 5 * SECOND
"""A customer who gives up before this did not wait: a wrong number, a second thought."""

_WORK = {Part.TALK: m.CALL_TALK, Part.HOLD: m.CALL_HOLD, Part.AFTER_WORK: m.CALL_AFTER_WORK}


def offered(state: Conversation, event: RecordedEvent, payload: calls.CallOffered) -> None:
    items.call_offered(state, event, payload)
    _call(state, payload.call).offered(event.envelope.occurred_at, event.position)


def queued(state: Conversation, event: RecordedEvent, payload: calls.CallQueued) -> None:
    """A leg that ends here was that of the queue before. Told again of the queue that it waits in, it waits on."""
    call, at = _call(state, payload.call), event.envelope.occurred_at
    if call.in_queue and payload.team in (None, state.context.team):
        return
    _observe(state, event, call.queued(at, event.position))
    state.said(kind=Kind.CALL, team=payload.team)


def rang(state: Conversation, event: RecordedEvent, payload: calls.CallRang) -> None:
    _call(state, payload.call).rang(credit_of(event.envelope.actor), event.envelope.occurred_at, event.position)


def answered(state: Conversation, event: RecordedEvent, payload: calls.CallAnswered) -> None:
    """Talking is taking under control and answering at once. Only people answer: a machine's voice is part of the
    wait, or all that there was to it."""
    actor, at, call = event.envelope.actor, event.envelope.occurred_at, _call(state, payload.call)
    if actor.type is not ActorType.OPERATOR:
        call.served()
        return
    _observe(state, event, call.answered(credit_of(actor), at, event.position))
    state.episode.spoken_by.add(actor.id)
    state.hold(credit_of(actor))
    state.episode.claimed_by.add(actor.id)
    state.episode.contributors.add(actor.id)
    processed(state, event)
    contact(state, event)


def held(state: Conversation, event: RecordedEvent, payload: calls.CallHeld) -> None:
    _observe(state, event, _call(state, payload.call).held(event.envelope.occurred_at, event.position))


def resumed(state: Conversation, event: RecordedEvent, payload: calls.CallResumed) -> None:
    _observe(state, event, _call(state, payload.call).resumed(event.envelope.occurred_at, event.position))


def ended(state: Conversation, event: RecordedEvent, payload: calls.CallEnded) -> None:
    _observe(state, event, _call(state, payload.call).ended(event.envelope.occurred_at, event.position))


def abandoned(state: Conversation, event: RecordedEvent, payload: calls.CallAbandoned) -> None:
    _observe(state, event, _call(state, payload.call).abandoned(event.position))


def called_back(state: Conversation, event: RecordedEvent, payload: calls.CallCallbackRequested) -> None:
    _observe(state, event, _call(state, payload.call).called_back(event.position))


def after_work_ended(state: Conversation, event: RecordedEvent, payload: calls.CallAfterWorkEnded) -> None:
    ends = _call(state, payload.call).after_work_ended(event.envelope.actor.id, event.position)
    _observe(state, event, ends)


def _call(state: Conversation, call: str) -> Call:
    return state.calls.setdefault(call, Call())


def _observe(state: Conversation, event: RecordedEvent, stretches: Iterable[Stretch]) -> None:
    until = event.envelope.occurred_at
    for part, since, positions, credit in stretches:
        if credit is None:
            flags = _flags(part, until - since)
            state.observe(m.QUEUE_LEG, until, NOBODY, *positions, since=since, flags=flags)
        elif part is Part.RANG:
            state.observe(m.CALL_RANG, until, credit, *positions, since=since)
        else:
            state.observe_stretch(_WORK[part], since, until, credit, *positions)


def _flags(part: Part, waited: int) -> int:
    """What a leg in a queue was, besides."""
    if part is Part.FLOWED_OUT:
        return m.QUEUE_FLOWED_OUT.flag
    in_time = waited <= ANSWERED_WITHIN
    if part is Part.ANSWERED:
        return m.QUEUE_ANSWERED.flag | (m.QUEUE_ANSWERED_IN_TIME.flag if in_time else 0)
    flags = m.QUEUE_ABANDONED.flag
    if waited >= SHORT_ABANDON:
        flags |= m.QUEUE_GIVEN_UP.flag
    return flags if in_time else flags | m.QUEUE_ABANDONED_LATE.flag


STEPS: Steps = {
    calls.CallOffered: offered,
    calls.CallQueued: queued,
    calls.CallRang: rang,
    calls.CallAnswered: answered,
    calls.CallHeld: held,
    calls.CallResumed: resumed,
    calls.CallEnded: ended,
    calls.CallAbandoned: abandoned,
    calls.CallCallbackRequested: called_back,
    calls.CallAfterWorkEnded: after_work_ended,
}
