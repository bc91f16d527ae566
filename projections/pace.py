"""How many events a batch takes, and when one is suspected of breaking it."""

from dataclasses import dataclass

_GOAL = 0.4
"""Seconds a batch should take: long enough to be worth its transaction, short enough to beat, to be taken over and to
share a process."""


@dataclass(slots=True)
class Pace:
    """Batches grow while they are done quickly, and shrink when they take long. They stay within bounds, and so does
    the memory of whoever folds them."""

    smallest: int = 250
    largest: int = 10_000
    limit: int = 1_000

    def observe(self, events: int, seconds: float) -> None:
        if events >= self.limit and seconds < _GOAL:
            self.limit = min(self.limit * 2, self.largest)
        elif seconds > 2 * _GOAL:
            self.limit = max(self.limit // 2, self.smallest)


@dataclass(slots=True)
class Suspicion:
    """Bisects a batch that failed, down to the event that makes it fail.

    Positions up to `until` are suspected: of those that are left, the nearer half is tried next. One that is left alone
    (`accused`) is tried once more before it is found guilty.
    """

    until: int | None = None
    accused: int | None = None

    def limit(self, checkpoint: int, otherwise: int) -> int:
        return otherwise if self.until is None else max((self.until - checkpoint + 1) // 2, 1)

    def failed(self, checkpoint: int, until: int) -> int | None:
        """The batch after `checkpoint`, up to `until`, failed. Returns the culprit's position once it is certain."""
        self.until = until
        if until == self.accused:
            return until
        self.accused = until if until == checkpoint + 1 else None
        return None

    def passed(self, checkpoint: int) -> None:
        if self.until is not None and checkpoint >= self.until:
            self.until = self.accused = None
