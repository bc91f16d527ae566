"""What is done to customers, and what is known of them."""

from domain.event import CustomerId, Event, Id, Label, PersonName, event
from domain.instants import Instant
from domain.text import Text
from domain.words import Subject

_CUSTOMER = Subject.CUSTOMER


@event(
    "customer.named",
    of=_CUSTOMER,
    title=Text("Customer named", "Имя клиента", "Ім'я клієнта", "Clientul numit"),
)
class CustomerNamed(Event):
    """What the customer is called from now on."""

    name: PersonName


@event(
    "customer.blocked",
    of=_CUSTOMER,
    title=Text("Customer blocked", "Клиент заблокирован", "Клієнта заблоковано", "Client blocat"),
)
class CustomerBlocked(Event):
    """The customer can no longer write, in one community or in all."""

    community: Id | None = None
    conversation: Id | None = None
    reason: Label | None = None


@event(
    "customer.unblocked",
    of=_CUSTOMER,
    title=Text("Customer unblocked", "Клиент разблокирован", "Клієнта розблоковано", "Client deblocat"),
)
class CustomerUnblocked(Event):
    """The customer may write again."""

    community: Id | None = None
    conversation: Id | None = None


@event(
    "customer.muted",
    of=_CUSTOMER,
    title=Text("Customer muted", "Клиент заглушён", "Клієнта заглушено", "Client redus la tăcere"),
)
class CustomerMuted(Event):
    """What the customer writes reaches nobody, until the instant said or for good."""

    community: Id | None = None
    conversation: Id | None = None
    until: Instant | None = None
    reason: Label | None = None


@event(
    "customer.unmuted",
    of=_CUSTOMER,
    title=Text("Customer unmuted", "Клиент снова слышен", "Клієнта знову чути", "Client reactivat"),
)
class CustomerUnmuted(Event):
    """The customer is heard again."""

    community: Id | None = None
    conversation: Id | None = None


@event(
    "customer.noted",
    of=_CUSTOMER,
    title=Text("Note on customer", "Заметка о клиенте", "Нотатка про клієнта", "Notă despre client"),
)
class CustomerNoted(Event):
    """Words of the desk about the customer."""

    text: PersonName
    conversation: Id | None = None


@event(
    "customer.merged",
    of=_CUSTOMER,
    title=Text("Customers merged", "Клиенты объединены", "Клієнтів об'єднано", "Clienți unificați"),
)
class CustomerMerged(Event):
    """This customer and another one are the same person; the other one's record goes on."""

    into: CustomerId
