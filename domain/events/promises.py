"""What is promised to customers, and what becomes of it.

Promises are arranged by commands. That one fell due, or nearly, is told by Deskledger itself when time passes without
an answer, for whoever has to be told; no figure reads it.
"""

from typing import Annotated

from msgspec import Meta

from domain.event import Event, Id, Label, Labels, Seconds, event
from domain.instants import Instant
from domain.text import Text
from domain.words import Kind, Metric, Priority, PromiseTime, Subject, WaitingFor


@event(
    "promise.set",
    of=Subject.WORKSPACE,
    title=Text("Promise set", "Обещание задано", "Обіцянку задано", "Promisiune stabilită"),
    told=False,
)
class PromiseSet(Event):
    """From an instant on, this is promised to customers; of a promise that was set before, it is the next version."""

    promise: Id
    name: Label
    first_response: Seconds | None = None
    next_response: Seconds | None = None
    resolution: Seconds | None = None
    counted_in: PromiseTime = PromiseTime.CALENDAR
    pauses_for: tuple[WaitingFor, ...] = ()
    """While the conversation is on hold for one of these, its clocks stand still."""
    channels: Labels = ()
    """Empty: whatever the channel; and so for all that follow."""
    communities: Labels = ()
    kinds: tuple[Kind, ...] = ()
    priorities: tuple[Priority, ...] = ()
    segments: Labels = ()
    valid_from: Instant | None = None
    """Unsaid: from the moment it was set."""


@event(
    "promise.withdrawn",
    of=Subject.WORKSPACE,
    title=Text("Promise withdrawn", "Обещание отменено", "Обіцянку скасовано", "Promisiune retrasă"),
    told=False,
)
class PromiseWithdrawn(Event):
    """From an instant on, this is promised no longer."""

    promise: Id
    valid_from: Instant | None = None


@event(
    "promises.ordered",
    of=Subject.WORKSPACE,
    title=Text(
        "Promises put in order", "Порядок обещаний изменён", "Порядок обіцянок змінено", "Promisiunile ordonate"
    ),
    told=False,
)
class PromisesOrdered(Event):
    """From an instant on, promises are looked at in this order, and the first that fits holds. Those that are not
    named follow, in the order in which they were first set."""

    promises: Annotated[tuple[Id, ...], Meta(max_length=100)]
    valid_from: Instant | None = None


@event(
    "promise.nearly_due",
    of=Subject.CONVERSATION,
    title=Text("Promise nearly due", "Срок обещания близок", "Строк обіцянки близько", "Termen aproape"),
    told=False,
)
class PromiseNearlyDue(Event):
    """Four fifths of the time that was promised have passed without an answer."""

    clock: Label
    promised: Metric
    promise: Id
    due_at: Instant


@event(
    "promise.fell_due",
    of=Subject.CONVERSATION,
    title=Text("Promise fell due", "Срок обещания истёк", "Строк обіцянки сплив", "Termen depășit"),
    told=False,
)
class PromiseFellDue(Event):
    """Time reached the due instant, and no answer was known."""

    clock: Label
    promised: Metric
    promise: Id
    quietly: bool = False
    """It fell due in an import that was still open: nobody is alerted."""


@event(
    "promise.breach_withdrawn",
    of=Subject.CONVERSATION,
    title=Text("Overdue no longer", "Просрочка снята", "Прострочення знято", "Depășire retrasă"),
    told=False,
)
class PromiseBreachWithdrawn(Event):
    """What was told to have fallen due had not: an answer in time became known late."""

    clock: Label
    promised: Metric
    promise: Id
    due_at: Instant


Told = PromiseNearlyDue | PromiseFellDue | PromiseBreachWithdrawn
"""What Deskledger itself tells of clocks."""
