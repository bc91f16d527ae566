"""What operators want to say: to customers, and among themselves."""

from domain.command import Command, command
from domain.commands.fields import (
    AndResolve,
    AnsweredItemId,
    ConversationId,
    NewNoteId,
    NewReplyId,
    Prose,
    Reason,
    ReplyId,
    Template,
)
from domain.commands.refusals import conversations
from domain.commands.refusals import written as no
from domain.event import Event
from domain.events import replies as events
from domain.events.conversations import ConversationResolved
from domain.words import Subject

_CONVERSATION = Subject.CONVERSATION


def _sent(wish: "SendReply") -> tuple[Event, ...]:
    sent = events.ReplySent(reply=wish.reply, text=wish.text, in_reply_to=wish.in_reply_to, template=wish.template)
    return (sent, ConversationResolved()) if wish.and_resolve else (sent,)


@command(
    events.ReplySent,
    ConversationResolved,
    of=_CONVERSATION,
    refused=(
        conversations.unknown,
        conversations.merged,
        conversations.spam,
        no.reply_exists,
        no.answered_item_unknown,
        no.answered_item_gone,
        no.nothing_to_resolve_with_it,
    ),
    granted=_sent,
)
class SendReply(Command):
    """Answer the customer in public. An ended conversation takes further words without beginning again."""

    conversation: ConversationId
    reply: NewReplyId
    text: Prose
    in_reply_to: AnsweredItemId | None = None
    template: Template | None = None
    and_resolve: AndResolve = False


@command(
    events.ReplyEdited, of=_CONVERSATION, refused=(conversations.unknown, no.reply_unknown, no.reply_already_deleted)
)
class EditReply(Command):
    """Change an answer that was sent. What it said before stays in the ledger."""

    conversation: ConversationId
    reply: ReplyId
    text: Prose


@command(
    events.ReplyDeleted, of=_CONVERSATION, refused=(conversations.unknown, no.reply_unknown, no.reply_already_deleted)
)
class DeleteReply(Command):
    """Remove an answer that was sent. What it said stays in the ledger."""

    conversation: ConversationId
    reply: ReplyId
    reason: Reason | None = None


@command(events.NoteAdded, of=_CONVERSATION, refused=(conversations.unknown, no.note_exists))
class AddNote(Command):
    """Write for colleagues what the customer does not see."""

    conversation: ConversationId
    note: NewNoteId
    text: Prose
