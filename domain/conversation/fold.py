"""The conversation's fold: one step for each event, in the order in which they happened.

The fold is total: it refuses nothing, and makes of any set of events what they most plainly say. What it observes are
samples (`domain.kpi.measures` says of what); what it observed before and has to take back (a second resolution moves
the time to the last one) it revises in place. `docs/figures.md` draws the states.
"""

from typing import get_args

from domain.conversation.state import Conversation
from domain.conversation.steps import calls, endings, holding, items, opening, promises, replies, surveys, work
from domain.conversation.steps.backlog import follow
from domain.conversation.steps.processing import handled
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events.promises import Told

_TOLD = frozenset(get_args(Told))
_STEPS: Steps = {
    **opening.STEPS,
    **items.STEPS,
    **replies.STEPS,
    **holding.STEPS,
    **endings.STEPS,
    **calls.STEPS,
    **work.STEPS,
    **surveys.STEPS,
}
"""What is not here changes no figure of a conversation."""


def step(state: Conversation, event: RecordedEvent) -> None:
    """Go on by one event, which happened after all before it."""
    payload = event.payload
    if type(payload) in _TOLD:
        promises.told(state, event)
        return
    state.last_at = event.envelope.occurred_at
    taken = _STEPS.get(type(payload))
    if taken is not None:
        taken(state, event, payload)
        if state.around.promises.made:
            promises.follow(state, event)
    handled(state, event)
    follow(state, event)
