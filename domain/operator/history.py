"""An operator's samples through the ledger's time: presence and work, which event brought which, and which took it
back.

Work is cut by what the operator did beside it and by whether they were online, so a stretch that becomes known late, or
another presence, changes the pieces of its day; those that are counted after all others change nothing.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from domain.conversation.sample import Credit, Sample, Standing, place_of
from domain.conversation.surroundings import Teams
from domain.instants import DAY, Instant
from domain.kpi import measures as m
from domain.operator.presence import NOWHERE, Spells, Turned, heard_of_by
from domain.operator.work import Day, Piece, Work, day_of
from domain.words import ActorType

NO_CONVERSATION = -1


class Held(NamedTuple):
    """A sample that holds since, or no longer after, what just became known; and the conversation's number."""

    sample: Sample
    holds: bool
    number: int


class Operator:
    """One operator. Whoever keeps many lets go of days and of turns; they have to be there when something touches
    them (`days_until_next`)."""

    __slots__ = ("_teams", "days", "latest", "name", "spells")

    def __init__(self, name: str, teams: Teams) -> None:
        self.name = name
        self.spells = Spells(name, teams)
        self.days: dict[int, Day] = {}
        self.latest: Instant = 0
        """Until when any work is known."""
        self._teams = teams

    def days_until_next(self, turned: Turned) -> range:
        """The days whose work another presence may change: from when the one before was believed no longer, up to the
        next change of it, or of any work."""
        turns = self.spells.turns
        index = bisect(turns, turned)
        until = min(turns[index].at, self.latest) if index < len(turns) else self.latest
        since = min(turned.at, heard_of_by(turns[index - 1].at)) if index else turned.at
        return range(since // DAY, day_of(until) + 1) if since < until else range(0)

    def turn(self, turned: Turned) -> list[Held]:
        """A change of presence becomes known."""
        days = [self.days[day] for day in self.days_until_next(turned) if day in self.days]
        before = self._samples(days)
        ceased, begun = self.spells.turn(turned)
        changes = [Held(sample, False, NO_CONVERSATION) for sample in ceased if sample not in begun]
        changes += [Held(sample, True, NO_CONVERSATION) for sample in begun if sample not in ceased]
        return changes if not days else changes + difference(before, self._samples(days))

    def work(self, work: Work, *, holds: bool) -> list[Held]:
        """A day's part of a stretch of work becomes known, or is none any more."""
        day = self.days.setdefault(day_of(work.until), Day())
        self.latest = max(self.latest, work.until)
        if holds and day.is_next(work):
            online = list(self.spells.online(work.since, work.until))
            return [Held(self._sample(piece), True, work.number) for piece in day.append(work, online)]
        before = self._samples([day])
        if holds:
            day.add(work)
        else:
            day.remove(work)
        return difference(before, self._samples([day]))

    def standing(self) -> list[tuple[Sample, int]]:
        """All that holds now, as far as it was not let go of, each with its conversation's number."""
        presence = [(sample, NO_CONVERSATION) for sample in self.spells.samples()]
        return presence + self._samples(self.days.values())

    def _samples(self, days: Iterable[Day]) -> list[tuple[Sample, int]]:
        found = []
        for day in days:
            if day.works:
                since = min(work.since for work in day.works)
                online = list(self.spells.online(since, day.works[-1].until))
                found += [(self._sample(piece), piece.work.number) for piece in day.pieces(online)]
        return found

    def _sample(self, piece: Piece) -> Sample:
        """Of whom it was, and of their team when it ended; of no channel, kind or priority, for they may overlap."""
        credit = Credit(self.name, ActorType.OPERATOR, inferred=False)
        place = place_of(credit, self._teams.primary(self.name, piece.work.until), NOWHERE, Standing.REGULAR)
        positions = piece.work.positions
        return Sample(m.WORK.code, piece.until, 0, place, positions, piece.seconds, piece.seconds, piece.flags)


def difference(before: list[tuple[Sample, int]], after: list[tuple[Sample, int]]) -> list[Held]:
    """What no longer holds, and what does instead."""
    old, new = Counter(before), Counter(after)
    ceased = [Held(sample, False, number) for sample, number in (old - new).elements()]
    return ceased + [Held(sample, True, number) for sample, number in (new - old).elements()]
