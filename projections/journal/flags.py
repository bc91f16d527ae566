"""What makes an act worth a second look, so that one can ask for it alone."""

from collections.abc import Mapping
from enum import StrEnum

from domain.envelope import RecordedEvent
from domain.event import Event
from domain.events import calls, conversations, items, promises, replies
from domain.words import ActorType


class Flag(StrEnum):
    """An act of a sort that investigations begin with."""

    CLOSED_WITHOUT_REPLY = "closed_without_reply"
    """A conversation was closed or resolved in which the customer had written, and nobody of the desk had answered."""
    REMOVED = "removed"
    """Something written was hidden or deleted by the desk."""
    EDITED_AFTER_SENDING = "edited_after_sending"
    """The desk put other words in the place of a reply that had gone out."""
    OVERDUE = "overdue"
    """A promise ran out with no answer known."""


_BY_TYPE: Mapping[type[Event], Flag] = {
    items.CommentHidden: Flag.REMOVED,
    items.CommentDeleted: Flag.REMOVED,
    replies.ReplyDeleted: Flag.REMOVED,
    replies.ReplyEdited: Flag.EDITED_AFTER_SENDING,
    promises.PromiseFellDue: Flag.OVERDUE,
}
_ENDINGS = (conversations.ConversationClosed, conversations.ConversationResolved)


def flag_of(payload: Event, unanswered: bool | None) -> Flag | None:
    """`unanswered`: as `unanswered_after` has it, before this."""
    if isinstance(payload, _ENDINGS):
        return Flag.CLOSED_WITHOUT_REPLY if unanswered else None
    return _BY_TYPE.get(type(payload))


def unanswered_after(event: RecordedEvent, unanswered: bool | None) -> bool | None:
    """Whether the customer has written since the last ending without any answer by a person; None: not written yet.
    Once answered, it stays so until the next ending, as in the KPI of that name."""
    payload = event.payload
    if isinstance(payload, _ENDINGS):
        return None
    if isinstance(payload, items.ItemReceived):
        return True if unanswered is None else unanswered
    human = event.envelope.actor.type is ActorType.OPERATOR
    if isinstance(payload, calls.CallAnswered) or (isinstance(payload, replies.ReplySent) and human):
        return unanswered if isinstance(payload, replies.ReplySent) and payload.automated else False
    return unanswered
