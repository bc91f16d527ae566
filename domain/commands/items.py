"""What operators want done to what customers wrote. A merged or ended conversation does not stand in the way: what is
public has to be moderated wherever it stands."""

from domain.command import Command, command
from domain.commands.fields import ConversationId, ItemId, Reason
from domain.commands.refusals import written as no
from domain.commands.refusals.conversations import unknown
from domain.events import items as events
from domain.words import Subject

_CONVERSATION = Subject.CONVERSATION
_NOT_THERE = (unknown, no.item_unknown, no.item_withdrawn)


@command(events.CommentHidden, of=_CONVERSATION, refused=(*_NOT_THERE, no.item_already_hidden, no.item_already_deleted))
class HideComment(Command):
    """Make an item invisible to the public."""

    conversation: ConversationId
    item: ItemId
    reason: Reason | None = None


@command(events.CommentUnhidden, of=_CONVERSATION, refused=(*_NOT_THERE, no.item_not_hidden))
class UnhideComment(Command):
    """Make a hidden item visible again."""

    conversation: ConversationId
    item: ItemId


@command(events.CommentDeleted, of=_CONVERSATION, refused=(*_NOT_THERE, no.item_already_deleted))
class DeleteComment(Command):
    """Remove an item. What it said stays in the ledger."""

    conversation: ConversationId
    item: ItemId
    reason: Reason | None = None


@command(events.CommentRestored, of=_CONVERSATION, refused=(*_NOT_THERE, no.item_not_deleted))
class RestoreComment(Command):
    """Let a deleted item stand again."""

    conversation: ConversationId
    item: ItemId
