"""When the desk is to be at work: for all of it, for a team, for a community."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from domain.command import Command, command
from domain.commands.fields import Baseline, CalendarCommunity, CalendarTeam, ValidFrom, ZoneOfCalendar
from domain.commands.refusals import arrangements as no
from domain.commands.refusals import calendars as hours
from domain.event import Event, Label
from domain.events import calendars as events
from domain.public_holidays import dates_of
from domain.words import Subject

Opens = Annotated[
    events.MinutesOfWeek,
    Meta(description="When each interval of work begins: minutes since Monday 00:00, local; 540 is Monday 09:00."),
]
Closes = Annotated[
    events.MinutesOfWeek,
    Meta(
        description="Beside `opens`, when each ends: later than it began, at most a week after; over 10,080 where it "
        "runs from Sunday into Monday."
    ),
]
ClosedOn = Annotated[events.Dates, Meta(description="Local dates that are not worked, as `2026-01-01`.")]
HolidaysOf = Annotated[
    Label,
    Meta(description="A country (`MD`) or a part of one (`DE-BY`) whose public holidays are not worked either."),
]
HolidayYears = Annotated[
    tuple[Annotated[int, Meta(ge=1990, le=2100)], ...],
    Meta(max_length=30, description="The years of which public holidays are taken. They are worked out now, for good."),
]


def _set(wish: "SetCalendar") -> tuple[Event, ...]:
    """Public holidays are worked out here, once: the event holds the dates."""
    public = () if wish.holidays_of is None else dates_of(wish.holidays_of, wish.holiday_years)
    return (
        events.CalendarSet(
            zone=wish.zone,
            opens=wish.opens,
            closes=wish.closes,
            team=wish.team,
            community=wish.community,
            closed_on=tuple(sorted({*wish.closed_on, *public})),
            holidays_of=wish.holidays_of,
            valid_from=wish.valid_from,
        ),
    )


@command(
    events.CalendarSet,
    of=Subject.WORKSPACE,
    refused=(
        hours.team_and_community,
        hours.zone_unknown,
        hours.hours_malformed,
        hours.date_malformed,
        hours.country_unknown,
        hours.years_unsaid,
        no.begins_in_the_past,
        no.baseline_without_a_beginning,
        no.judged_already,
    ),
    granted=_set,
)
class SetCalendar(Command):
    """Say in which hours the desk works, from now or a later instant on. Where neither a team nor a community is named,
    it holds for all that have none of their own; a team's holds before a community's."""

    zone: ZoneOfCalendar
    opens: Opens
    closes: Closes
    team: CalendarTeam | None = None
    community: CalendarCommunity | None = None
    closed_on: ClosedOn = ()
    holidays_of: HolidaysOf | None = None
    holiday_years: HolidayYears = ()
    valid_from: ValidFrom | None = None
    baseline: Baseline = False

    @property
    def scope(self) -> Mapping[str, tuple[str, ...]]:
        """Of which conversations it is."""
        said = {"team": self.team, "community": self.community}
        return {dimension: (value,) for dimension, value in said.items() if value is not None}


@command(
    events.CalendarWithdrawn,
    of=Subject.WORKSPACE,
    refused=(hours.team_and_community, hours.calendar_unknown, no.begins_in_the_past),
)
class WithdrawCalendar(Command):
    """Say that a team, a community or (neither) the workspace has no calendar of its own from an instant on."""

    team: CalendarTeam | None = None
    community: CalendarCommunity | None = None
    valid_from: ValidFrom | None = None
