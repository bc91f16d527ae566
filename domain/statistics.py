"""How sure a figure is, and how one figure stands to its peers. Pure; nothing here knows what a KPI is.

Intervals are two-sided at 95 % unless told otherwise.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, median
from typing import NamedTuple

CONFIDENCE = 0.95
_CONSISTENT = 0.6745
"""The upper quartile of the normal distribution: scales the MAD to its standard deviation."""
_MEAN_CONSISTENT = 1.253314
"""The square root of pi / 2: does the same for the mean absolute deviation."""


class Bounds(NamedTuple):
    """An interval that the true value lies in, as sure as was asked."""

    low: float
    high: float


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Bounds | None:
    """Wilson's score interval of a share, without continuity correction (Newcombe 1998, method 3). None for n = 0 and
    for what is no share (more successes than trials)."""
    if not 0 <= successes <= n or n == 0:
        return None
    z = _z(confidence)
    share, spread = successes / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return Bounds(centre - half if successes else 0.0, centre + half if successes < n else 1.0)


def of_mean(mean: float, variance: float, n: int, confidence: float = CONFIDENCE) -> Bounds | None:
    """Student's interval of a mean; `variance` is the samples' (divided by n - 1). None for fewer than two samples."""
    if n < 2:
        return None
    half = t_quantile(1 - (1 - confidence) / 2, n - 1) * math.sqrt(max(0.0, variance) / n)
    return Bounds(mean - half, mean + half)


def of_net_share(plus: int, minus: int, n: int, confidence: float = CONFIDENCE) -> Bounds | None:
    """The interval of (plus - minus) / n, as a share from -1 to 1: Var = (p + d - (p - d)^2) / n."""
    if n == 0:
        return None
    p, d = plus / n, minus / n
    half = _z(confidence) * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    return Bounds(max(-1.0, p - d - half), min(1.0, p - d + half))


def t_quantile(probability: float, freedom: int) -> float:
    """Student's t: exact for one and two degrees of freedom, else the Cornish-Fisher expansion (Abramowitz and Stegun
    26.7.5), right to a hundredth for three and better for more."""
    if freedom == 1:
        return math.tan(math.pi * (probability - 0.5))
    if freedom == 2:
        return (2 * probability - 1) / math.sqrt(2 * probability * (1 - probability))
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + math.fsum(term / freedom**power for power, term in enumerate(terms, start=1))


def robust_z(values: Sequence[float], value: float) -> float | None:
    """How far a value lies from the median of all, in robust standard deviations (Iglewicz and Hoaglin 1993: by the
    median absolute deviation; by the mean one where that is 0). None where all are the same or there are none."""
    if not values:
        return None
    centre = median(values)
    deviations = [abs(each - centre) for each in values]
    if typical := median(deviations):
        return _CONSISTENT * (value - centre) / typical
    if average := fmean(deviations):
        return (value - centre) / (_MEAN_CONSISTENT * average)
    return None


class Peers(NamedTuple):
    """What the others have."""

    mean: float
    median: float
    n: int
    """How many others there are."""


def leave_one_out(values: Sequence[float]) -> list[Peers | None]:
    """For each value, what all the others have; None where there are no others."""
    return [_peers(values[:index] + values[index + 1 :]) for values in (list(values),) for index in range(len(values))]


def _peers(others: Sequence[float]) -> Peers | None:
    return Peers(fmean(others), median(others), len(others)) if others else None


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(1 - (1 - confidence) / 2)
