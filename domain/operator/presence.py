"""Whether an operator is there: spells of presence, from one change to the next.

    OFFLINE ──► ONLINE ──► AWAY, BREAK ──► ONLINE ──► ... ──► OFFLINE

Who came online is online until something says otherwise. So the seconds of a spell that nothing ended yet are written
in advance, and taken back by what ends it: a figure counts of them what has passed when it is asked for. They end with
the next day, for by then something would have been heard. Seconds are cut at midnights (UTC), so that they belong to
the days in which they passed.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import NamedTuple

from domain.conversation.sample import Context, Credit, Sample, Standing, place_of
from domain.conversation.surroundings import Teams
from domain.envelope import Order, RecordedEvent
from domain.events.directory import OperatorLeft
from domain.events.presence import PresenceChanged
from domain.instants import DAY, SECOND, Instant
from domain.kpi import measures as m
from domain.words import ActorType, Presence

NOWHERE = Context()
_SPELLS = {Presence.ONLINE: m.ONLINE, Presence.AWAY: m.AWAY, Presence.BREAK: m.ON_BREAK}


class Turned(NamedTuple):
    """From then on the operator is online, away, on a break or offline."""

    order: Order
    presence: Presence
    position: int

    @property
    def at(self) -> Instant:
        return self.order[0]


def turned(event: RecordedEvent) -> Turned | None:
    """What an event of an operator's stream says of their presence. Who leaves the desk is offline."""
    match event.payload:
        case PresenceChanged():
            return Turned(event.order, event.payload.presence, event.position)
        case OperatorLeft():
            return Turned(event.order, Presence.OFFLINE, event.position)
    return None


class Spells:
    """One operator's presence, change by change in the order in which they happened."""

    __slots__ = ("_operator", "_teams", "turns")

    def __init__(self, operator: str, teams: Teams) -> None:
        self._operator = operator
        self._teams = teams
        self.turns: list[Turned] = []

    def turn(self, turned: Turned) -> tuple[list[Sample], list[Sample]]:
        """A change becomes known: the samples that no longer hold, and those that do instead. Both are of the spell
        that it falls into, for a spell depends on the two changes that bound it alone."""
        insort(self.turns, turned)
        index = bisect_left(self.turns, turned)
        before = self.turns[index - 1] if index else None
        after = self.turns[index + 1] if index + 1 < len(self.turns) else None
        ceased = list(self._spell(before, after)) if before is not None else []
        begun = list(self._spell(before, turned)) if before is not None else []
        return ceased, begun + list(self._spell(turned, after))

    def samples(self) -> Iterator[Sample]:
        """All that is observed of it."""
        for index, turned in enumerate(self.turns):
            yield from self._spell(turned, self.turns[index + 1] if index + 1 < len(self.turns) else None)

    def online(self, since: Instant, until: Instant) -> Iterator[tuple[Instant, Instant]]:
        """When the operator was online, as far as that reaches into a span of time."""
        index = max(bisect_left(self.turns, since, key=lambda turned: turned.at) - 1, 0)
        while index < len(self.turns) and self.turns[index].at < until:
            turned = self.turns[index]
            index += 1
            if turned.presence is Presence.ONLINE:
                yield turned.at, self.turns[index].at if index < len(self.turns) else heard_of_by(turned.at)

    def _spell(self, begun: Turned, ended: Turned | None) -> Iterator[Sample]:
        measure = _SPELLS.get(begun.presence)
        if measure is None:
            return
        credit = Credit(self._operator, ActorType.OPERATOR, inferred=False)
        place = place_of(credit, self._teams.primary(self._operator, begun.at), NOWHERE, Standing.REGULAR)
        if measure is m.ONLINE:
            yield Sample(m.CAME_ONLINE.code, begun.at, 0, place, (begun.position,))
        if ended is not None and measure is m.ONLINE:
            yield Sample(m.WENT_FROM_ONLINE.code, ended.at, 0, place, (ended.position,))
        positions = (begun.position,) if ended is None else (begun.position, ended.position)
        over = heard_of_by(begun.at) if ended is None else ended.at
        for until, seconds in cut_at_midnights(over, (over - begun.at) // SECOND):
            yield Sample(measure.code, until, 0, place, positions, seconds, seconds)


def heard_of_by(at: Instant) -> Instant:
    """How long what was said at an instant is believed without another word: to the end of the next day."""
    return (at // DAY + 2) * DAY


def cut_at_midnights(until: Instant, seconds: int) -> Iterator[tuple[Instant, int]]:
    """A stretch of whole seconds that ends at an instant, day by day (UTC), each with its end; together as long."""
    since = until - seconds * SECOND
    told = 0
    while since < until:
        end = min(until, (since // DAY + 1) * DAY)
        upto = seconds - (until - end) // SECOND
        if upto > told:
            yield end, upto - told
        told, since = upto, end
