"""The clock of a promise: from what a customer waits for to its coming, or to the instant at which it was due.

States of a clock:
    RUNNING ──on hold, where the promise pauses for it──► PAUSED ──resumed──► RUNNING
      ├──what was awaited came by the due instant──► KEPT
      ├──the due instant passed──► OVERDUE ──it came, or nothing comes any more──► overdue still, and late by so much
      ├──the episode ended──► CLOSED UNANSWERED
      └──the desk removed what was asked──► REMOVED UNANSWERED

A clock is judged once, at the earlier of its answer and its due instant, by the promise in force at that instant. While
it runs, another promise, priority or queue gives it another target; it is then due by the new target counted from its
start, but not before the instant of the change: what is arranged overtakes nobody. Once it is overdue nothing that is
arranged changes it.

Nothing here waits: what will be due is worked out in advance, with all changes that are known already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from domain.business_time import Schedule
from domain.conversation.episode import Episode
from domain.conversation.sample import Credit
from domain.conversation.surroundings import Surroundings
from domain.conversation.turns import Turn
from domain.instants import Instant
from domain.promises import Place, Promise
from domain.words import ActorType, Metric, PromiseTime, WaitingFor

NEARLY = (4, 5)
"""The part of a target after which it is nearly due."""
QUEUE = Credit(None, ActorType.OPERATOR, inferred=False)
"""Who holds what no operator holds."""
_AROUND_THE_CLOCK = Schedule([])


class Halt(NamedTuple):
    """The conversation is on hold. `until` is None as long as nobody knows when it ends."""

    since: Instant
    until: Instant | None
    waiting_for: WaitingFor


@dataclass(slots=True, eq=False)
class Clock:
    """One clock. `asked` is the position of the event that started it."""

    metric: Metric
    label: str
    """What it is called in events, the same for as long as the same event started it."""
    asked: int
    since: Instant
    place: Place
    team: str | None
    promise: Promise | None
    settled: Instant
    """Up to when changes of what is promised were followed."""
    floor: Instant = 0
    """The instant of the latest change of its target: it is due no earlier."""
    due: Instant | None = None
    """None: it never will be, as things stand."""

    @property
    def target(self) -> int | None:
        """Microseconds that are promised; None where nothing is."""
        return None if self.promise is None else self.promise.targets.get(self.metric)

    def is_overdue(self, at: Instant) -> bool:
        """Whether its due instant has passed. What happens at that very instant is in time."""
        return self.due is not None and self.due < at

    def aim(self, around: Surroundings, halts: Sequence[Halt]) -> None:
        """Work out when it is due."""
        self.due = self._falls_due(around, halts, self.target)

    def nearly(self, around: Surroundings, halts: Sequence[Halt]) -> Instant | None:
        """When four fifths of its time will have passed."""
        part, whole = NEARLY
        return self._falls_due(around, halts, None if self.target is None else self.target * part // whole)

    def settle(self, upto: Instant | None, around: Surroundings, halts: Sequence[Halt]) -> None:
        """Follow what is promised up to an instant (None: as far as is known), unless it falls due before."""
        for change in around.promises.changes_between(self.settled, upto):
            if self.is_overdue(change):
                break
            self._judge_by(around.promises.fitting(self.place, change), change, around, halts)
        if upto is not None:
            self.settled = max(self.settled, upto)

    def move(self, at: Instant, place: Place, team: str | None, around: Surroundings, halts: Sequence[Halt]) -> None:
        """The conversation is now said to be of another place or queue, so another promise or calendar may hold."""
        self.place, promise = place, around.promises.fitting(place, at)
        if team != self.team:
            self.team, self.promise, self.floor = team, promise, at
            self.aim(around, halts)
        self._judge_by(promise, at, around, halts)

    def foreseen(self, around: Surroundings, halts: Sequence[Halt]) -> "Clock":
        """As it will be if nothing more happens than what was arranged already."""
        if not around.promises.changes_between(self.settled, None):
            return self
        ahead = replace(self)
        ahead.settle(None, around, halts)
        return ahead

    def ran(self, since: Instant, until: Instant, halts: Sequence[Halt]) -> list[tuple[Instant, Instant]]:
        """The parts of a span in which it ran."""
        parts, at = [], max(since, self.since)
        for begun, ended in self._pauses(halts):
            if begun >= until:
                break
            if begun > at:
                parts.append((at, begun))
            at = until if ended is None else max(at, ended)
        return [*parts, (at, until)] if at < until else parts

    def schedule(self, around: Surroundings) -> Schedule:
        """In which time its promise is counted."""
        if self.promise is None or self.promise.counted_in is PromiseTime.CALENDAR:
            return _AROUND_THE_CLOCK
        return around.schedule(self.team, self.place.community)

    def _judge_by(self, promise: Promise | None, at: Instant, around: Surroundings, halts: Sequence[Halt]) -> None:
        if promise is not self.promise:
            self.promise, self.floor = promise, at
            self.aim(around, halts)

    def _falls_due(self, around: Surroundings, halts: Sequence[Halt], target: int | None) -> Instant | None:
        """When it will have run for so long."""
        if target is None:
            return None
        schedule, at = self.schedule(around), self.since
        for begun, ended in self._pauses(halts):
            if begun > at:
                due = schedule.due(at, target)
                if due is not None and due <= begun:
                    return max(due, self.floor)
                target -= schedule.span(at, begun)
            if ended is None:
                return None
            at = max(at, ended)
        due = schedule.due(at, target)
        return None if due is None else max(due, self.floor)

    def _pauses(self, halts: Sequence[Halt]) -> list[tuple[Instant, Instant | None]]:
        """When the conversation was on hold for somebody for whom the promise pauses."""
        if self.promise is None or not self.promise.pauses_for:
            return []
        return [(halt.since, halt.until) for halt in halts if halt.waiting_for in self.promise.pauses_for]


@dataclass(slots=True, eq=False)
class Run:
    """A clock, what it waits for, and the index of its sample (None: it has none yet)."""

    clock: Clock
    awaits: Turn | Episode
    episode: int
    sample: int | None = None
    came: bool = False
    """Whether it stopped because that came."""
    left: Sequence[int] = ()
    """Indices of the samples that say that it was overdue when it stopped."""


@dataclass(slots=True)
class Clocks:
    """All clocks of one conversation, and what they depend on."""

    seen: tuple[object, ...] = (None,) * 6
    """What they depend on as it was when they were last brought in line with it."""
    running: list[Run] = field(default_factory=list)
    all: list[Run] = field(default_factory=list)
    """Those that stopped as well."""
    of_turn: dict[Turn, Run] = field(default_factory=dict)
    of_episode: Run | None = None
    halts: list[Halt] = field(default_factory=list)
    holders: list[tuple[Instant, Credit]] = field(default_factory=list)
    """Since when who holds it; `QUEUE` where no operator does."""

    def holder_at(self, at: Instant) -> Credit:
        return next((holder for since, holder in reversed(self.holders) if since <= at), QUEUE)
