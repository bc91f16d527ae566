"""A call's way through the desk. A call is a conversation; its parts are told apart by `call`."""

from domain.event import CustomerId, Event, Id, event
from domain.text import Text
from domain.words import Subject

_CONVERSATION = Subject.CONVERSATION


@event(
    "call.offered",
    of=_CONVERSATION,
    title=Text("Call offered", "Входящий звонок", "Вхідний дзвінок", "Apel primit"),
)
class CallOffered(Event):
    """A customer rings."""

    call: Id
    channel: Id | None = None
    community: Id | None = None
    customer: CustomerId | None = None
    team: Id | None = None


@event(
    "call.queued",
    of=_CONVERSATION,
    title=Text("Call queued", "Звонок в очереди", "Дзвінок у черзі", "Apel în coadă"),
)
class CallQueued(Event):
    """The call waits in a team's queue."""

    call: Id
    team: Id | None = None


@event(
    "call.rang",
    of=_CONVERSATION,
    title=Text("Call rings", "Звонок у оператора", "Дзвінок в оператора", "Apelul sună la operator"),
)
class CallRang(Event):
    """The call rings at the actor's."""

    call: Id


@event(
    "call.answered",
    of=_CONVERSATION,
    title=Text("Call answered", "Звонок принят", "Дзвінок прийнято", "Apel preluat"),
)
class CallAnswered(Event):
    """The actor took the call."""

    call: Id


@event(
    "call.held",
    of=_CONVERSATION,
    title=Text("Call held", "Звонок на удержании", "Дзвінок на утриманні", "Apel în așteptare"),
)
class CallHeld(Event):
    """The customer listens to music."""

    call: Id


@event(
    "call.resumed",
    of=_CONVERSATION,
    title=Text("Call resumed", "Разговор продолжен", "Розмову продовжено", "Apel reluat"),
)
class CallResumed(Event):
    """The talk goes on."""

    call: Id


@event(
    "call.ended",
    of=_CONVERSATION,
    title=Text("Call ended", "Звонок завершён", "Дзвінок завершено", "Apel încheiat"),
)
class CallEnded(Event):
    """The line is free; the work after the call may go on."""

    call: Id


@event(
    "call.after_work_ended",
    of=_CONVERSATION,
    title=Text(
        "After-call work ended",
        "Поствызывная работа завершена",
        "Роботу після дзвінка завершено",
        "Lucru după apel încheiat",
    ),
)
class CallAfterWorkEnded(Event):
    """The actor finished what the call left to do."""

    call: Id


@event(
    "call.abandoned",
    of=_CONVERSATION,
    title=Text("Call abandoned", "Звонок сброшен клиентом", "Клієнт не дочекався", "Apel abandonat"),
)
class CallAbandoned(Event):
    """The customer gave up waiting."""

    call: Id


@event(
    "call.callback_requested",
    of=_CONVERSATION,
    title=Text("Callback requested", "Заказан обратный звонок", "Замовлено зворотний дзвінок", "Reapelare cerută"),
)
class CallCallbackRequested(Event):
    """The customer is to be called back instead of waiting in the queue."""

    call: Id
