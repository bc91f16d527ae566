"""Promises (K16 to K18; rules 1.8 to 1.10): each clock by itself, looked at anew at every instant at which something
changed."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.envelope import NewEvent
from domain.events.promises import PromiseSet, PromisesOrdered, PromiseWithdrawn
from domain.words import ActorType, PromiseTime, WaitingFor
from tests.oracle.facts import Clock, Context, Fact, Span, Who
from tests.oracle.people import Teams, without
from tests.oracle.walk import Walk
from tests.oracle.wall import Second, Wall

NEVER: Second = 10**11
QUEUE = Who(None, ActorType.OPERATOR)
"""Who has what no operator has: it counts among operators."""


class Book:
    """What was promised when."""

    def __init__(self, events: Sequence[NewEvent]) -> None:
        self._said = [
            (event.envelope.occurred_at // 1_000_000, event.payload)
            for event in sorted(events, key=lambda event: event.envelope.occurred_at)
            if isinstance(event.payload, PromiseSet | PromiseWithdrawn | PromisesOrdered)
        ]
        self.changes = [at for at, _ in self._said]

    def fits(self, context: Context, at: Second) -> PromiseSet | None:
        """The first in declared order that fits."""
        in_force: dict[str, PromiseSet | None] = {}
        order: tuple[str, ...] = ()
        for since, told in self._said:
            if since > at:
                break
            match told:
                case PromiseSet():
                    in_force[told.promise] = told
                case PromiseWithdrawn():
                    in_force |= {told.promise: None} if told.promise in in_force else {}
                case PromisesOrdered():
                    order = told.promises
        names = [name for name in order if name in in_force] + [name for name in in_force if name not in order]
        fitting = (promise for name in names if (promise := in_force[name]) is not None and _fits(promise, context))
        return next(fitting, None)


def _fits(promise: PromiseSet, context: Context) -> bool:
    return (
        (not promise.channels or context.channel in promise.channels)
        and (not promise.communities or context.community in promise.communities)
        and (not promise.kinds or context.kind in promise.kinds)
        and (not promise.priorities or context.priority in promise.priorities)
        and (not promise.segments or context.segment in promise.segments)
    )


@dataclass(frozen=True)
class Judge:
    """Judges all clocks of one conversation."""

    walk: Walk
    book: Book
    wall: Wall
    teams: Teams

    def facts(self) -> Iterator[Fact]:
        for clock in self.walk.clocks():
            yield from self._judged(clock)

    def _judged(self, clock: Clock) -> Iterator[Fact]:
        due, promised = self._due(clock)
        stopped = clock.until
        if due is None:
            if promised and stopped is not None and clock.how != "needless":
                what = f"{clock.metric} kept" if clock.how == "kept" else clock.how
                yield self._fact(what, stopped, clock, clock.by)
            return
        overdue = self._fact(f"{clock.metric} overdue", due, clock, self._holder(due))
        yield overdue
        if stopped is None:
            return
        yield replace(overdue, what=f"{overdue.what} left", at=stopped, placed=due)
        if clock.how == "kept":
            late = "resolved late" if clock.metric == "resolution" else "answered late"
            yield replace(self._fact(late, stopped, clock, clock.by), spans=((due, stopped),))
        promise = self.book.fits(self._context(due), due)
        pauses = list(self._pauses(promise.pauses_for, clock.since, stopped)) if promise is not None else []
        for stint in self.walk.stints.all:
            begin, end = max(stint.since, clock.since), min(stint.until or stopped, stopped)
            for span in without((begin, end), pauses) if begin < end else ():
                yield replace(self._fact("held", stopped, clock, self._holder(begin)), spans=(span,))

    def _fact(self, what: str, at: Second, clock: Clock, who: Who) -> Fact:
        return Fact(what, at, self.walk.name, clock.episode, who, self._context(at))

    def _due(self, clock: Clock) -> tuple[Second | None, bool]:
        """When it fell due unanswered, if it did; and whether anything was promised at its end."""
        stops = NEVER if clock.until is None else clock.until
        changes = {*self.book.changes, *(at for at, _ in self.walk.contexts), *(gap[1] for gap in clock.gaps)}
        edges = [clock.since, *sorted(at for at in changes if clock.since < at < stops), stops]
        promised = False
        for since, until in pairwise(edges):
            due = self._foreseen(clock, since)
            promised = due is not None
            if due is not None:
                due = max(due, since, clock.earliest)
                due = max([due, *(shown for gone, shown in clock.gaps if gone <= due < shown)])
                if due < until:
                    return due, True
        return None, promised

    def _foreseen(self, clock: Clock, at: Second) -> Second | None:
        """When it would fall due if nothing changed any more; None where nothing is promised."""
        context = self._context(at)
        promise = self.book.fits(context, at)
        target = None if promise is None else getattr(promise, _FIELDS[clock.metric])
        if promise is None or target is None:
            return None
        here, left = clock.since, target
        for begin, end in [*self._pauses(promise.pauses_for, clock.since, at), (NEVER, NEVER)]:
            due = self._after(promise, context, at, here, left)
            if due <= begin:
                return due
            left -= self._between(promise, context, at, here, begin)
            here = end
        return NEVER

    def _between(self, promise: PromiseSet, context: Context, at: Second, since: Second, until: Second) -> int:
        if promise.counted_in is PromiseTime.CALENDAR:
            return max(0, until - since)
        return self.wall.business(self._team(context, at), context.community, since, until)

    def _after(self, promise: PromiseSet, context: Context, at: Second, since: Second, seconds: int) -> Second:
        if promise.counted_in is PromiseTime.CALENDAR or since >= NEVER:
            return since + seconds
        return self.wall.after(self._team(context, at), context.community, since, seconds) or NEVER

    def _pauses(self, pauses_for: Sequence[WaitingFor], since: Second, at: Second) -> Iterator[Span]:
        """When it stood still, as far as that is known at an instant."""
        for begin, end, waiting in _holds(self.walk):
            if waiting in pauses_for and begin <= at and end > since:
                yield max(begin, since), end if end <= at else NEVER

    def _context(self, at: Second) -> Context:
        known = self.walk.contexts
        return known[bisect_right([since for since, _ in known], at) - 1][1]

    def _team(self, context: Context, at: Second) -> str | None:
        return context.queue or self.teams.primary(self._holder(at).name, at)

    def _holder(self, at: Second) -> Who:
        places = [stint.place for stint in self.walk.stints.all if stint.since <= at]
        return places[-1].holder if places and places[-1].holder.name else QUEUE


_FIELDS = {"first": "first_response", "next": "next_response", "resolution": "resolution"}


def _holds(walk: Walk) -> Iterator[tuple[Second, Second, WaitingFor]]:
    """From when until when it waited for whom."""
    since, waiting = 0, None
    for at, now in [*walk.waited, (NEVER, None)]:
        if now is not waiting:
            if waiting is not None:
                yield since, at, waiting
            since, waiting = at, now
