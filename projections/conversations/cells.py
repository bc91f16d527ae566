"""Cells of the cube: sums over a UTC day and over its quarter-hours, and how they are packed.

A local day in any zone is whole UTC days and quarter-hours at its edges, so one row a day answers both: its columns
for the days within a range, its packed quarter-hours for the edges. What a quarter-hour holds depends on the measure:

    counts      the quarter-hours themselves, one byte for each sample; where there are many, how many in each
    durations   the durations themselves: there are few, and they need neither sums nor histograms of their own
                (and values, which stand where durations stand)
    stretches   the seconds that passed in it

Equal cells have equal bytes, whatever the order in which samples were counted in and out.
"""

import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import IntEnum

from msgspec import msgpack

from domain.kpi.histogram import bucket_of
from domain.kpi.measures import MEASURES

QUARTERS = 96
Histogram = dict[int, int]
"""Bucket (`domain.kpi.histogram`) -> how many."""
Entry = tuple[int, int, int]
"""Quarter-hour of the day (0 to 95), and whole seconds by both clocks, or a value twice."""
Part = tuple[int, int, int, int]
"""Of a stretch of time: quarter-hour, 1 if it ended there, else 0, and the whole seconds by both clocks that passed."""


class Form(IntEnum):
    """In which form a measure's cells are kept."""

    COUNTS = 0
    DURATIONS = 1
    STRETCHES = 2


FORMS = {
    code: Form.STRETCHES if measure.spread else Form.DURATIONS if measure.carries_amounts else Form.COUNTS
    for code, measure in MEASURES.items()
}
"""The form of each measure's cells, by its code."""


class Sums:
    """Additive sums of samples. `drift` is what has to be added to the histogram of calendar durations to have that
    of business ones: empty where no calendar says otherwise."""

    __slots__ = ("business", "calendar", "drift", "histogram", "n")

    def __init__(self, n: int = 0, calendar: int = 0, business: int = 0) -> None:
        self.n = n
        self.calendar = calendar
        self.business = business
        self.histogram: Histogram = {}
        self.drift: Histogram = {}

    def add(self, calendar: int, business: int) -> None:
        """Count a duration in."""
        self.n += 1
        self.calendar += calendar
        self.business += business
        _count(self.histogram, bucket_of(calendar), 1)
        if business != calendar:
            _count(self.drift, bucket_of(calendar), -1)
            _count(self.drift, bucket_of(business), 1)

    def merge(self, other: "Sums") -> None:
        """Add another sum."""
        self.n += other.n
        self.calendar += other.calendar
        self.business += other.business
        for bucket, n in other.histogram.items():
            _count(self.histogram, bucket, n)
        for bucket, n in other.drift.items():
            _count(self.drift, bucket, n)

    def durations(self, *, business: bool) -> Histogram:
        """The histogram of durations by one of the clocks."""
        if not business or not self.drift:
            return self.histogram
        merged = dict(self.histogram)
        for bucket, n in self.drift.items():
            _count(merged, bucket, n)
        return merged


Packed = tuple[int, int, int, bytes | None, bytes]
"""The columns of a cell: `n`, `calendar`, `business`, `whole` (a day's histograms; None but for durations), `quarters`.
A cell of which nothing is left has no `n`, and nothing in `quarters`."""


class CountCell:
    """One day of a count in one place. What is counted in or out is the quarter-hour."""

    __slots__ = ("_n", "_quarters")

    def __init__(self, n: int = 0, quarters: bytes = b"") -> None:
        self._n = n
        self._quarters = quarters

    def add(self, quarters: list[int]) -> None:
        self._n += len(quarters)
        if self._n <= _LISTED:
            self._quarters = bytes(sorted([*self._quarters, *quarters]))
        else:
            self._quarters = _counted(Counter(quarters) + self._counts(self._n - len(quarters)))

    def take(self, quarters: list[int]) -> None:
        left = self._counts(self._n) - Counter(quarters)
        self._n -= len(quarters)
        if left.total() != self._n:
            raise ValueError("a sample is taken out of a cell in which it is not")
        self._quarters = bytes(sorted(left.elements())) if self._n <= _LISTED else _counted(left)

    def _counts(self, n: int) -> Counter[int]:
        return Counter(dict(_counts_of(n, self._quarters)))

    def packed(self) -> Packed:
        return self._n, 0, 0, None, self._quarters


