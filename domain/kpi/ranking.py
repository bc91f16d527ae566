"""Who is where: ranks with ties, and how far somebody is from what is usual."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TypeVar

from domain import statistics
from domain.kpi.kpi import Direction
from domain.kpi.question import Certainty, Figure, rounded

UNUSUAL = Decimal(2)
"""So many robust standard deviations from one's own past are unusual."""
LEAST_PERIODS = 4
"""Fewer past periods than this make nothing usual."""
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a ranking. Equal values share a rank, and the next one is as many further."""

    rank: int
    tied: bool
    """Whether others share the rank."""
    overlaps_next: bool | None
    """Whether the interval overlaps that of the next rank, so that the two may well be the same. Null for the last
    rank, and where there are no intervals."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for somebody, and how far they are from it."""

    median: Decimal
    """Of the past periods that have a figure."""
    periods: int
    """How many those are."""
    robust_z: Decimal | None
    """How far the figure is from the median of the past, in robust standard deviations of the past (MAD). Null where
    the past is too short, or always the same."""
    worse: bool | None
    """Whether that is unusual and in the wrong direction. Null likewise, and for what has no good direction."""


def ranked(figures: Mapping[K, Figure], direction: Direction) -> dict[K, Ranked]:
    """The best first (the highest, where neither is better). Only those with a value, in order of rank."""
    sign = 1 if direction is Direction.LESS_IS_BETTER else -1
    values = {key: sign * figure.value for key, figure in figures.items() if figure.value is not None}
    order = sorted(values, key=lambda key: (values[key], str(key)))
    ranks: dict[K, int] = {}
    for index, key in enumerate(order):
        before = order[index - 1] if index else None
        ranks[key] = ranks[before] if before is not None and values[before] == values[key] else index + 1
    shared = list(ranks.values())
    return {
        key: Ranked(ranks[key], shared.count(ranks[key]) > 1, _overlaps(figures, ranks, order, key)) for key in order
    }


def usual(value: Decimal | None, past: Sequence[Decimal | None], direction: Direction) -> Usual | None:
    """How a value stands to those of past periods; None where there are none of either."""
    known = [one for one in past if one is not None]
    if value is None or not known:
        return None
    z = statistics.robust_z([float(one) for one in known], float(value)) if len(known) >= LEAST_PERIODS else None
    told = None if z is None else rounded(Decimal(z))
    return Usual(rounded(median(known)), len(known), told, _worse(told, direction))


def _worse(z: Decimal | None, direction: Direction) -> bool | None:
    if z is None or direction is Direction.NEUTRAL:
        return None
    return (z if direction is Direction.LESS_IS_BETTER else -z) >= UNUSUAL


def _overlaps(figures: Mapping[K, Figure], ranks: Mapping[K, int], order: Sequence[K], key: K) -> bool | None:
    following = [other for other in order if ranks[other] > ranks[key]]
    if not following:
        return None
    own = figures[key].certainty
    others = [figures[other].certainty for other in following if ranks[other] == ranks[following[0]]]
    intervals = [other for other in others if other is not None]
    if own is None or not intervals:
        return None
    return any(_meet(own, other) for other in intervals)


def _meet(one: Certainty, other: Certainty) -> bool:
    return one.low <= other.high and other.low <= one.high
