"""Log-spaced buckets of durations, so that percentiles can be taken of any sum of histograms.

Bucket i holds the whole seconds from `BOUNDS[i]` up to, but not including, `BOUNDS[i + 1]`. Bounds grow by a
fiftieth, so a bucket's middle is within 1 % of anything in it; short durations have buckets of their own and are
exact. Bounds are computed in whole numbers: the same everywhere.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

RELATIVE_ERROR = Decimal("0.01")
_LONGEST = 200 * 366 * 86_400


def _bounds() -> list[int]:
    bounds = [0]
    while bounds[-1] < _LONGEST:
        bounds.append(max(bounds[-1] + 1, bounds[-1] * 51 // 50))
    return bounds


BOUNDS = _bounds()


@lru_cache(maxsize=100_000)
def bucket_of(seconds: int) -> int:
    """The bucket that a duration falls into."""
    return bisect_right(BOUNDS, seconds) - 1


def is_exact(bucket: int) -> bool:
    """Whether a bucket holds one duration only."""
    return BOUNDS[bucket + 1] - BOUNDS[bucket] == 1


def percentile(histogram: Mapping[int, int], share: Decimal) -> Decimal:
    """The duration in seconds below which `share` of the histogram lies, interpolated between neighbouring ranks as
    PostgreSQL's `percentile_cont` does. `histogram`: bucket -> how many, not empty."""
    return percentiles(histogram, [share])[0]


def percentiles(histogram: Mapping[int, int], shares: Sequence[Decimal]) -> list[Decimal]:
    """Several of them at once."""
    buckets = sorted(histogram)
    upto = list(accumulate(histogram[bucket] for bucket in buckets))

    def at(rank: int) -> Decimal:
        bucket = buckets[bisect_right(upto, rank)]
        return Decimal(BOUNDS[bucket] + BOUNDS[bucket + 1] - 1) / 2

    found = []
    for share in shares:
        rank = share * (upto[-1] - 1)
        lower = int(rank)
        below, above = at(lower), at(lower + (rank != lower))
        found.append(below + (above - below) * (rank - lower))
    return found


def moments(histogram: Mapping[int, int]) -> tuple[Decimal, Decimal]:
    """The sum of what a histogram counts, and that of the squares, as if everything lay in the middle of its bucket."""
    total = squares = 0
    for bucket, n in histogram.items():
        twice = BOUNDS[bucket] + BOUNDS[bucket + 1] - 1
        total += twice * n
        squares += twice * twice * n
    return Decimal(total) / 2, Decimal(squares) / 4
