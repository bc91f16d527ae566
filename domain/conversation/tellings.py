"""What is to be told of a conversation's promises when its time comes, and was not told yet.

That a promise is nearly due, at four fifths of its time; that it fell due; and, where that was told and turned out to
be wrong, that it had not. Each is told once of a clock and due instant.
"""

from collections.abc import Iterator
from typing import NamedTuple

from domain.conversation.clocks import Clocks, Run
from domain.conversation.sample import Standing
from domain.conversation.state import Conversation
from domain.conversation.steps.promises import OVERDUE
from domain.event import Event
from domain.events.promises import PromiseBreachWithdrawn, PromiseFellDue, PromiseNearlyDue
from domain.instants import Instant
from domain.words import Metric


class Telling(NamedTuple):
    """One thing to be told at an instant: an event of this type."""

    at: Instant
    event: type[Event]
    clock: str
    due_at: Instant
    promised: Metric
    promise: str


def tellings(state: Conversation) -> list[Telling]:
    """What is still to be told, as things stand. Nothing is told of what no longer belongs to the desk's figures, or
    fell due before the desk promised anything."""
    clocks = state.clocks
    if clocks is None or state.standing is not Standing.REGULAR:
        return []
    since = state.around.promises.since
    standing = [each for run in clocks.all for each in _of(state, clocks, run)]
    due = {(each.clock, each.due_at) for each in standing}
    pending = [each for each in standing if each.due_at >= since and not _told(state, each)]
    return pending + list(_withdrawn(state, due))


def _of(state: Conversation, clocks: Clocks, run: Run) -> Iterator[Telling]:
    sample = None if run.sample is None else state.samples[run.sample]
    if sample is None or sample.measure not in OVERDUE:
        return
    ahead = run.clock.foreseen(state.around, clocks.halts) if run in clocks.running else run.clock
    if ahead.promise is None:
        return
    due, called = sample.at, (run.clock.label, sample.at, run.clock.metric, ahead.promise.id)
    nearly = ahead.nearly(state.around, clocks.halts)
    if run in clocks.running and nearly is not None and nearly < due:
        yield Telling(nearly, PromiseNearlyDue, *called)
    yield Telling(due, PromiseFellDue, *called)


def _told(state: Conversation, telling: Telling) -> bool:
    """Whether it was told, or something that makes it idle."""
    told = {event for event, clock, due in state.told if (clock, due) == (telling.clock, telling.due_at)}
    return telling.event in told or PromiseFellDue in told


def _withdrawn(state: Conversation, due: set[tuple[str, Instant]]) -> Iterator[Telling]:
    for (event, clock, at), promise in state.told.items():
        if event is PromiseFellDue and (clock, at) not in due and (PromiseBreachWithdrawn, clock, at) not in state.told:
            metric = Metric(clock.partition(":")[0])
            yield Telling(at, PromiseBreachWithdrawn, clock, at, metric, promise)
