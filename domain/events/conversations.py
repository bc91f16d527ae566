"""What is done to a conversation as a whole: opened, held by somebody, put aside, ended, opened again."""

from domain.event import AnswerText, CustomerId, Event, Id, Label, Payload, event, upcaster
from domain.instants import Instant
from domain.text import Text
from domain.words import Complexity, Kind, Outcome, Priority, Subject, WaitingFor

_CONVERSATION = Subject.CONVERSATION


@event(
    "conversation.opened",
    of=_CONVERSATION,
    title=Text("Conversation opened", "Диалог начат", "Діалог розпочато", "Conversație deschisă"),
    version=2,
)
class ConversationOpened(Event):
    """A conversation began; whatever it says of its place holds until something else is said."""

    channel: Id | None = None
    community: Id | None = None
    kind: Kind | None = None
    team: Id | None = None
    """The queue it fell into."""
    customer: CustomerId | None = None
    priority: Priority | None = None
    complexity: Complexity | None = None
    segment: Label | None = None
    """The customer's segment, as the desk sorts its customers."""
    topic: Label | None = None
    heading: AnswerText | None = None
    proactive: bool | None = None
    """True where the desk began it. Unsaid, whoever's item comes first began it."""


@upcaster("conversation.opened", from_version=1)
def _without_segment(payload: Payload) -> Payload:
    """The first version knew no segments."""
    return payload


@event(
    "conversation.claimed",
    of=_CONVERSATION,
    title=Text("Conversation claimed", "Диалог взят в работу", "Діалог взято в роботу", "Conversație preluată"),
)
class ConversationClaimed(Event):
    """The actor took the conversation under their own control."""

    team: Id | None = None


@event(
    "conversation.assigned",
    of=_CONVERSATION,
    title=Text("Conversation assigned", "Диалог назначен", "Діалог призначено", "Conversație atribuită"),
)
class ConversationAssigned(Event):
    """The conversation was given to an operator; given to the actor, that is a claim."""

    assignee: Id
    team: Id | None = None


@event(
    "conversation.unassigned",
    of=_CONVERSATION,
    title=Text("Conversation unassigned", "Назначение снято", "Призначення знято", "Atribuire anulată"),
)
class ConversationUnassigned(Event):
    """The conversation went back to its queue."""


@event(
    "conversation.transferred",
    of=_CONVERSATION,
    title=Text("Conversation transferred", "Диалог передан", "Діалог передано", "Conversație transferată"),
)
class ConversationTransferred(Event):
    """The conversation went from one queue or operator to another. Unsaid `to_operator`: nobody holds it now."""

    to_team: Id | None = None
    to_operator: Id | None = None
    reason: Label | None = None


@event(
    "conversation.escalated",
    of=_CONVERSATION,
    title=Text("Conversation escalated", "Диалог эскалирован", "Діалог ескальовано", "Conversație escaladată"),
)
class ConversationEscalated(Event):
    """Somebody with more knowledge or power was called in."""

    to_team: Id | None = None
    to_operator: Id | None = None
    reason: Label | None = None


@event(
    "conversation.put_on_hold",
    of=_CONVERSATION,
    title=Text("Put on hold", "Отложен", "Відкладено", "Pusă în așteptare"),
)
class ConversationPutOnHold(Event):
    """The desk waits for somebody."""

    waiting_for: WaitingFor = WaitingFor.CUSTOMER
    until: Instant | None = None


@event(
    "conversation.resumed",
    of=_CONVERSATION,
    title=Text("Resumed", "Возобновлён", "Відновлено", "Reluată"),
)
class ConversationResumed(Event):
    """The waiting is over."""


@event(
    "conversation.resolved",
    of=_CONVERSATION,
    title=Text("Conversation resolved", "Вопрос решён", "Питання вирішено", "Conversație rezolvată"),
)
class ConversationResolved(Event):
    """The customer's matter was solved: the episode ends."""

    reason: Label | None = None


@event(
    "conversation.closed",
    of=_CONVERSATION,
    title=Text("Conversation closed", "Диалог закрыт", "Діалог закрито", "Conversație închisă"),
)
class ConversationClosed(Event):
    """The conversation was closed: ends an episode that is still open, is administrative after a resolution."""

    outcome: Outcome
    reason: Label | None = None


