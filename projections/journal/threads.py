"""All conversations of a batch, each gone on with where it was left, or told anew where something turned up late.

A conversation's state is a function of its stream, so nothing of it is stored: what is not remembered is read back from
the ledger.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

from domain.envelope import RecordedEvent
from domain.words import Subject
from projections.journal.thread import Placed, Thread, outside

_REMEMBERED = 100_000
"""Items remembered, over all conversations: some 50 MB."""

History = Callable[[Sequence[str]], Awaitable[dict[str, list[RecordedEvent]]]]
"""Reads what conversations were told before the batch."""


class Entry(NamedTuple):
    """An event and its place."""

    event: RecordedEvent
    placed: Placed


class Threads:
    """The conversations of one workspace, the ones used last being remembered."""

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._threads: OrderedDict[str, Thread] = OrderedDict()
        self._weight = 0

    async def place(self, events: Iterable[RecordedEvent], history: History) -> tuple[list[Entry], list[Entry]]:
        """New entries for the events, by position (which indexes like), and corrected ones for earlier events that they
        shed another light on."""
        entries: list[Entry] = []
        told: dict[str, list[RecordedEvent]] = {}
        for event in events:
            stream = event.envelope.stream
            if stream.subject is Subject.CONVERSATION:
                told.setdefault(stream.id, []).append(event)
            else:
                entries.append(Entry(event, outside(event)))
        for new in told.values():
            new.sort(key=_order)
        histories = await history([id_ for id_, new in told.items() if self._needs_history(id_, new)])
        corrected: list[Entry] = []
        for id_, new in told.items():
            placed, others = self._tell(id_, new, histories.get(id_, []))
            entries.extend(placed)
            corrected.extend(others)
        self._forget()
        entries.sort(key=_position)
        return entries, corrected

    def _needs_history(self, id_: str, new: list[RecordedEvent]) -> bool:
        thread = self._threads.get(id_)
        if thread is None or thread.order is None:
            return min(event.version for event in new) > 0
        return new[0].order < thread.order

    def _tell(
        self, id_: str, new: list[RecordedEvent], history: list[RecordedEvent]
    ) -> tuple[list[Entry], list[Entry]]:
        known = self._threads.pop(id_, None)
        if known is not None:
            self._weight -= known.weight
        thread = Thread() if history or known is None else known
        history.sort(key=_order)
        before = {event.position: thread.step(event) for event in history}
        corrected: list[Entry] = []
        if thread.order is not None and new[0].order < thread.order:
            thread, new = Thread(), sorted([*history, *new], key=_order)
        entries = []
        for event in new:
            placed = thread.step(event)
            if event.position not in before:
                entries.append(Entry(event, placed))
            elif placed != before[event.position]:
                corrected.append(Entry(event, placed))
        self._threads[id_] = thread
        self._weight += thread.weight
        return entries, corrected

    def _forget(self) -> None:
        while self._weight > self._remembered and self._threads:
            _, thread = self._threads.popitem(last=False)
            self._weight -= thread.weight


def _order(event: RecordedEvent) -> tuple[int, int, int]:
    return event.order


def _position(entry: Entry) -> int:
    return entry.event.position
