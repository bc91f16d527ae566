"""Why something can't be done to what was written: items, replies, notes, surveys."""

from domain.command import refusal
from domain.commands.refusals.conversations import About
from domain.commands.state.conversation import UNDER_WAY, Standing


@refusal("ITEM_UNKNOWN")
def item_unknown(wish: About) -> str | None:
    """The conversation has no such item."""
    known = wish.command.item in wish.state.items
    return None if known else f"the conversation has no item {wish.command.item!r}"


@refusal("ITEM_WITHDRAWN")
def item_withdrawn(wish: About) -> str | None:
    """The customer deleted the item themselves."""
    withdrawn = wish.state.items.get(wish.command.item) is Standing.WITHDRAWN
    return "the customer deleted the item themselves" if withdrawn else None


@refusal("ITEM_ALREADY_HIDDEN")
def item_already_hidden(wish: About) -> str | None:
    """The item is hidden."""
    return "the item is hidden already" if wish.state.items.get(wish.command.item) is Standing.HIDDEN else None


@refusal("ITEM_ALREADY_DELETED")
def item_already_deleted(wish: About) -> str | None:
    """The desk deleted the item."""
    return "the item is deleted already" if wish.state.items.get(wish.command.item) is Standing.DELETED else None


@refusal("ITEM_NOT_HIDDEN")
def item_not_hidden(wish: About) -> str | None:
    """The item is not hidden."""
    return None if wish.state.items.get(wish.command.item) is Standing.HIDDEN else "the item is not hidden"


@refusal("ITEM_NOT_DELETED")
def item_not_deleted(wish: About) -> str | None:
    """The desk did not delete the item."""
    return None if wish.state.items.get(wish.command.item) is Standing.DELETED else "the item is not deleted"


@refusal("ANSWERED_ITEM_UNKNOWN")
def answered_item_unknown(wish: About) -> str | None:
    """The conversation has no such item to answer."""
    answered = wish.command.in_reply_to
    known = answered is None or answered in wish.state.items
    return None if known else f"the conversation has no item {answered!r} to answer"


@refusal("ANSWERED_ITEM_GONE")
def answered_item_gone(wish: About) -> str | None:
    """The item to answer was deleted, by the customer or by the desk."""
    gone = wish.state.items.get(wish.command.in_reply_to) in (Standing.WITHDRAWN, Standing.DELETED)
    return "the item to answer was deleted" if gone else None


@refusal("NOTHING_TO_RESOLVE")
def nothing_to_resolve_with_it(wish: About) -> str | None:
    """The reply is to resolve the conversation, but no episode is open."""
    if not wish.command.and_resolve or wish.state.phase in UNDER_WAY:
        return None
    return f"the conversation is {wish.state.phase.value} already; send the reply without resolving"


@refusal("REPLY_EXISTS")
def reply_exists(wish: About) -> str | None:
    """The conversation has a reply of this id."""
    exists = wish.command.reply in wish.state.replies
    return f"the conversation has a reply {wish.command.reply!r} already" if exists else None


@refusal("REPLY_UNKNOWN")
def reply_unknown(wish: About) -> str | None:
    """The conversation has no such reply."""
    known = wish.command.reply in wish.state.replies
    return None if known else f"the conversation has no reply {wish.command.reply!r}"


@refusal("REPLY_ALREADY_DELETED")
def reply_already_deleted(wish: About) -> str | None:
    """The reply is deleted."""
    deleted = wish.state.replies.get(wish.command.reply) is Standing.DELETED
    return "the reply is deleted already" if deleted else None


@refusal("NOTE_EXISTS")
def note_exists(wish: About) -> str | None:
    """The conversation has a note of this id."""
    exists = wish.command.note in wish.state.notes
    return f"the conversation has a note {wish.command.note!r} already" if exists else None


@refusal("SURVEY_EXISTS")
def survey_exists(wish: About) -> str | None:
    """The conversation has a survey of this id."""
    exists = wish.command.survey in wish.state.surveys
    return f"the conversation has a survey {wish.command.survey!r} already" if exists else None


@refusal("ALREADY_SURVEYED")
def already_surveyed(wish: About) -> str | None:
    """The customer was asked in this episode; one survey an episode."""
    return "the customer was already asked in this episode" if wish.state.surveyed else None