class DurationCell:
    """One day of a measure of durations, or of values, in one place."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = list(entries)

    def add(self, entries: list[Entry]) -> None:
        self._entries += entries

    def take(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._entries.remove(entry)

    def packed(self) -> Packed:
        entries = self._entries
        entries.sort()
        calendar = [entry[1] for entry in entries]
        business = [entry[2] for entry in entries]
        histogram = Counter(map(bucket_of, calendar))
        drift: Histogram = {}
        if business != calendar:
            drift = dict(Counter(map(bucket_of, business)))
            for bucket, n in histogram.items():
                _count(drift, bucket, -n)
        whole = _encode((sorted(histogram.items()), sorted(drift.items())))
        quarters = _encode(([entry[0] for entry in entries], calendar, () if business == calendar else business))
        return len(entries), sum(calendar), sum(business), whole, quarters


class StretchCell:
    """One day of stretches of time in one place. What is counted in or out are their parts."""

    __slots__ = ("_n", "_quarters")

    def __init__(self, n: int = 0, quarters: Iterable[Part] = ()) -> None:
        self._n = n
        self._quarters = {quarter: (ended, calendar, business) for quarter, ended, calendar, business in quarters}

    def add(self, parts: list[Part]) -> None:
        self._count(parts, 1)

    def take(self, parts: list[Part]) -> None:
        self._count(parts, -1)

    def _count(self, parts: list[Part], sign: int) -> None:
        for quarter, ended, calendar, business in parts:
            self._n += ended * sign
            known = self._quarters.get(quarter, _NO_TIME)
            now = (known[0] + ended * sign, known[1] + calendar * sign, known[2] + business * sign)
            if now == _NO_TIME:
                self._quarters.pop(quarter, None)  # a part of less than a second counts nothing
            else:
                self._quarters[quarter] = now

    def packed(self) -> Packed:
        quarters = [(quarter, *self._quarters[quarter]) for quarter in sorted(self._quarters)]
        calendar, business = sum(quarter[2] for quarter in quarters), sum(quarter[3] for quarter in quarters)
        return self._n, calendar, business, None, _encode(quarters) if quarters else b""


Cell = CountCell | DurationCell | StretchCell


def new_cell(form: Form) -> Cell:
    """A cell in which nothing is counted."""
    return (CountCell, DurationCell, StretchCell)[form]()


def unpack(form: Form, n: int, quarters: bytes) -> Cell:
    """A cell from its columns."""
    match form:
        case Form.COUNTS:
            return CountCell(n, quarters)
        case Form.DURATIONS:
            return DurationCell(entries_of(quarters))
        case Form.STRETCHES:
            return StretchCell(n, _STRETCHES.decode(quarters))


def unpack_whole(n: int, calendar: int, business: int, whole: bytes | None) -> Sums:
    """A day's sums from its columns."""
    sums = Sums(n, calendar, business)
    if whole is not None:
        histogram, drift = _WHOLE.decode(whole)
        sums.histogram, sums.drift = dict(histogram), dict(drift)
    return sums


def unpack_quarters(form: Form, n: int, quarters: bytes) -> dict[int, Sums]:
    """Quarter-hour (0 to 95) -> its sums."""
    match form:
        case Form.COUNTS:
            return {quarter: Sums(count) for quarter, count in _counts_of(n, quarters)}
        case Form.STRETCHES:
            return {quarter: Sums(*sums) for quarter, *sums in _STRETCHES.decode(quarters)}
        case Form.DURATIONS:
            found: dict[int, Sums] = {}
            for quarter, calendar, business in entries_of(quarters):
                found.setdefault(quarter, Sums()).add(calendar, business)
            return found


_LISTED = 4 * QUARTERS
"""Up to so many samples a count lists their quarter-hours; counting them in each takes as many bytes."""
_COUNTED = struct.Struct(f">{QUARTERS}I")
_NO_TIME = (0, 0, 0)


def _counted(counts: Counter[int]) -> bytes:
    return _COUNTED.pack(*[counts[quarter] for quarter in range(QUARTERS)])


def _counts_of(n: int, quarters: bytes) -> Iterator[tuple[int, int]]:
    if n <= _LISTED:
        yield from Counter(quarters).items()
    else:
        yield from ((quarter, count) for quarter, count in enumerate(_COUNTED.unpack(quarters)) if count)


def entries_of(quarters: bytes) -> Iterator[Entry]:
    """The durations (or values) of a day, from its packed quarter-hours."""
    ats, calendar, business = _DURATIONS.decode(quarters)
    return zip(ats, calendar, business or calendar, strict=True)


_encode = msgpack.Encoder().encode
_DURATIONS = msgpack.Decoder(tuple[list[int], list[int], list[int]])
_STRETCHES = msgpack.Decoder(list[Part])
_WHOLE = msgpack.Decoder(tuple[list[tuple[int, int]], list[tuple[int, int]]])


def _count(histogram: Histogram, bucket: int, n: int) -> None:
    total = histogram.get(bucket, 0) + n
    if total:
        histogram[bucket] = total
    else:
        histogram.pop(bucket, None)
