"""Log-spaced buckets of durations, so that percentiles can be taken of any sum of histograms.

Bucket i holds the whole seconds from `BOUNDS[i]` up to, but not including, `BOUNDS[i + 1]`. Bounds grow by a
fiftieth, so a bucket's middle is within 1 % of anything in it; short durations have buckets of their own and are
exact. Bounds are computed in whole numbers: the same everywhere.
"""

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

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


def percentile(histogram: Mapping[int, int], share: Decimal) -> Decimal:
    """The duration in seconds below which `share` of the histogram lies, interpolated between neighbouring ranks as
    PostgreSQL's `percentile_cont` does. `histogram`: bucket -> how many, not empty."""
    rank = share * (sum(histogram.values()) - 1)
    lower = int(rank)
    below, above = _at_rank(histogram, lower), _at_rank(histogram, lower + (rank != lower))
    return below + (above - below) * (rank - lower)


def _at_rank(histogram: Mapping[int, int], rank: int) -> Decimal:
    seen = 0
    for bucket in sorted(histogram):
        seen += histogram[bucket]
        if seen > rank:
            return Decimal(BOUNDS[bucket] + BOUNDS[bucket + 1] - 1) / 2
    raise ValueError(f"rank {rank} in a histogram of {seen}")
