"""Setting a promise from the data: what share of past answers each candidate would have kept."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.kpi.question import rounded


@dataclass(frozen=True, slots=True)
class Candidate:
    """A promise that could be made: within so many seconds; how many past answers were; and the share, None where
    there were none."""

    seconds: int
    kept: int
    of: int

    @property
    def share(self) -> Decimal | None:
        return rounded(Decimal(self.kept) / self.of) if self.of else None


def advice(durations: Iterable[int], candidates: Sequence[int]) -> tuple[Candidate, ...]:
    """What would have been kept, of answers that took so many seconds each, for each candidate, in their order. An
    answer at the due instant itself is in time."""
    taken = sorted(durations)
    return tuple(Candidate(seconds, bisect_right(taken, seconds), len(taken)) for seconds in candidates)


def shortest(durations: Iterable[int], shares: Sequence[Decimal]) -> Mapping[Decimal, int | None]:
    """The shortest promise, in whole seconds, of which at least each share of past answers would have been kept; None
    where there were none."""
    taken = sorted(durations)
    return {share: taken[max(0, _ceiling(share * len(taken)) - 1)] if taken else None for share in shares}


def _ceiling(number: Decimal) -> int:
    return int(number.to_integral_value(rounding="ROUND_CEILING"))
