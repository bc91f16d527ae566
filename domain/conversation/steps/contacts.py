"""Handled contacts: an operator talked, wrote publicly or resolved. One for each operator in an episode."""

from domain.conversation.state import Conversation
from domain.envelope import RecordedEvent
from domain.kpi.measures import CONTACT_HANDLED
from domain.words import ActorType


def contact(state: Conversation, event: RecordedEvent) -> None:
    """The actor talked to the customer, wrote to them, or resolved their matter."""
    if event.envelope.actor.type is ActorType.OPERATOR:
        state.observe_first(CONTACT_HANDLED, event)
