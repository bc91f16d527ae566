"""Why a calendar can't be kept."""

from typing import Any

from domain.business_time import MINUTES_A_WEEK
from domain.calendars import Scope, date_of
from domain.command import Wish, refusal
from domain.commands.refusals.directory import known_zones
from domain.commands.state import WorkspaceState
from domain.public_holidays import countries

About = Wish[WorkspaceState, Any]


@refusal("TEAM_AND_COMMUNITY")
def team_and_community(wish: About) -> str | None:
    """A calendar is a team's, or a community's, or the workspace's."""
    both = wish.command.team is not None and wish.command.community is not None
    return "name a team or a community, not both" if both else None


@refusal("ZONE_UNKNOWN")
def zone_unknown(wish: About) -> str | None:
    """There is no such time zone."""
    known = wish.command.zone in known_zones()
    return None if known else "there is no such time zone; name it as IANA does: Europe/Chisinau"


@refusal("HOURS_MALFORMED")
def hours_malformed(wish: About) -> str | None:
    """Openings and closings do not make intervals within a week."""
    opens, closes = wish.command.opens, wish.command.closes
    if len(opens) != len(closes):
        return f"there are {len(opens)} openings and {len(closes)} closings; each opening has its closing beside it"
    for opening, closing in zip(opens, closes, strict=True):
        if opening >= MINUTES_A_WEEK:
            return f"a week has {MINUTES_A_WEEK} minutes; none opens at {opening}"
        if not opening < closing <= opening + MINUTES_A_WEEK:
            return f"what opens at {opening} closes later, and within a week; not at {closing}"
    return None


@refusal("DATE_MALFORMED")
def date_malformed(wish: About) -> str | None:
    """A date is not written as `2026-01-01`, or there is no such day."""
    wrong = next((text for text in wish.command.closed_on if date_of(text) is None), None)
    return None if wrong is None else f"{wrong!r} is no date; write it as 2026-01-01"


@refusal("COUNTRY_UNKNOWN")
def country_unknown(wish: About) -> str | None:
    """Public holidays of that country are not known here."""
    code = wish.command.holidays_of
    known = code is None or code in countries()
    return None if known else f"public holidays of {code!r} are not known; name a country as MD, a part of it as DE-BY"


@refusal("YEARS_UNSAID")
def years_unsaid(wish: About) -> str | None:
    """Public holidays are those of some years, which have to be said."""
    unsaid = wish.command.holidays_of is not None and not wish.command.holiday_years
    return "say of which years: `holidayYears`" if unsaid else None


@refusal("CALENDAR_UNKNOWN")
def calendar_unknown(wish: About) -> str | None:
    """There is no such calendar."""
    scope = Scope(wish.command.team, wish.command.community)
    versions = wish.state.calendars.versions().get(scope, ())
    return None if versions and versions[-1].calendar is not None else "there is no such calendar"
