"""What decisions need to know of a stream, folded from its events; and no more than that.

The KPIs fold the same events for themselves (`domain.conversation`). A desk's facts are never refused, so any events
yield a state; they are taken in the order in which they happened, whenever they arrived.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from domain.commands.state.conversation import ConversationState
from domain.commands.state.customer import CustomerState
from domain.commands.state.directory import NamedState, WorkspaceState
from domain.commands.state.operator import OperatorState
from domain.envelope import RecordedEvent
from domain.words import Subject


class State(Protocol):
    """One subject's state of affairs."""

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event, which happened after all before it. What no decision asks for changes nothing."""
        ...


_STATES: dict[Subject, Callable[[], State]] = {
    Subject.CONVERSATION: ConversationState,
    Subject.CUSTOMER: CustomerState,
    Subject.OPERATOR: OperatorState,
    Subject.TEAM: NamedState,
    Subject.CHANNEL: NamedState,
    Subject.COMMUNITY: NamedState,
    Subject.WORKSPACE: WorkspaceState,
}


def initial(subject: Subject) -> State:
    """The state of a stream about `subject` in which nothing has happened yet."""
    return _STATES[subject]()


def state_of(subject: Subject, events: Iterable[RecordedEvent]) -> State:
    """The state of a stream about `subject`, from all of its events in whatever order."""
    state = initial(subject)
    for event in sorted(events, key=lambda event: event.order):
        state.take(event)
    return state


__all__ = [
    "ConversationState",
    "CustomerState",
    "NamedState",
    "OperatorState",
    "State",
    "WorkspaceState",
    "initial",
    "state_of",
]
