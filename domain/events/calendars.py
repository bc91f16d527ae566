"""When the desk works. Calendars are arranged by commands; nobody's log tells of them."""

from typing import Annotated

from msgspec import Meta

from domain.event import Event, Id, Label, event
from domain.instants import Instant
from domain.text import Text
from domain.words import Subject

MinutesOfWeek = Annotated[tuple[Annotated[int, Meta(ge=0, le=2 * 7 * 24 * 60)], ...], Meta(max_length=100)]
"""Minutes since Monday 00:00 of the local week."""
Dates = Annotated[tuple[Label, ...], Meta(max_length=1_000)]
"""Local dates, as `2026-01-01`."""


@event(
    "calendar.set",
    of=Subject.WORKSPACE,
    title=Text("Calendar set", "Календарь задан", "Календар задано", "Calendar stabilit"),
    told=False,
)
class CalendarSet(Event):
    """From an instant on, a team, a community or the whole workspace works in these hours."""

    zone: Label
    """An IANA name."""
    opens: MinutesOfWeek
    closes: MinutesOfWeek
    """Beside `opens`: when each interval ends; past the week's end where it runs into Monday."""
    team: Id | None = None
    community: Id | None = None
    """Where neither is said, it holds for whatever has no calendar of its own."""
    closed_on: Dates = ()
    """Dates that are not worked, those of public holidays among them."""
    holidays_of: Label | None = None
    """The country (or `country-subdivision`) whose public holidays stand among the dates."""
    valid_from: Instant | None = None
    """Unsaid: from the moment it was set."""


@event(
    "calendar.withdrawn",
    of=Subject.WORKSPACE,
    title=Text("Calendar withdrawn", "Календарь отменён", "Календар скасовано", "Calendar retras"),
    told=False,
)
class CalendarWithdrawn(Event):
    """From an instant on, the team, community or workspace has no calendar of its own."""

    team: Id | None = None
    community: Id | None = None
    valid_from: Instant | None = None
