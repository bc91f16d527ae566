"""What the desk answers. Only what an operator sends by hand stops a human clock."""

from domain.conversation.sample import Credit
from domain.conversation.state import Conversation, credit_of
from domain.conversation.steps.contacts import contact
from domain.conversation.steps.opening import first_public_item
from domain.conversation.steps.processing import processed_if_claimed
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events import conversations, replies
from domain.instants import seconds_between
from domain.kpi.measures import (
    FIRST_ANSWER,
    FIRST_RESPONSE,
    FIRST_RESPONSE_SINCE_GIVEN,
    REPLY_DELETED,
    REPLY_SENT,
    RESPONSE,
)
from domain.words import ActorType


def sent(state: Conversation, event: RecordedEvent, payload: replies.ReplySent) -> None:
    state.said(channel=payload.channel, community=payload.community, kind=payload.kind)
    state.customer = state.customer or payload.customer
    credit = credit_of(event.envelope.actor)
    if payload.automated and credit.actor_type is ActorType.OPERATOR:
        credit = credit._replace(actor_type=ActorType.RULE)
    by_hand = credit.actor_type is ActorType.OPERATOR
    first_public_item(state, event, by_desk=True if by_hand else None)
    state.observe(REPLY_SENT, event.envelope.occurred_at, credit, event.position)
    if by_hand:
        _human(state, event, payload, credit)


def _human(state: Conversation, event: RecordedEvent, payload: replies.ReplySent, credit: Credit) -> None:
    at = event.envelope.occurred_at
    first = state.replies_sent == 0 and state.episode.number == 1 and not state.proactive
    state.replies_sent += 1
    episode = state.episode
    episode.replied_by.add(event.envelope.actor.id)
    episode.contributors.add(event.envelope.actor.id)
    episode.last_sender = state.last_sender = credit
    if state.spoke_last is not ActorType.OPERATOR:
        episode.answers += 1
        state.spoke_last = ActorType.OPERATOR
    turn = state.turns.answered_by(payload.reply, payload.in_reply_to)
    if turn is not None:
        asked, since, flags = turn.oldest.position, turn.clock_started_at, FIRST_ANSWER.flag if first else 0
        state.observe(RESPONSE, at, credit, asked, event.position, since=since, flags=flags)
    if first and state.answer_awaited:
        _first(state, event, credit)
    processed_if_claimed(state, event)
    contact(state, event)


def _first(state: Conversation, event: RecordedEvent, credit: Credit) -> None:
    """From the customer's first item, whatever was said of it meanwhile, or the bot's last hand-off after it."""
    at, item = event.envelope.occurred_at, state.turns.first_item
    if item is None:
        return
    since = max(item.at, state.turns.handed_off_at or item.at)
    state.first_response = seconds_between(since, at)
    state.observe(FIRST_RESPONSE, at, credit, item.position, event.position, since=since)
    given = max(since, state.given_at)
    state.observe(FIRST_RESPONSE_SINCE_GIVEN, at, credit, item.position, event.position, since=given)


def deleted(state: Conversation, event: RecordedEvent, payload: replies.ReplyDeleted) -> None:
    """Its samples stand; a turn that only it answered waits again."""
    credit = credit_of(event.envelope.actor)
    state.observe(REPLY_DELETED, event.envelope.occurred_at, credit, event.position)
    state.turns.reply_deleted(payload.reply, awaited=state.answer_awaited)


def bot_handed_off(state: Conversation, event: RecordedEvent, payload: conversations.BotHandedOff) -> None:
    """The human clocks of open turns start now."""
    state.said(team=payload.to_team)
    state.turns.hand_off(event.envelope.occurred_at)


def noted(state: Conversation, event: RecordedEvent, payload: replies.NoteAdded) -> None:
    """Words for colleagues help to solve it."""
    actor = event.envelope.actor
    if payload.text is not None and actor.type is ActorType.OPERATOR:
        state.episode.contributors.add(actor.id)


STEPS: Steps = {
    replies.ReplySent: sent,
    replies.NoteAdded: noted,
    replies.ReplyDeleted: deleted,
    conversations.BotHandedOff: bot_handed_off,
}
