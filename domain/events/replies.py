"""What the desk answers, and what it says among itself."""

from domain.event import AnswerText, CustomerId, Event, Id, Label, event
from domain.text import Text
from domain.words import Kind, Subject

_CONVERSATION = Subject.CONVERSATION


@event(
    "reply.sent",
    of=_CONVERSATION,
    title=Text("Reply sent", "Ответ отправлен", "Відповідь надіслано", "Răspuns trimis"),
)
class ReplySent(Event):
    """A public answer went out. A human one only if an operator is the actor and it was not automated."""

    reply: Id
    text: AnswerText | None = None
    in_reply_to: Id | None = None
    """The item that it answers; unsaid, the latest open turn."""
    customer: CustomerId | None = None
    """Whom it answers, where the source says so."""
    kind: Kind | None = None
    channel: Id | None = None
    community: Id | None = None
    template: Label | None = None
    automated: bool = False
    """Sent under the actor's name by a rule or campaign."""


@event(
    "reply.edited",
    of=_CONVERSATION,
    title=Text("Reply edited", "Ответ изменён", "Відповідь змінено", "Răspuns editat"),
)
class ReplyEdited(Event):
    """A sent answer was changed."""

    reply: Id
    text: AnswerText | None = None


@event(
    "reply.deleted",
    of=_CONVERSATION,
    title=Text("Reply deleted", "Ответ удалён", "Відповідь видалено", "Răspuns șters"),
)
class ReplyDeleted(Event):
    """A sent answer was removed."""

    reply: Id
    reason: Label | None = None


@event(
    "note.added",
    of=_CONVERSATION,
    title=Text("Internal note", "Внутренняя заметка", "Внутрішня нотатка", "Notă internă"),
)
class NoteAdded(Event):
    """Words for colleagues, which the customer does not see."""

    note: Id
    text: AnswerText | None = None
