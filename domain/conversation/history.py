"""A conversation's samples through the ledger's time: which event brought which, and which took it back.

Events come in the ledger's order and are folded in the order in which they happened. One that is the latest goes on
from the state; a late one folds the conversation anew, and the difference is what changed. So the samples that stand
depend on the set of events alone, and each sample knows from which ledger position until which it held.

Only a fold from the beginning needs the events. Whoever keeps many histories lets go of them, and recalls those of a
conversation that a late event belongs to.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from domain.conversation.fold import step
from domain.conversation.sample import Sample
from domain.conversation.state import Conversation
from domain.conversation.surroundings import Surroundings
from domain.envelope import Order, RecordedEvent


class Changes(NamedTuple):
    """Samples that no longer hold after the event just applied, and those that hold since; the former first."""

    ceased: Sequence[Sample]
    begun: Sequence[Sample]


NOTHING = Changes((), ())


class History:
    """One conversation, event by event in the ledger's order."""

    __slots__ = ("_around", "_events", "_latest", "folded", "state")

    state: Conversation
    """As the last event left it; there is none before the first."""

    def __init__(self, around: Surroundings) -> None:
        self.folded = 0
        """How many events there were so far."""
        self._around = around
        self._events: list[RecordedEvent] | None = []
        """In the order in which they happened; None when let go of."""
        self._latest: Order | None = None

    @property
    def recalled(self) -> bool:
        """Whether all events so far are at hand."""
        return self._events is not None

    @property
    def promised(self) -> bool:
        """Whether it has clocks of promises."""
        return self.state.clocks is not None

    def standing(self) -> Iterator[Sample]:
        """The samples that hold now."""
        return (sample for sample in self.state.samples if sample is not None)

    def is_late(self, event: RecordedEvent) -> bool:
        """Whether an event happened before another one that was applied."""
        latest = self._latest
        return latest is not None and event.envelope.occurred_at <= latest[0] and event.order <= latest

    def restore(self, events: Iterable[RecordedEvent]) -> None:
        """Go on from what was stored: all events so far."""
        self.recall(events)
        self._fold()

    def recall(self, events: Iterable[RecordedEvent]) -> None:
        """Have all events so far at hand again."""
        self._events = sorted(events, key=lambda event: event.order)
        self.folded = len(self._events)
        self._latest = self._events[-1].order if self._events else None

    def let_go(self) -> None:
        """Keep no events. A late one, or another fold from the beginning, needs them recalled."""
        self._events = None

    def apply(self, event: RecordedEvent) -> Changes:
        """The samples that cease or begin to hold with this event."""
        order = event.order
        self.folded += 1
        if self._latest is None:
            self.state = Conversation(self._around, event.envelope.occurred_at)
        elif order < self._latest:
            events = self._recalled()
            events.insert(bisect(events, order, key=lambda known: known.order), event)
            return self.fold_anew()
        self._latest = order
        if self._events is not None:
            self._events.append(event)
        return self._go_on(event)

    def fold_anew(self) -> Changes:
        """What changes when everything is folded from the beginning: for a late event, or another team."""
        old = Counter(self.standing())
        self._fold()
        new = Counter(self.standing())
        return Changes(list((old - new).elements()), list((new - old).elements()))

    def _go_on(self, event: RecordedEvent) -> Changes:
        state = self.state
        samples = state.samples
        before = len(samples)
        step(state, event)
        if state.revised:
            return self._revised(before)
        if len(samples) == before:
            return NOTHING
        return Changes((), cast("list[Sample]", samples[before:]))  # nothing new was taken back at once

    def _revised(self, before: int) -> Changes:
        """What changed where samples that were observed `before` this event are revised: the old ones cease, others
        stand there; and what was observed since."""
        state = self.state
        revised = {index: sample for index, sample in state.revised.items() if index < before}
        state.revised.clear()
        begun = [*(state.samples[index] for index in revised), *state.samples[before:]]
        return Changes(list(revised.values()), [sample for sample in begun if sample is not None])

    def _fold(self) -> None:
        events = self._recalled()
        if not events:
            return
        self.state = Conversation(self._around, events[0].envelope.occurred_at)
        for event in events:
            step(self.state, event)
        self.state.revised.clear()

    def _recalled(self) -> list[RecordedEvent]:
        if self._events is None:
            raise RuntimeError("the events of this conversation were let go of; recall them first")
        return self._events
