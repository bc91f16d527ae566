"""Cells of the cube: sums over a UTC day and over its quarter-hours, and how they are packed.

A local day in any zone is whole UTC days and quarter-hours at its edges, so one row a day answers both: its columns
for the days within a range, its packed quarter-hours for the edges.
"""

from collections.abc import Iterable

from msgspec import msgpack

Histogram = dict[int, int]
"""Bucket (`domain.kpi.histogram`) -> how many."""


class Sums:
    """Additive sums of samples. `drift` is what has to be added to the histogram of calendar durations to have that
    of business ones: empty where no calendar says otherwise."""

    __slots__ = ("business", "calendar", "drift", "histogram", "n")

    def __init__(self) -> None:
        self.n = 0
        self.calendar = 0
        self.business = 0
        self.histogram: Histogram = {}
        self.drift: Histogram = {}

    def add(self, sign: int, calendar: int, business: int, bucket: int | None, business_bucket: int | None) -> None:
        """Count a sample in (`sign` 1) or out (-1); buckets are None for what has no duration."""
        self.n += sign
        if bucket is None:
            return
        self.calendar += sign * calendar
        self.business += sign * business
        _count(self.histogram, bucket, sign)
        if business_bucket is not None and business_bucket != bucket:
            _count(self.drift, bucket, -sign)
            _count(self.drift, business_bucket, sign)

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


class Cell:
    """One day of one measure in one slice: the day's sums and its quarter-hours'."""

    __slots__ = ("quarters", "whole")

    def __init__(self, whole: Sums | None = None, quarters: dict[int, Sums] | None = None) -> None:
        self.whole = whole or Sums()
        self.quarters = quarters if quarters is not None else {}

    def add(
        self, quarter: int, sign: int, calendar: int, business: int, bucket: int | None, business_bucket: int | None
    ) -> None:
        """Count a sample of a quarter-hour (0 to 95) in or out."""
        self.whole.add(sign, calendar, business, bucket, business_bucket)
        part = self.quarters.get(quarter)
        if part is None:
            part = self.quarters[quarter] = Sums()
        part.add(sign, calendar, business, bucket, business_bucket)
        if part.n == 0:
            del self.quarters[quarter]


def pack_whole(sums: Sums) -> bytes | None:
    """The histograms of a day; None for counts, which have none."""
    if not sums.histogram:
        return None
    return msgpack.encode((sums.histogram, sums.drift))


def unpack_whole(packed: bytes | None, n: int, calendar: int, business: int) -> Sums:
    """A day's sums from its columns."""
    sums = Sums()
    sums.n, sums.calendar, sums.business = n, calendar, business
    if packed is not None:
        sums.histogram, sums.drift = _WHOLE.decode(packed)
    return sums


def pack_quarters(quarters: dict[int, Sums]) -> bytes:
    """Quarter-hours, in order: (quarter, n) for counts, with sums and histograms for durations."""
    return msgpack.encode([_packed(quarter, quarters[quarter]) for quarter in sorted(quarters)])


def unpack_quarters(packed: bytes) -> dict[int, Sums]:
    """Quarter-hour (0 to 95) -> its sums."""
    return dict(_unpacked(row) for row in _QUARTERS.decode(packed))


Packed = tuple[int, int] | tuple[int, int, int, int, Histogram, Histogram]

_WHOLE = msgpack.Decoder(tuple[Histogram, Histogram])
_QUARTERS = msgpack.Decoder(list[tuple])  # type: ignore[type-arg] # rows of two lengths; msgspec takes no such union


def _packed(quarter: int, sums: Sums) -> Packed:
    if not sums.histogram:
        return (quarter, sums.n)
    return (quarter, sums.n, sums.calendar, sums.business, sums.histogram, sums.drift)


def _unpacked(row: tuple) -> tuple[int, Sums]:  # type: ignore[type-arg] # `Packed`, off the wire
    sums = Sums()
    sums.n = row[1]
    if len(row) > 2:
        _, _, sums.calendar, sums.business, sums.histogram, sums.drift = row
    return row[0], sums


def _count(histogram: Histogram, bucket: int, n: int) -> None:
    total = histogram.get(bucket, 0) + n
    if total:
        histogram[bucket] = total
    else:
        histogram.pop(bucket, None)


def total(sums: Iterable[Sums]) -> Sums:
    """The sum of sums."""
    result = Sums()
    for part in sums:
        result.merge(part)
    return result
