"""What the fold of a conversation knows of the desk around it: who belongs where, when it works, what it promises.

All of it is asked for by instant, and changes only by what is said of the desk. What is said anew and touches
conversations has them folded anew.
"""

from typing import Protocol

from domain.business_time import Schedule
from domain.calendars import CalendarBook
from domain.instants import SECOND, Instant, seconds_between
from domain.promises import PromiseBook


class Teams(Protocol):
    """Who belongs where."""

    def primary(self, operator: str, at: Instant) -> str | None:
        """The operator's primary team at an instant."""
        ...


class Surroundings:
    """The desk around conversations."""

    __slots__ = ("calendars", "primary", "promises")

    def __init__(
        self, teams: Teams, calendars: CalendarBook | None = None, promises: PromiseBook | None = None
    ) -> None:
        self.primary = teams.primary
        self.calendars = CalendarBook() if calendars is None else calendars
        self.promises = PromiseBook() if promises is None else promises

    def schedule(self, team: str | None, community: str | None) -> Schedule:
        """When whoever is responsible for a team's conversation in a community is at work."""
        return self.calendars.schedule(team, community)

    def business_seconds(self, team: str | None, community: str | None, since: Instant, until: Instant) -> int:
        """Whole seconds of business time; of calendar time where no calendar is kept."""
        if not self.calendars.kept:
            return seconds_between(since, until)
        return self.calendars.schedule(team, community).span(since, until) // SECOND

    def in_hours(self, team: str | None, community: str | None, at: Instant) -> bool | None:
        """Whether an instant lies in business hours; None where no calendar says so."""
        return self.calendars.schedule(team, community).open_at(at) if self.calendars.kept else None
