"""Who holds a conversation, and whom it waits for."""

from domain.conversation.sample import Credit
from domain.conversation.state import Conversation, credit_of
from domain.conversation.steps import processing
from domain.conversation.steps.processing import handed_over, processed_if_claimed
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events import conversations
from domain.kpi.measures import REPORTED_BROKEN
from domain.words import ActorType


def claimed(state: Conversation, event: RecordedEvent, payload: conversations.ConversationClaimed) -> None:
    state.said(team=payload.team)
    _take(state, event)


def _take(state: Conversation, event: RecordedEvent) -> None:
    actor = event.envelope.actor
    state.hold(credit_of(actor))
    state.episode.claimed_by.add(actor.id)
    processed_if_claimed(state, event)


def assigned(state: Conversation, event: RecordedEvent, payload: conversations.ConversationAssigned) -> None:
    """Given to oneself it is a claim; from the queue to its first holder, no transfer."""
    if payload.assignee == event.envelope.actor.id:
        state.said(team=payload.team)
        _take(state, event)
        return
    moved = payload.team is not None and state.context.team not in (None, payload.team)
    if moved or state.holder not in (None, payload.assignee):
        handed_over(state, event)
    state.said(team=payload.team)
    state.hold(_operator(payload.assignee))
    state.given_at = event.envelope.occurred_at


def unassigned(state: Conversation, _: RecordedEvent, __: conversations.ConversationUnassigned) -> None:
    state.hold(None)


def transferred(state: Conversation, event: RecordedEvent, payload: conversations.ConversationTransferred) -> None:
    """To oneself, or from the queue to its first operator, is no handing over."""
    to_self = payload.to_operator is not None and payload.to_operator == event.envelope.actor.id
    moved = payload.to_team is not None and payload.to_team != state.context.team
    to_first = state.holder is None and payload.to_operator is not None and not moved
    if not (to_self or to_first):
        handed_over(state, event)
    _move(state, payload.to_team, payload.to_operator)
    if not to_self:
        state.given_at = event.envelope.occurred_at


def escalated(state: Conversation, event: RecordedEvent, payload: conversations.ConversationEscalated) -> None:
    state.episode.escalated = True
    processing.escalated(state, event)
    handed_over(state, event)
    _move(state, payload.to_team, payload.to_operator)
    state.given_at = event.envelope.occurred_at


def _move(state: Conversation, team: str | None, operator: str | None) -> None:
    state.said(team=team)
    if team is not None or operator is not None:
        state.hold(None if operator is None else _operator(operator))


def _operator(operator: str) -> Credit:
    """To whom something is given; who gives it may be anybody."""
    return Credit(operator, ActorType.OPERATOR, inferred=False)


def put_on_hold(state: Conversation, _: RecordedEvent, payload: conversations.ConversationPutOnHold) -> None:
    if state.ending is None:
        state.on_hold = payload.waiting_for


def resumed(state: Conversation, _: RecordedEvent, __: conversations.ConversationResumed) -> None:
    state.on_hold = None


def reported(state: Conversation, event: RecordedEvent, payload: conversations.SlaReported) -> None:
    """What the desk's own software says of its promise, which is none of ours."""
    if not payload.kept:
        state.observe(REPORTED_BROKEN, event.envelope.occurred_at, credit_of(event.envelope.actor), event.position)


STEPS: Steps = {
    conversations.SlaReported: reported,
    conversations.ConversationClaimed: claimed,
    conversations.ConversationAssigned: assigned,
    conversations.ConversationUnassigned: unassigned,
    conversations.ConversationTransferred: transferred,
    conversations.ConversationEscalated: escalated,
    conversations.ConversationPutOnHold: put_on_hold,
    conversations.ConversationResumed: resumed,
}
