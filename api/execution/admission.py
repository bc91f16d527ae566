"""What each token may ask for: in one operation, in a stretch of time (a leaky bucket of points), and at once.

Kept by each process for itself: with several processes a token has so many times as much.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from time import monotonic
from uuid import UUID

from api.execution.refusals import RateLimited, TooCostly, TooManyAtOnce

_REMEMBERED = 10_000


@dataclass(slots=True)
class _Account:
    """What one token has used, and how many operations of each sort it has open."""

    used: float = 0.0
    at: float = 0.0
    open: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    @property
    def idle(self) -> bool:
        return self.used <= 0 and not any(self.open.values())


@dataclass(frozen=True, slots=True)
class Left:
    """What a token has left."""

    limit: int
    remaining: int
    restored_per_second: int


class Admission:
    """Lets operations in, or says why not. `at_once`: operations that a token may have open; `followed`: streams."""

    def __init__(self, *, most: int, capacity: int, restored: int, at_once: int, followed: int) -> None:
        self._most = most
        self._capacity = capacity
        self._restored = restored
        self._at_once = {False: at_once, True: followed}
        self._accounts: dict[UUID, _Account] = {}

    @contextmanager
    def admitted(self, token: UUID, cost: int, *, stream: bool) -> Iterator[None]:
        """An operation's life. Raises TooCostly, RateLimited, TooManyAtOnce."""
        if cost > self._most:
            raise TooCostly(
                f"this operation may cost {cost:,} points, and one may cost {self._most:,}: ask for smaller pages"
            )
        account = self._account(token)
        if account.open[stream] >= self._at_once[stream]:
            what = "streams" if stream else "operations"
            raise TooManyAtOnce(f"this token has {self._at_once[stream]} {what} open; end one before the next")
        if account.used + cost > self._capacity:
            wait = ceil((account.used + cost - self._capacity) / self._restored)
            raise RateLimited(f"this token has used up its points; this operation can be asked in {wait} s")
        account.used += cost
        account.open[stream] += 1
        try:
            yield
        finally:
            account.open[stream] -= 1

    def left(self, token: UUID) -> Left:
        """What a token may still use now."""
        used = self._account(token).used
        return Left(self._capacity, max(int(self._capacity - used), 0), self._restored)

    def _account(self, token: UUID) -> _Account:
        now = monotonic()
        account = self._accounts.get(token)
        if account is None:
            if len(self._accounts) >= _REMEMBERED:
                self._forget(now)
            account = self._accounts[token] = _Account(at=now)
        self._drain(account, now)
        return account

    def _drain(self, account: _Account, now: float) -> None:
        account.used = max(account.used - (now - account.at) * self._restored, 0.0)
        account.at = now

    def _forget(self, now: float) -> None:
        for token, account in list(self._accounts.items()):
            self._drain(account, now)
            if account.idle:
                del self._accounts[token]
