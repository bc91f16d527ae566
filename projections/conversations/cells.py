"""Cells of the cube: sums over a UTC day and over its quarter-hours, and how they are packed.

A local day in any zone is whole UTC days and quarter-hours at its edges, so one row a day answers both: its columns
for the days within a range, its packed quarter-hours for the edges. A quarter-hour of a count is a number; of
durations, the durations themselves: there are few, and they need neither sums nor histograms of their own.
"""

from uuid import UUID

from msgspec import msgpack

from domain.kpi.histogram import bucket_of

Histogram = dict[int, int]
"""Bucket (`domain.kpi.histogram`) -> how many."""
Duration = int | tuple[int, int]
"""Whole seconds by both clocks: one number where they agree, else (calendar, business)."""


class Sums:
    """Additive sums of samples. `drift` is what has to be added to the histogram of calendar durations to have that
    of business ones: empty where no calendar says otherwise."""

    __slots__ = ("business", "calendar", "drift", "histogram", "n")

    def __init__(self, n: int = 0) -> None:
        self.n = n
        self.calendar = 0
        self.business = 0
        self.histogram: Histogram = {}
        self.drift: Histogram = {}

    def add(self, duration: Duration, sign: int = 1) -> None:
        """Count a duration in (`sign` 1) or out (-1)."""
        calendar, business = duration if isinstance(duration, tuple) else (duration, duration)
        self.n += sign
        self.calendar += sign * calendar
        self.business += sign * business
        bucket = bucket_of(calendar)
        _count(self.histogram, bucket, sign)
        if business != calendar:
            _count(self.drift, bucket, -sign)
            _count(self.drift, bucket_of(business), sign)

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


class CountCell:
    """One day of a count in one slice."""

    __slots__ = ("id", "quarters", "whole")

    def __init__(self, id_: UUID) -> None:
        self.id = id_
        self.whole = Sums()
        self.quarters: dict[int, int] = {}

    def add(self, quarter: int, duration: Duration, sign: int) -> None:  # noqa: ARG002 - a count has no duration
        """Count a sample of a quarter-hour (0 to 95) in or out."""
        self.whole.n += sign
        _count(self.quarters, quarter, sign)


class DurationCell:
    """One day of a measure of durations in one slice."""

    __slots__ = ("id", "quarters", "whole")

    def __init__(self, id_: UUID) -> None:
        self.id = id_
        self.whole = Sums()
        self.quarters: dict[int, list[Duration]] = {}

    def add(self, quarter: int, duration: Duration, sign: int) -> None:
        """Count a duration of a quarter-hour (0 to 95) in or out."""
        self.whole.add(duration, sign)
        if sign > 0:
            self.quarters.setdefault(quarter, []).append(duration)
            return
        durations = self.quarters[quarter]
        durations.remove(duration)
        if not durations:
            del self.quarters[quarter]


Cell = CountCell | DurationCell


def pack(cell: Cell) -> tuple[bytes | None, bytes]:
    """The columns `whole` (a day's histograms; None for counts) and `quarters`. Equal cells have equal bytes."""
    if isinstance(cell, CountCell):
        return None, _ENCODER.encode(sorted(cell.quarters.items()))
    whole = (sorted(cell.whole.histogram.items()), sorted(cell.whole.drift.items()))
    quarters = [(quarter, sorted(durations, key=_in_order)) for quarter, durations in sorted(cell.quarters.items())]
    return _ENCODER.encode(whole), _ENCODER.encode(quarters)


def unpack(id_: UUID, n: int, calendar: int, business: int, whole: bytes | None, quarters: bytes) -> Cell:
    """A cell from its columns."""
    if whole is None:
        counted = CountCell(id_)
        counted.whole.n = n
        counted.quarters = dict(_COUNTS.decode(quarters))
        return counted
    timed = DurationCell(id_)
    timed.whole = unpack_whole(n, calendar, business, whole)
    timed.quarters = dict(_DURATIONS.decode(quarters))
    return timed


def unpack_whole(n: int, calendar: int, business: int, whole: bytes | None) -> Sums:
    """A day's sums from its columns."""
    sums = Sums(n)
    sums.calendar, sums.business = calendar, business
    if whole is not None:
        histogram, drift = _WHOLE.decode(whole)
        sums.histogram, sums.drift = dict(histogram), dict(drift)
    return sums


def unpack_quarters(quarters: bytes, *, timed: bool) -> dict[int, Sums]:
    """Quarter-hour (0 to 95) -> its sums."""
    if not timed:
        return {quarter: Sums(n) for quarter, n in _COUNTS.decode(quarters)}
    found = {}
    for quarter, durations in _DURATIONS.decode(quarters):
        sums = found[quarter] = Sums()
        for duration in durations:
            sums.add(duration)
    return found


_ENCODER = msgpack.Encoder()
_COUNTS = msgpack.Decoder(list[tuple[int, int]])
_DURATIONS = msgpack.Decoder(list[tuple[int, list[Duration]]])
_WHOLE = msgpack.Decoder(tuple[list[tuple[int, int]], list[tuple[int, int]]])


def _in_order(duration: Duration) -> tuple[int, int]:
    return duration if isinstance(duration, tuple) else (duration, duration)


def _count(histogram: dict[int, int], bucket: int, n: int) -> None:
    total = histogram.get(bucket, 0) + n
    if total:
        histogram[bucket] = total
    else:
        histogram.pop(bucket, None)
