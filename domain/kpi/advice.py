"""Setting a promise from the data: what share of past answers each candidate would have kept."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from domain.kpi.question import rounded

Durations = Mapping[int, int]
"""Seconds -> how many answers took so long."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A promise that could be made: within so many seconds; how many past answers it would have kept, and of how
    many."""

    seconds: int
    kept: int
    of: int

    @property
    def share(self) -> Decimal | None:
        """None where there were none."""
        return rounded(Decimal(self.kept) / self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Shortest:
    """The shortest promise of which at least a share of past answers would have been kept; None where there were
    none."""

    share: Decimal
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What the past says of a promise."""

    n: int
    candidates: tuple[Candidate, ...]
    shortest: tuple[Shortest, ...]


def advice(durations: Durations, candidates: Sequence[int], shares: Sequence[Decimal]) -> Advice:
    """What each candidate would have kept, and the shortest promise for each share, in their orders. An answer at the
    due instant itself is in time."""
    taken = sorted(durations)
    so_far = [0, *accumulate(durations[seconds] for seconds in taken)]
    n = so_far[-1]
    return Advice(
        n,
        tuple(Candidate(seconds, so_far[bisect_right(taken, seconds)], n) for seconds in candidates),
        tuple(Shortest(share, _shortest(taken, so_far, share * n)) for share in shares),
    )


def _shortest(taken: Sequence[int], so_far: Sequence[int], wanted: Decimal) -> int | None:
    """The first duration by which so many answers have come."""
    return next((seconds for seconds, kept in zip(taken, so_far[1:], strict=True) if kept >= wanted), None)
