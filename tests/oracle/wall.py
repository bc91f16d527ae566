"""Business time as a clerk would count it: look at the wall clock every minute, and note whether the desk is at work.

Slow and obvious on purpose; it shares nothing with `domain.business_time`. Calendars of random desks begin and end on
whole minutes, so within a minute nothing changes.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.envelope import NewEvent
from domain.events.calendars import CalendarSet, CalendarWithdrawn

MINUTE = 60
Second = int
"""Seconds since 1970-01-01T00:00:00Z."""
Scope = tuple[str | None, str | None]
"""A team, a community, or neither."""


class Wall:
    """All calendars that were ever set."""

    def __init__(self, events: Sequence[NewEvent], since: Second, until: Second) -> None:
        self._set: dict[Scope, list[tuple[Second, CalendarSet | None]]] = {}
        for event in sorted(events, key=lambda event: event.envelope.occurred_at):
            told = event.payload
            if isinstance(told, CalendarSet | CalendarWithdrawn):
                at = event.envelope.occurred_at if told.valid_from is None else told.valid_from
                said = told if isinstance(told, CalendarSet) else None
                self._set.setdefault((told.team, told.community), []).append((at // 1_000_000, said))
        for versions in self._set.values():
            versions.sort(key=lambda version: version[0])
        self._since = since - since % MINUTE
        self._minutes = (until - self._since) // MINUTE + 1
        self._worked: dict[Scope, list[int]] = {}

    def calendar(self, team: str | None, community: str | None, at: Second) -> CalendarSet | None:
        """The team's own, else the community's own, else the workspace's; None where none is in force."""
        own = [(team, None)] * (team is not None) + [(None, community)] * (community is not None)
        for scope in (*own, (None, None)):
            in_force = [said for since, said in self._set.get(scope, ()) if since <= at]
            if in_force and in_force[-1] is not None:
                return in_force[-1]
        return None

    def works(self, team: str | None, community: str | None, at: Second) -> bool | None:
        """Whether the desk is at work; None where no calendar says so."""
        calendar = self.calendar(team, community, at)
        if calendar is None:
            return None
        local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(calendar.zone))
        if local.date().isoformat() in calendar.closed_on:
            return False
        minute = local.weekday() * 1_440 + local.hour * 60 + local.minute
        hours = list(zip(calendar.opens, calendar.closes, strict=True))
        return any(opens <= minute < closes or opens <= minute + 10_080 < closes for opens, closes in hours)

    def business(self, team: str | None, community: str | None, since: Second, until: Second) -> int:
        """Seconds at work; all of them while there is no calendar."""
        return 0 if until <= since else self._until(team, community, until) - self._until(team, community, since)

    def after(self, team: str | None, community: str | None, since: Second, seconds: int) -> Second | None:
        """The first instant by which so many seconds at work have passed."""
        counted = self._counted(team, community)
        wanted = self._until(team, community, since) + seconds
        minute = bisect_left(counted, wanted) - 1
        if minute + 1 >= len(counted):
            return None
        return max(since, self._since + minute * MINUTE + wanted - counted[minute])

    def _until(self, team: str | None, community: str | None, at: Second) -> int:
        counted = self._counted(team, community)
        minute, rest = divmod(at - self._since, MINUTE)
        return counted[minute] + (rest if counted[minute + 1] > counted[minute] else 0)

    def _counted(self, team: str | None, community: str | None) -> list[int]:
        """Seconds at work until each minute."""
        scope = (team if (team, None) in self._set else None, community if (None, community) in self._set else None)
        if scope not in self._worked:
            minutes = (self._since + number * MINUTE for number in range(self._minutes))
            at_work = [0 if self.works(*scope, at) is False else MINUTE for at in minutes]
            self._worked[scope] = list(accumulate(at_work, initial=0))
        return self._worked[scope]


def midnight_after(at: Second, zone: str) -> Second:
    """When the next day begins there."""
    local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
    tomorrow = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return int(tomorrow.timestamp())
