"""What customers write and say, and what becomes of it."""

from domain.event import CustomerId, Event, Id, Label, WrittenText, event
from domain.text import Text
from domain.words import Kind, Subject

_CONVERSATION = Subject.CONVERSATION


@event(
    "item.received",
    of=_CONVERSATION,
    title=Text("Customer wrote", "Клиент написал", "Клієнт написав", "Clientul a scris"),
)
class ItemReceived(Event):
    """A customer's message, comment, mail or voice message arrived. Where nothing was opened before, it opens."""

    item: Id
    text: WrittenText | None = None
    kind: Kind | None = None
    in_reply_to: Id | None = None
    """The item or reply that it answers."""
    customer: CustomerId | None = None
    """Whose conversation it is, where the writer is another one (a commenter in a thread)."""
    channel: Id | None = None
    community: Id | None = None
    team: Id | None = None


@event(
    "item.edited",
    of=_CONVERSATION,
    title=Text("Customer edited", "Клиент исправил", "Клієнт виправив", "Clientul a editat"),
)
class ItemEdited(Event):
    """The customer changed what they had written."""

    item: Id
    text: WrittenText | None = None


@event(
    "item.withdrawn",
    of=_CONVERSATION,
    title=Text("Customer withdrew", "Клиент удалил своё", "Клієнт видалив своє", "Clientul a retras"),
)
class ItemWithdrawn(Event):
    """The customer deleted what they had written themselves."""

    item: Id


@event(
    "comment.hidden",
    of=_CONVERSATION,
    title=Text("Comment hidden", "Комментарий скрыт", "Коментар приховано", "Comentariu ascuns"),
)
class CommentHidden(Event):
    """The desk made an item invisible to the public."""

    item: Id
    reason: Label | None = None


@event(
    "comment.unhidden",
    of=_CONVERSATION,
    title=Text("Comment shown again", "Комментарий показан", "Коментар показано", "Comentariu reafișat"),
)
class CommentUnhidden(Event):
    """A hidden item is visible again."""

    item: Id


@event(
    "comment.deleted",
    of=_CONVERSATION,
    title=Text("Comment deleted", "Комментарий удалён", "Коментар видалено", "Comentariu șters"),
)
class CommentDeleted(Event):
    """The desk removed an item. What it said stays in the ledger."""

    item: Id
    reason: Label | None = None


@event(
    "comment.restored",
    of=_CONVERSATION,
    title=Text("Comment restored", "Комментарий восстановлен", "Коментар відновлено", "Comentariu restaurat"),
)
class CommentRestored(Event):
    """A deleted item stands again."""

    item: Id
