"""A conversation's samples through the ledger's time: which event brought which, and which took it back.

Events come in the ledger's order and are folded in the order in which they happened. One that is the latest goes on
from the state; a late one folds the conversation anew, and the difference is what changed. So the samples that stand
depend on the set of events alone, and each sample knows from which ledger position until which it held.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.conversation.fold import step
from domain.conversation.sample import Sample
from domain.conversation.state import Conversation, Teams
from domain.envelope import Order, RecordedEvent


class Change(NamedTuple):
    """A sample that holds since, or no longer after, the event just applied. `number` is its id in the conversation."""

    number: int
    sample: Sample
    holds: bool


class History:
    """One conversation, event by event in the ledger's order."""

    __slots__ = ("_next", "_numbers", "_orders", "_teams", "events", "state")

    state: Conversation
    """As the last event left it; there is none before the first."""

    def __init__(self, teams: Teams) -> None:
        self.events: list[RecordedEvent] = []
        """In the order in which they happened."""
        self._teams = teams
        self._orders: list[Order] = []
        self._numbers: list[int] = []
        """Beside `state.samples`: the number of each."""
        self._next = 0

    @property
    def numbered(self) -> int:
        """How many samples were ever numbered."""
        return self._next

    def standing(self) -> Iterator[Sample]:
        """The samples that hold now."""
        return (sample for sample in self.state.samples if sample is not None)

    def restore(self, events: Iterable[RecordedEvent], standing: Iterable[tuple[int, Sample]], numbered: int) -> None:
        """Go on from what was stored: all events so far, and the samples that hold, with their numbers.

        Raises ValueError where those events do not give these samples: then what was stored is not of this fold.
        """
        self.events = sorted(events, key=lambda event: event.order)
        self._orders = [event.order for event in self.events]
        stored: defaultdict[Sample, list[int]] = defaultdict(list)
        for number, sample in standing:
            stored[sample].append(number)
        self._next = numbered
        self._fold()
        if self._number(stored) or any(stored.values()):
            raise ValueError("the stored samples of a conversation are not those that its events give; rebuild")

    def apply(self, event: RecordedEvent) -> list[Change]:
        """The samples that begin or cease to hold with this event, those that cease first."""
        order = event.order
        if not self._orders:
            self.state = Conversation(self._teams, event.envelope.occurred_at)
        if not self._orders or order > self._orders[-1]:
            self._orders.append(order)
            self.events.append(event)
            return self._go_on(event)
        place = bisect(self._orders, order)
        self._orders.insert(place, order)
        self.events.insert(place, event)
        return self.fold_anew()

    def _go_on(self, event: RecordedEvent) -> list[Change]:
        state = self.state
        before = len(state.samples)
        step(state, event)
        changes: list[Change] = []
        if state.revised:
            changes = self._revise(before)
        self._numbers.extend([-1] * (len(state.samples) - before))
        for index in range(before, len(state.samples)):
            sample = state.samples[index]
            if sample is not None:
                changes.append(self._begin(index, sample))
        return changes

    def _revise(self, before: int) -> list[Change]:
        """What changed among the samples observed `before` this event: the old ones cease, others stand there."""
        state, changes = self.state, []
        revised = {index: sample for index, sample in state.revised.items() if index < before}
        state.revised.clear()
        for index, sample in revised.items():
            changes.append(Change(self._numbers[index], sample, holds=False))
        for index in revised:
            instead = state.samples[index]
            if instead is not None:
                changes.append(self._begin(index, instead))
        return changes

    def fold_anew(self) -> list[Change]:
        """What changes when everything is folded from the beginning: for a late event, or another team."""
        old: defaultdict[Sample, list[int]] = defaultdict(list)
        for number, sample in zip(self._numbers, self.state.samples, strict=True):
            if sample is not None:
                old[sample].append(number)
        self._fold()
        begun = self._number(old)
        ceased = [Change(number, sample, holds=False) for sample, numbers in old.items() for number in numbers]
        return ceased + begun

    def _fold(self) -> None:
        self.state = Conversation(self._teams, self.events[0].envelope.occurred_at)
        for event in self.events:
            step(self.state, event)
        self.state.revised.clear()

    def _number(self, known: dict[Sample, list[int]]) -> list[Change]:
        """Give samples the numbers that equal ones had (taking them out of `known`), and new ones to the rest."""
        self._numbers = [-1] * len(self.state.samples)
        begun = []
        for index, sample in enumerate(self.state.samples):
            if sample is None:
                continue
            if numbers := known.get(sample):
                self._numbers[index] = numbers.pop(0)
            else:
                begun.append(self._begin(index, sample))
        return begun

    def _begin(self, index: int, sample: Sample) -> Change:
        self._numbers[index] = self._next
        self._next += 1
        return Change(self._numbers[index], sample, holds=True)
