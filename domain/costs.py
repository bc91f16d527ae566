"""Costs: what was recorded for each month, and the samples that it makes.

A month's cost is shared out evenly among its days, so that any range of days has its part of it, and whole months have
all. Each day's part stands at 10:30 UTC: that is the same date from Honolulu to Auckland, in summer and in winter.
"""

from bisect import insort
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from domain.conversation.history import NOTHING, Changes
from domain.conversation.sample import Context, Sample, Standing, place_of
from domain.conversation.state import NOBODY
from domain.envelope import Order, RecordedEvent
from domain.events.costs import CostRecorded
from domain.instants import DAY, MINUTE, parse_instant
from domain.kpi.measures import COST
from domain.words import CostKind

_WITHIN_THE_DAY = (10 * 60 + 30) * MINUTE


class Item(NamedTuple):
    """What is recorded once: recorded again, it is corrected."""

    month: str
    cost: CostKind
    team: str | None
    channel: str | None


class CostBook:
    """All that was recorded, in whatever order it became known: of each item the last amount holds, all in the currency
    that was recorded first. There is one, so that sums mean something; commands refuse others."""

    def __init__(self) -> None:
        self._recorded: dict[Item, list[tuple[Order, RecordedEvent]]] = {}
        self._first: tuple[Order, str] | None = None

    @property
    def currency(self) -> str | None:
        return None if self._first is None else self._first[1]

    def amount(self, item: Item) -> int | None:
        """What an item cost, as last recorded; None where nothing was."""
        event = self._holding(item)
        return None if event is None else _payload(event).amount

    def learn(self, event: RecordedEvent) -> Changes:
        """Take in what was recorded; which samples cease and begin to hold."""
        payload = _payload(event)
        item = Item(payload.month, payload.cost, payload.team, payload.channel)
        first = self._first is None or event.order < self._first[0]
        anew = first and payload.currency != self.currency
        concerned = [*self._recorded, item] if anew else [item]
        before = self._samples(concerned)
        insort(self._recorded.setdefault(item, []), (event.order, event), key=lambda entry: entry[0])
        if first:
            self._first = event.order, payload.currency
        after = self._samples(concerned)
        if before == after:
            return NOTHING
        return Changes(sorted(before - after, key=_instant), sorted(after - before, key=_instant))

    def _holding(self, item: Item) -> RecordedEvent | None:
        recorded = [event for _, event in self._recorded.get(item, ()) if _payload(event).currency == self.currency]
        return recorded[-1] if recorded else None

    def _samples(self, items: list[Item]) -> Counter[Sample]:
        return Counter(sample for item in dict.fromkeys(items) for sample in _daily(item, self._holding(item)))


def _payload(event: RecordedEvent) -> CostRecorded:
    if not isinstance(event.payload, CostRecorded):
        raise TypeError(f"{event.payload} records no cost")
    return event.payload


def _daily(item: Item, event: RecordedEvent | None) -> Iterator[Sample]:
    """A month's cost, day by day; nothing where it is nothing, which is how a cost is taken back."""
    if event is None or not (amount := _payload(event).amount):
        return
    year, month = (int(part) for part in item.month.split("-"))
    days = monthrange(year, month)[1]
    begin = parse_instant(f"{item.month}-01T00:00:00Z")
    place = place_of(NOBODY, item.team, Context(channel=item.channel), Standing.REGULAR)
    for day in range(days):
        part = amount * (day + 1) // days - amount * day // days
        at = begin + day * DAY + _WITHIN_THE_DAY
        yield Sample(COST.code, at, 0, place, (event.position,), part, part)


def _instant(sample: Sample) -> tuple[int, str]:
    return sample.at, repr(sample)
