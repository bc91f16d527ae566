"""Calendars and promises that are refused: cases of `test_refusals`."""

from domain.commands.calendars import SetCalendar, WithdrawCalendar
from domain.commands.promises import OrderPromises, SetPromise, WithdrawPromise
from domain.events.calendars import CalendarSet, CalendarWithdrawn
from domain.events.promises import PromiseSet, PromiseWithdrawn
from domain.instants import HOUR
from tests.decisions import MORNING, NOTHING, Case

OFFICE = CalendarSet(zone="Europe/Chisinau", opens=(540,), closes=(1080,))
PROMISED = NOTHING.then(PromiseSet(promise="all", name="All", first_response=3600))
PAST = MORNING - HOUR


def calendar(
    zone: str = "Europe/Chisinau", opens: tuple[int, ...] = (540,), closes: tuple[int, ...] = (1080,), **said: object
) -> SetCalendar:
    return SetCalendar(zone=zone, opens=opens, closes=closes, **said)  # type: ignore[arg-type]  # each case says its own


CASES = [
    Case(
        "a calendar is a team's or a community's",
        NOTHING,
        calendar(team="first-line", community="shop"),
        "TEAM_AND_COMMUNITY",
    ),
    Case("a calendar's zone exists", NOTHING, calendar(zone="Europe/Atlantis"), "ZONE_UNKNOWN"),
    Case("an opening has its closing", NOTHING, calendar(opens=(540, 840)), "HOURS_MALFORMED"),
    Case("a day of work ends after it began", NOTHING, calendar(closes=(540,)), "HOURS_MALFORMED"),
    Case("a date is one", NOTHING, calendar(closed_on=("2026-02-30",)), "DATE_MALFORMED"),
    Case("a country is one", NOTHING, calendar(holidays_of="XX", holiday_years=(2026,)), "COUNTRY_UNKNOWN"),
    Case("public holidays are those of some years", NOTHING, calendar(holidays_of="MD"), "YEARS_UNSAID"),
    Case("nothing is arranged for the past", NOTHING, calendar(valid_from=PAST), "BEGINS_IN_THE_PAST"),
    Case("a baseline has a beginning", NOTHING, calendar(baseline=True), "BASELINE_WITHOUT_A_BEGINNING"),
    Case(
        "what was judged stands",
        NOTHING,
        calendar(valid_from=PAST, baseline=True),
        "JUDGED_ALREADY",
        judged=True,
    ),
    Case("withdrawn is what is there", NOTHING.then(OFFICE), WithdrawCalendar(team="first-line"), "CALENDAR_UNKNOWN"),
    Case(
        "a calendar is withdrawn once",
        NOTHING.then(OFFICE).then(CalendarWithdrawn()),
        WithdrawCalendar(),
        "CALENDAR_UNKNOWN",
    ),
    Case(
        "a team's or a community's calendar is withdrawn",
        NOTHING.then(OFFICE),
        WithdrawCalendar(team="first-line", community="shop"),
        "TEAM_AND_COMMUNITY",
    ),
    Case(
        "nothing is withdrawn for the past",
        NOTHING.then(OFFICE),
        WithdrawCalendar(valid_from=PAST),
        "BEGINS_IN_THE_PAST",
    ),
    Case("a promise promises", NOTHING, SetPromise(promise="all", name="All"), "NOTHING_PROMISED"),
    Case(
        "nothing is promised for the past",
        NOTHING,
        SetPromise(promise="all", name="All", first_response=60, valid_from=PAST),
        "BEGINS_IN_THE_PAST",
    ),
    Case(
        "a promise's baseline has a beginning",
        NOTHING,
        SetPromise(promise="all", name="All", first_response=60, baseline=True),
        "BASELINE_WITHOUT_A_BEGINNING",
    ),
    Case(
        "what promises judged stands",
        NOTHING,
        SetPromise(promise="all", name="All", first_response=60, valid_from=PAST, baseline=True),
        "JUDGED_ALREADY",
        judged=True,
    ),
    Case("what was never promised is not withdrawn", NOTHING, WithdrawPromise(promise="all"), "PROMISE_UNKNOWN"),
    Case(
        "a promise is withdrawn once",
        PROMISED.then(PromiseWithdrawn(promise="all")),
        WithdrawPromise(promise="all"),
        "PROMISE_UNKNOWN",
    ),
    Case(
        "no promise is withdrawn for the past",
        PROMISED,
        WithdrawPromise(promise="all", valid_from=PAST),
        "BEGINS_IN_THE_PAST",
    ),
    Case("an order names promises", PROMISED, OrderPromises(promises=("all", "vip")), "PROMISE_UNKNOWN"),
    Case("no order is for the past", PROMISED, OrderPromises(promises=("all",), valid_from=PAST), "BEGINS_IN_THE_PAST"),
]
