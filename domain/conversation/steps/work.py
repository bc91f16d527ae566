"""Work on what is written: an operator's focus on a conversation, taken and left."""

from domain.conversation.state import Conversation, credit_of
from domain.conversation.steps.backlog import work_is_told
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events import conversations
from domain.kpi.measures import FOCUS
from domain.words import ActorType


def focus_taken(state: Conversation, event: RecordedEvent, _: conversations.FocusTaken) -> None:
    """Taken again without having been left, it goes on."""
    actor = event.envelope.actor
    if actor.type is ActorType.OPERATOR:
        work_is_told(state, actor.id)
        state.focus.setdefault(actor.id, (event.envelope.occurred_at, event.position))


def focus_left(state: Conversation, event: RecordedEvent, _: conversations.FocusLeft) -> None:
    """What was never taken cannot be left; what is never left is no work that can be measured."""
    actor = event.envelope.actor
    taken = state.focus.pop(actor.id, None)
    if taken is not None:
        since, position = taken
        until = event.envelope.occurred_at
        state.observe_stretch(FOCUS, since, until, credit_of(actor), position, event.position)


STEPS: Steps = {
    conversations.FocusTaken: focus_taken,
    conversations.FocusLeft: focus_left,
}
