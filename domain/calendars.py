"""Which calendar is in force where and when, from what was arranged. Whatever order events arrive in is the same."""

from bisect import insort
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.business_time import MINUTES_A_WEEK, Calendar, Schedule
from domain.envelope import Order, RecordedEvent
from domain.events.calendars import CalendarSet, CalendarWithdrawn
from domain.instants import EARLIEST, Instant

CALENDAR_EVENTS = (CalendarSet, CalendarWithdrawn)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a calendar is for: a team, a community, or (neither) the whole workspace."""

    team: str | None = None
    community: str | None = None


WORKSPACE = Scope()


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """A calendar, or that there is none, from an instant on."""

    valid_from: Instant
    order: Order
    position: int
    calendar: Calendar | None
    """None: from here on there is none of its own."""
    holidays_of: str | None = None


class CalendarBook:
    """All calendars over all time.

    At each instant the most specific one holds: the team's own, else the community's, else the workspace's. A team is
    said to work at certain hours, whichever page the customer wrote to.
    """

    def __init__(self) -> None:
        self.kept = False
        """Whether there ever was a calendar."""
        self._of: dict[Scope, list[CalendarVersion]] = {}
        self._schedules: dict[tuple[str | None, str | None], Schedule] = {}

    def learn(self, event: RecordedEvent) -> Instant:
        """Take in an event. Returns from when on it may change something."""
        payload = event.payload
        if not isinstance(payload, CALENDAR_EVENTS):
            raise TypeError(f"{payload.declaration.name} arranges no calendar")
        valid_from = event.envelope.occurred_at if payload.valid_from is None else payload.valid_from
        version = CalendarVersion(
            valid_from,
            event.order,
            event.position,
            calendar_of(payload) if isinstance(payload, CalendarSet) else None,
            payload.holidays_of if isinstance(payload, CalendarSet) else None,
        )
        versions = self._of.setdefault(Scope(payload.team, payload.community), [])
        insort(versions, version, key=lambda each: (each.valid_from, each.order))
        self._schedules.clear()
        self.kept = True
        return valid_from

    def schedule(self, team: str | None, community: str | None) -> Schedule:
        """What holds for a conversation of a team and community."""
        key = (team, community)
        known = self._schedules.get(key)
        if known is None:
            known = self._schedules[key] = self._schedule(team, community)
        return known

    def versions(self) -> dict[Scope, tuple[CalendarVersion, ...]]:
        """Everything that was arranged, each scope's in the order in which it holds."""
        return {scope: tuple(versions) for scope, versions in self._of.items()}

    def _schedule(self, team: str | None, community: str | None) -> Schedule:
        scopes = [Scope(team=team)] * (team is not None) + [Scope(community=community)] * (community is not None)
        ranked = [self._of[scope] for scope in (*scopes, WORKSPACE) if scope in self._of]
        edges = sorted({version.valid_from for versions in ranked for version in versions})
        return Schedule([(max(edge, EARLIEST), _in_force(ranked, edge)) for edge in edges])


def calendar_of(payload: CalendarSet) -> Calendar | None:
    """The calendar that an event says; None where it names a zone that is not known here."""
    try:
        ZoneInfo(payload.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    hours = tuple(
        (opens % MINUTES_A_WEEK, opens % MINUTES_A_WEEK + min(closes - opens, MINUTES_A_WEEK))
        for opens, closes in zip(payload.opens, payload.closes, strict=False)
        if closes > opens
    )
    return Calendar(payload.zone, hours, frozenset(day for text in payload.closed_on if (day := date_of(text))))


def date_of(text: str) -> date | None:
    """A local date as `2026-01-01`; None where it is none."""
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _in_force(ranked: list[list[CalendarVersion]], at: Instant) -> Calendar | None:
    """The first of the scopes that has a calendar of its own then."""
    for versions in ranked:
        latest = next((version for version in reversed(versions) if version.valid_from <= at), None)
        if latest is not None and latest.calendar is not None:
            return latest.calendar
    return None
