"""Seeded chance, cheap enough to be asked a dozen times an event and the same on every platform."""

from collections.abc import Sequence
from math import exp, sqrt
from random import Random
from statistics import NormalDist
from typing import TypeVar

from domain.instants import SECOND

T = TypeVar("T")

_STEPS = 4096
_NORMAL = [NormalDist().inv_cdf((step + 0.5) / _STEPS) for step in range(_STEPS)]
_SPREADS: dict[float, list[float]] = {}
"""Factors of a lognormal by its sigma, filled at first use."""


class Chance:
    """Draws that depend on nothing but the seed and the draws before."""

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random  # noqa: S311 - a simulation has to be repeatable, not secret

    def is_so(self, probability: float) -> bool:
        return self._random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._random() * len(choices))]

    def below(self, limit: int) -> int:
        return int(self._random() * limit)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random()

    def normal(self) -> float:
        return _NORMAL[int(self._random() * _STEPS)]

    def about(self, median_seconds: float, sigma: float = 0.6) -> int:
        """A duration in microseconds, lognormal around its median: most are near it, a few are long."""
        factors = _SPREADS.get(sigma)
        if factors is None:
            factors = _SPREADS[sigma] = [exp(sigma * normal) for normal in _NORMAL]
        return int(median_seconds * SECOND * factors[int(self._random() * _STEPS)])

    def poisson(self, mean: float) -> int:
        """How many arrive where `mean` are expected; beyond 30 by the normal that it nears."""
        if mean > 30:
            return max(0, round(mean + self.normal() * sqrt(mean)))
        arrived, product = 0, self._random()
        while product > exp(-mean):
            arrived += 1
            product *= self._random()
        return arrived
