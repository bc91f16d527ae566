"""What becomes of a text: a pure function of everything that was done to it, in the order in which things happened."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from domain.envelope import Order, RecordedEvent
from domain.event import Event
from domain.events import items, replies


class State(StrEnum):
    """What has become of a text."""

    CURRENT = "current"
    EDITED = "edited"
    """Other words of its writer's stand in its place."""
    HIDDEN = "hidden"
    """The desk made it invisible."""
    DELETED = "deleted"
    """The desk removed it."""
    WITHDRAWN = "withdrawn"
    """Its writer, a customer, deleted it."""


class Change(StrEnum):
    """What is done to a text."""

    EDITED = "edited"
    HIDDEN = "hidden"
    UNHIDDEN = "unhidden"
    DELETED = "deleted"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


class Removal(StrEnum):
    """A change after which a text is seen no more."""

    HIDDEN = "hidden"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"


_CHANGES: Mapping[type[Event], Change] = {
    items.ItemEdited: Change.EDITED,
    items.ItemWithdrawn: Change.WITHDRAWN,
    items.CommentHidden: Change.HIDDEN,
    items.CommentUnhidden: Change.UNHIDDEN,
    items.CommentDeleted: Change.DELETED,
    items.CommentRestored: Change.RESTORED,
    replies.ReplyEdited: Change.EDITED,
    replies.ReplyDeleted: Change.DELETED,
}
_LIFTED = {Change.UNHIDDEN: State.HIDDEN, Change.RESTORED: State.DELETED}
"""What is over once it is said to be over."""
_STRENGTH = (State.WITHDRAWN, State.DELETED, State.HIDDEN, State.EDITED)
"""Where several hold, the first of these is what a text is."""


class Done(NamedTuple):
    """Something done to a text."""

    order: Order
    position: int
    change: Change


class Became(NamedTuple):
    """What a text has become, and by which event; None where nothing was done that still holds."""

    state: State
    position: int | None


def change_of(event: RecordedEvent) -> Change | None:
    """What an event does to a text; an edit that does not say the new words leaves the old ones standing."""
    change = _CHANGES.get(type(event.payload))
    if change is Change.EDITED and getattr(event.payload, "text", None) is None:
        return None
    return change


def became(done: Iterable[Done]) -> Became:
    """What a text is after all that was done to it."""
    holding: dict[State, int] = {}
    for one in sorted(done):
        lifted = _LIFTED.get(one.change)
        if lifted is None:
            holding[State(one.change)] = one.position
        else:
            holding.pop(lifted, None)
    for state in _STRENGTH:
        if state in holding:
            return Became(state, holding[state])
    return Became(State.CURRENT, None)
