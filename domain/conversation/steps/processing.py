"""Who worked on an episode: handled, processed, handed over. Each counts once for an operator, a team, an episode."""

from domain.conversation.state import Conversation, credit_of
from domain.envelope import RecordedEvent
from domain.events import conversations, surveys
from domain.kpi.measures import ESCALATED, HANDED_OVER, HANDLED, HOP, PROCESSED
from domain.words import ActorType

_LOOKING_ON = frozenset((conversations.ConversationViewed, conversations.SlaReported, surveys.SurveyAnswered))


def handled(state: Conversation, event: RecordedEvent) -> None:
    """An operator acted in the episode; looking at it is no act."""
    if _by_operator(event) and type(event.payload) not in _LOOKING_ON:
        state.observe_first(HANDLED, event)


def processed(state: Conversation, event: RecordedEvent) -> None:
    """An operator processed the episode."""
    if _by_operator(event):
        state.observe_first(PROCESSED, event)


def processed_if_claimed(state: Conversation, event: RecordedEvent) -> None:
    """Taken under control and a dialogue begun, in whichever order."""
    actor = event.envelope.actor.id
    if actor in state.episode.claimed_by and actor in state.episode.replied_by:
        processed(state, event)


def handed_over(state: Conversation, event: RecordedEvent) -> None:
    """An operator gave the episode to somebody else."""
    if _by_operator(event):
        actor = event.envelope.actor.id
        if actor == state.holder:
            state.episode.contributors.add(actor)
        state.observe_first(HANDED_OVER, event)
        state.observe(HOP, event.envelope.occurred_at, credit_of(event.envelope.actor), event.position)


def escalated(state: Conversation, event: RecordedEvent) -> None:
    """An operator gave the episode to a higher tier."""
    if _by_operator(event):
        state.observe_first(ESCALATED, event)


def _by_operator(event: RecordedEvent) -> bool:
    return event.envelope.actor.type is ActorType.OPERATOR
