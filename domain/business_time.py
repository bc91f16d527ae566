"""Business time: how much of a span a desk was at work, and when so much of it will have passed.

A calendar says at which minutes of the local week a desk works, and on which local dates it does not. An instant is
working time where the clock on the desk's wall reads one of those minutes; so an hour that the clock skips in spring
holds no work, and one that it repeats in autumn is worked twice.

A `Schedule` knows which calendar was in force when, and cuts all time into pieces in which one calendar and one offset
from UTC hold. In a piece local time runs evenly, so that the work before any of its instants is arithmetic; the work
before each piece is summed once. A span costs two bisections, however long it is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.instants import DAY, EARLIEST, MINUTE, SECOND, Instant, instant_of, moment_of

WEEK = 7 * DAY
MINUTES_A_WEEK = WEEK // MINUTE

_MONDAY = 4 * DAY
"""1970-01-05, from which local weeks are counted."""
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = date(1970, 1, 1).toordinal()
_LATEST: Instant = instant_of(datetime.fromisoformat("2100-01-01T00:00:00+00:00"))
"""Up to here changes of offset are looked for; after it the last offset holds."""

Span = int
"""A length of time in microseconds, as between instants."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a desk works: `hours` are (from, until) in minutes since Monday 00:00 of the zone's local week, and may run
    past its end into Monday; a date in `closed_on` is not worked from midnight to midnight."""

    zone: str
    hours: tuple[tuple[int, int], ...]
    closed_on: frozenset[date] = frozenset()


@dataclass(slots=True)
class _Week:
    """A calendar's local time: how much work lies before a local instant, and back."""

    opens: list[int]
    closes: list[int]
    before: list[Span]
    """The work of the week before each opening; at the end, that of the whole week."""
    days_off: list[int]
    """Beginnings of the dates that are not worked, in order."""
    missed: list[Span] = field(default_factory=lambda: [0])
    """The work that would have been done on the dates off before each."""
    reached: list[Span] = field(default_factory=list)
    """The work done when each date off begins."""
    lead: list[Span] = field(default_factory=list)
    """What to add to an instant within each interval of work, to have the work of the week before it."""

    @classmethod
    def of(cls, calendar: Calendar) -> "_Week":
        opens, closes = _merged(calendar.hours)
        before = [0, *accumulate(close - open_ for open_, close in zip(opens, closes, strict=True))]
        week = cls(opens, closes, before, sorted((day.toordinal() - _EPOCH) * DAY for day in calendar.closed_on))
        week.lead = [done - open_ for done, open_ in zip(before, opens, strict=False)]
        for day in week.days_off:
            week.reached.append(week._planned(day) - week.missed[-1])
            week.missed.append(week.missed[-1] + week._planned(day + DAY) - week._planned(day))
        return week

    def worked(self, local: int) -> Span:
        """The work before a local instant, since some Monday long ago."""
        if self.days_off:
            off = bisect_right(self.days_off, local)
            if off and local < self.days_off[off - 1] + DAY:
                return self.reached[off - 1]
            return self._planned(local) - self.missed[off]
        return self._planned(local)

    def works(self, local: int) -> bool:
        """Whether a local instant is one of work."""
        place = bisect_right(self.opens, (local - _MONDAY) % WEEK)
        if not place or (local - _MONDAY) % WEEK >= self.closes[place - 1]:
            return False
        off = bisect_right(self.days_off, local)
        return not off or local >= self.days_off[off - 1] + DAY

    def edges(self, since: int, until: int) -> Iterable[int]:
        """The local instants between two others at which work begins or ends."""
        for monday in range((since - _MONDAY) // WEEK * WEEK + _MONDAY, until, WEEK):
            yield from (monday + edge for edge in (*self.opens, *self.closes))
        yield from (edge for day in self.days_off if day < until and day + DAY > since for edge in (day, day + DAY))

    def reaching(self, worked: Span) -> int:
        """The first local instant before which so much was worked. There has to be some work in a week."""
        worked += self.missed[bisect_left(self.reached, worked)]
        weeks, rest = divmod(worked, self.before[-1])
        if not rest:
            weeks, rest = weeks - 1, self.before[-1]
        place = bisect_left(self.before, rest) - 1
        return _MONDAY + weeks * WEEK + self.opens[place] + rest - self.before[place]

    def _planned(self, local: int) -> Span:
        """The work before a local instant, were no date off."""
        weeks, within = divmod(local - _MONDAY, WEEK)
        done = weeks * self.before[-1]
        place = bisect_right(self.opens, within)
        if place:
            close = self.closes[place - 1]
            done += self.lead[place - 1] + min(close, within)
        return done


def _merged(hours: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Hours as openings and closings within one week, in order, apart from each other."""
    parts: list[tuple[int, int]] = []
    for since, until in hours:
        parts.append((since, min(until, MINUTES_A_WEEK)))
        if until > MINUTES_A_WEEK:
            parts.append((0, until - MINUTES_A_WEEK))
    opens: list[int] = []
    closes: list[int] = []
    for since, until in sorted(parts):
        if closes and since * MINUTE <= closes[-1]:
            closes[-1] = max(closes[-1], until * MINUTE)
        else:
            opens.append(since * MINUTE)
            closes.append(until * MINUTE)
    return opens, closes


@dataclass(frozen=True, slots=True)
class _Piece:
    """From `since` on: local time is UTC plus `offset`, and `week` says what is worked (None: all of it)."""

    since: Instant
    offset: Span
    week: _Week | None

    def worked(self, at: Instant) -> Span:
        return at if self.week is None else self.week.worked(at + self.offset)

    @property
    def idle(self) -> bool:
        return self.week is not None and not self.week.before[-1]

    def reaching(self, worked: Span) -> Instant:
        return worked if self.week is None else self.week.reaching(worked) - self.offset


class Schedule:
    """The calendars in force over all time: (from, calendar), in order of time. Where none is in force, all time is
    business time."""

    __slots__ = ("_asked", "_before", "_open", "_pieces", "_shifts", "_starts", "always")

    def __init__(self, versions: Sequence[tuple[Instant, Calendar | None]]) -> None:
        self.always = not any(calendar for _, calendar in versions)
        """Whether business time is calendar time throughout."""
        self._asked: Instant | None = None
        """When it was last asked whether the desk is at work: an event has several samples, at one instant."""
        self._open: bool | None = None
        self._pieces = [] if self.always else list(_pieces(versions))
        self._starts = [piece.since for piece in self._pieces]
        self._before: list[Span] = [0]
        for piece, following in zip(self._pieces, self._starts[1:], strict=False):
            self._before.append(self._before[-1] + piece.worked(following) - piece.worked(piece.since))
        self._shifts = [
            before - piece.worked(piece.since) for before, piece in zip(self._before, self._pieces, strict=False)
        ]
        """What to add to the work that a piece counts, to have all work before it."""

    def span(self, since: Instant, until: Instant) -> Span:
        """The business time between two instants; 0 where the end is before the start."""
        if until <= since:
            return 0
        return until - since if self.always else self._worked(until) - self._worked(since)

    def open_at(self, at: Instant) -> bool | None:
        """Whether the desk is at work at an instant; None where no calendar is in force then."""
        if at != self._asked:
            self._asked, self._open = at, self._open_at(at)
        return self._open

    def _open_at(self, at: Instant) -> bool | None:
        if self.always:
            return None
        piece = self._pieces[max(0, bisect_right(self._starts, at) - 1)]
        return None if piece.week is None else piece.week.works(at + piece.offset)

    def edges(self, since: Instant, until: Instant) -> list[Instant]:
        """The instants between two others at which the desk begins work or ends it, in order."""
        found = set(self._starts)
        first, last = (max(0, bisect_right(self._starts, at) - 1) for at in (since, until))
        for piece in self._pieces[first : last + 1]:
            if piece.week is not None:
                found.update(
                    edge - piece.offset for edge in piece.week.edges(since + piece.offset, until + piece.offset)
                )
        within = sorted(edge for edge in found if since < edge < until)
        return [edge for edge in within if self._open_at(edge - 1) is not self._open_at(edge)]

    def due(self, since: Instant, span: Span) -> Instant | None:
        """The first instant by which so much business time has passed; None where that never comes."""
        if self.always or span <= 0:
            return since + max(0, span)
        wanted = self._worked(since) + span
        index = bisect_left(self._before, wanted) - 1
        piece = self._pieces[index]
        if piece.idle:
            return None
        return piece.reaching(wanted - self._shifts[index])

    def _worked(self, at: Instant) -> Span:
        index = max(0, bisect_right(self._starts, at) - 1)
        return self._shifts[index] + self._pieces[index].worked(at)


def _pieces(versions: Sequence[tuple[Instant, Calendar | None]]) -> Iterable[_Piece]:
    """The pieces of all time. Before the first version there is no calendar."""
    edges: list[tuple[Instant, Calendar | None]] = [(EARLIEST, None), *versions]
    ends = [since for since, _ in edges[1:]] + [_LATEST]
    for (since, calendar), until in zip(edges, ends, strict=True):
        if calendar is None:
            yield _Piece(since, 0, None)
            continue
        week = _Week.of(calendar)
        changes, offsets = _offsets(calendar.zone)
        place = bisect_right(changes, since)
        yield _Piece(since, offsets[place], week)
        for change in range(place, len(changes)):
            if changes[change] >= until:
                break
            yield _Piece(changes[change], offsets[change + 1], week)


@cache
def _offsets(zone: str) -> tuple[list[Instant], list[Span]]:
    """When a zone changes its offset from UTC (at most once a week), and the offsets: before all, and after each."""
    known = ZoneInfo(zone)

    def offset(at: Instant) -> Span:
        return (known.utcoffset(moment_of(at).astimezone(known)) or timedelta()) // _MICROSECOND

    changes: list[Instant] = []
    offsets = [offset(EARLIEST)]
    for monday in range(EARLIEST, _LATEST, WEEK):
        low, high = monday, monday + WEEK
        after = offset(high)
        if after == offsets[-1]:
            continue
        while high - low > SECOND:
            middle = (low + high) // 2 // SECOND * SECOND
            if offset(middle) == after:
                high = middle
            else:
                low = middle
        changes.append(high)
        offsets.append(after)
    return changes, offsets
