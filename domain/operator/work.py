"""When an operator works: calls, what follows them, and what they have before them, over all conversations.

What an operator does at once is work for each of the conversations, but keeps them busy once. So every stretch of work
is cut where another one covers it: the stretch that ended first is counted as busy, and of the next one what the first
did not cover. The work of a day is what passed in it (UTC), so days do not depend on each other.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from domain.instants import DAY, SECOND, Instant
from domain.kpi.measures import BUSY, BUSY_NOT_ONLINE
from domain.operator.presence import cut_at_midnights

Spans = list[tuple[Instant, Instant]]
"""Disjoint, in order."""


class Work(NamedTuple):
    """What passed in one day of a stretch of work. In this order they are counted."""

    until: Instant
    seconds: int
    conversation: str
    positions: tuple[int, ...]
    """Of the events that bound it."""
    number: int
    """What the conversation's samples call it."""

    @property
    def since(self) -> Instant:
        return self.until - self.seconds * SECOND


class Piece(NamedTuple):
    """A part of a day's work that is alike: `flags` say whether it kept busy, and whether the operator was online."""

    work: Work
    until: Instant
    seconds: int
    flags: int


def day_of(until: Instant) -> int:
    """The day (from 1970-01-01 UTC) in which what ends then passed."""
    return (until - 1) // DAY


def works(until: Instant, seconds: int, conversation: str, positions: tuple[int, ...], number: int) -> Iterator[Work]:
    """A stretch of work, day by day."""
    for end, passed in cut_at_midnights(until, seconds):
        yield Work(end, passed, conversation, positions, number)


class Day:
    """One operator's work of one day."""

    __slots__ = ("_covered", "works")

    def __init__(self, works: Iterable[Work] = ()) -> None:
        self.works = sorted(works)
        self._covered: Spans | None = None

    def pieces(self, online: Spans) -> list[Piece]:
        """All of the day's work, in pieces."""
        covered: Spans = []
        found: list[Piece] = []
        for work in self.works:
            found += _cut(work, covered, online)
            covered = _joined(covered, work.since, work.until)
        self._covered = covered
        return found

    def is_next(self, work: Work) -> bool:
        """Whether it is counted after all others, so that none of their pieces changes."""
        return not self.works or work > self.works[-1]

    def append(self, work: Work, online: Spans) -> list[Piece]:
        """Add the next one, and say what pieces it is in."""
        if self._covered is None:
            self.pieces([])
        covered = self._covered or []
        pieces = _cut(work, covered, online)
        self.works.append(work)
        self._covered = _joined(covered, work.since, work.until)
        return pieces

    def add(self, work: Work) -> None:
        insort(self.works, work)
        self._covered = None

    def remove(self, work: Work) -> None:
        self.works.remove(work)
        self._covered = None


def _cut(work: Work, covered: Spans, online: Spans) -> list[Piece]:
    """The whole seconds of a stretch are shared out among its pieces, so that these add up to it."""
    if not covered or covered[-1][1] <= work.since:  # as nearly always: it follows what was done before
        if len(online) == 1 and online[0][0] <= work.since and work.until <= online[0][1]:
            return [Piece(work, work.until, work.seconds, BUSY.flag)]
        if not online:
            return [Piece(work, work.until, work.seconds, BUSY.flag | BUSY_NOT_ONLINE.flag)]
    start, edges = work.since, {work.since, work.until}
    covered, online = _over(covered, work), _over(online, work)
    for since, until in (*covered, *online):
        edges.update(edge for edge in (since, until) if start < edge < work.until)
    pieces: list[Piece] = []
    ordered = sorted(edges)
    for since, until in pairwise(ordered):
        flags = 0
        if not _within(since, covered):
            flags = BUSY.flag if _within(since, online) else BUSY.flag | BUSY_NOT_ONLINE.flag
        seconds = (until - start) // SECOND - (since - start) // SECOND
        if pieces and (pieces[-1].flags == flags or not seconds):
            pieces[-1] = pieces[-1]._replace(until=until, seconds=pieces[-1].seconds + seconds)
        elif seconds:
            pieces.append(Piece(work, until, seconds, flags))
    return pieces


def _over(spans: Spans, work: Work) -> Spans:
    """Those that a stretch of work may meet."""
    last = bisect_left(spans, (work.until,))
    return spans[max(bisect_right(spans, (work.since, work.since)) - 1, 0) : last]


def _within(at: Instant, spans: Sequence[tuple[Instant, Instant]]) -> bool:
    return any(since <= at < until for since, until in spans)


def _joined(spans: Spans, since: Instant, until: Instant) -> Spans:
    """Spans with one more, which may overlap any of them; they are taken over."""
    if not spans or since > spans[-1][1]:
        spans.append((since, until))
        return spans
    apart = [span for span in spans if span[1] < since or span[0] > until]
    overlapping = [span for span in spans if not (span[1] < since or span[0] > until)]
    if overlapping:
        since, until = min(since, overlapping[0][0]), max(until, overlapping[-1][1])
    return sorted([*apart, (since, until)])