@event(
    "conversation.marked_no_reply_needed",
    of=_CONVERSATION,
    title=Text("Marked: no reply needed", "Ответ не требуется", "Відповідь не потрібна", "Fără răspuns necesar"),
)
class ConversationMarkedNoReplyNeeded(Event):
    """The actor judged that the customer's last words ask for no answer; the open turn ends without one."""

    reason: Label | None = None


@event(
    "conversation.reopened",
    of=_CONVERSATION,
    title=Text("Conversation reopened", "Диалог открыт снова", "Діалог відкрито знову", "Conversație redeschisă"),
)
class ConversationReopened(Event):
    """An ended conversation goes on: its next episode."""

    reason: Label | None = None


@event(
    "conversation.merged",
    of=_CONVERSATION,
    title=Text("Conversation merged", "Диалог объединён", "Діалог об'єднано", "Conversație unificată"),
)
class ConversationMerged(Event):
    """The conversation goes on in another one; nothing more is expected here."""

    into: Id


@event(
    "conversation.marked_spam",
    of=_CONVERSATION,
    title=Text("Marked as spam", "Помечен как спам", "Позначено як спам", "Marcată ca spam"),
)
class ConversationMarkedSpam(Event):
    """Not a customer's matter at all."""


@event(
    "conversation.priority_changed",
    of=_CONVERSATION,
    title=Text("Priority changed", "Приоритет изменён", "Пріоритет змінено", "Prioritate schimbată"),
)
class ConversationPriorityChanged(Event):
    """The urgency or the complexity is now said to be this."""

    priority: Priority
    complexity: Complexity | None = None


@event(
    "conversation.segment_changed",
    of=_CONVERSATION,
    title=Text("Segment changed", "Сегмент изменён", "Сегмент змінено", "Segment schimbat"),
)
class ConversationSegmentChanged(Event):
    """The customer is now said to be of this segment."""

    segment: Label


@event(
    "conversation.topic_changed",
    of=_CONVERSATION,
    title=Text("Topic changed", "Тема изменена", "Тему змінено", "Subiect schimbat"),
)
class ConversationTopicChanged(Event):
    """The matter is now said to be this."""

    topic: Label


@event(
    "conversation.tagged",
    of=_CONVERSATION,
    title=Text("Tag added", "Добавлена метка", "Додано мітку", "Etichetă adăugată"),
)
class ConversationTagged(Event):
    """A tag was added."""

    tag: Label


@event(
    "conversation.untagged",
    of=_CONVERSATION,
    title=Text("Tag removed", "Метка снята", "Мітку знято", "Etichetă eliminată"),
)
class ConversationUntagged(Event):
    """A tag was taken away."""

    tag: Label


@event(
    "conversation.viewed",
    of=_CONVERSATION,
    title=Text("Conversation viewed", "Диалог просмотрен", "Діалог переглянуто", "Conversație vizualizată"),
)
class ConversationViewed(Event):
    """The actor looked at it."""


@event(
    "focus.taken",
    of=_CONVERSATION,
    title=Text("Work on it began", "Начата работа", "Розпочато роботу", "Lucru început"),
)
class FocusTaken(Event):
    """The actor has the conversation before them and works on it."""


@event(
    "focus.left",
    of=_CONVERSATION,
    title=Text("Work on it paused", "Работа прервана", "Роботу перервано", "Lucru întrerupt"),
)
class FocusLeft(Event):
    """The actor turned to something else."""


@event(
    "bot.handed_off",
    of=_CONVERSATION,
    title=Text("Bot handed off", "Бот передал оператору", "Бот передав оператору", "Botul a predat operatorului"),
)
class BotHandedOff(Event):
    """A bot gave the conversation to people; the human clock starts now."""

    to_team: Id | None = None
    reason: Label | None = None


@event(
    "sla.reported",
    of=_CONVERSATION,
    title=Text("Desk reported its promise", "Отчёт об SLA", "Звіт про SLA", "SLA raportat"),
)
class SlaReported(Event):
    """What the desk's own software says of its promise; never mixed with clocks of ours."""

    metric: Label
    kept: bool
