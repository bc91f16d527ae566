"""How a conversation begins, and what is said of it."""

from domain.conversation.state import Conversation
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events import conversations
from domain.kpi.measures import CONVERSATION_OPENED, CONVERSATION_STARTED
from domain.words import ActorType


def opened(state: Conversation, event: RecordedEvent, payload: conversations.ConversationOpened) -> None:
    """An opening told is the opening, whatever happened before it; an untold one is the first public item."""
    state.said(
        channel=payload.channel,
        community=payload.community,
        kind=payload.kind,
        team=payload.team,
        priority=payload.priority,
        complexity=payload.complexity,
        segment=payload.segment,
    )
    state.customer = payload.customer or state.customer
    state.topic = payload.topic or state.topic
    if payload.proactive is not None:
        state.proactive = payload.proactive
    elif state.proactive is None and event.envelope.actor.type is ActorType.CUSTOMER:
        state.proactive = False
    if not state.opening_told:
        state.opening_told = True
        state.opened_at = event.envelope.occurred_at
        if state.episode.number == 1:
            state.episode.opened_at = state.opened_at
        _observe(state, event)


def first_public_item(state: Conversation, event: RecordedEvent, *, by_desk: bool | None) -> None:
    """Whoever speaks first began the conversation, where nothing else was said; what a machine says (None) does not
    decide that."""
    opening = state.opening()
    undecided = state.proactive is None and by_desk is not None
    if undecided:
        state.proactive = by_desk
    if opening is None:
        _observe(state, event)
    elif undecided and by_desk:
        state.observe_opening(CONVERSATION_STARTED, opening.at, opening.positions[0])


def _observe(state: Conversation, event: RecordedEvent) -> None:
    measure = CONVERSATION_STARTED if state.proactive else CONVERSATION_OPENED
    state.observe_opening(measure, event.envelope.occurred_at, event.position)


def priority_changed(state: Conversation, _: RecordedEvent, payload: conversations.ConversationPriorityChanged) -> None:
    state.said(priority=payload.priority, complexity=payload.complexity)


def tagged(state: Conversation, _: RecordedEvent, payload: conversations.ConversationTagged) -> None:
    _tags(state, {*state.context.tags, payload.tag})


def untagged(state: Conversation, _: RecordedEvent, payload: conversations.ConversationUntagged) -> None:
    _tags(state, {*state.context.tags} - {payload.tag})


def _tags(state: Conversation, tags: set[str]) -> None:
    state.said(tags=tuple(sorted(tags)))


def segment_changed(state: Conversation, _: RecordedEvent, payload: conversations.ConversationSegmentChanged) -> None:
    state.said(segment=payload.segment)


def topic_changed(state: Conversation, _: RecordedEvent, payload: conversations.ConversationTopicChanged) -> None:
    state.topic = payload.topic


STEPS: Steps = {
    conversations.ConversationOpened: opened,
    conversations.ConversationPriorityChanged: priority_changed,
    conversations.ConversationSegmentChanged: segment_changed,
    conversations.ConversationTopicChanged: topic_changed,
    conversations.ConversationTagged: tagged,
    conversations.ConversationUntagged: untagged,
}
