"""Business time: by hand where people argue about it, and against a clock that steps by seconds."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_time import MINUTES_A_WEEK, Calendar, Schedule
from domain.instants import DAY, EARLIEST, HOUR, SECOND, Instant, moment_of, parse_instant

MON, TUE, WED, THU, FRI, SAT, SUN = (day * 1440 for day in range(7))
OFFICE = tuple((day + 9 * 60, day + 18 * 60) for day in (MON, TUE, WED, THU, FRI))
LUNCH = tuple(part for day in (MON, TUE, WED, THU, FRI) for part in ((day + 540, day + 780), (day + 840, day + 1080)))
NIGHTS = tuple((day + 22 * 60, day + 30 * 60) for day in (MON, TUE, WED, THU, FRI, SAT, SUN))
ALWAYS = ((0, MINUTES_A_WEEK),)


def kept(zone: str, hours: tuple[tuple[int, int], ...], *closed_on: str) -> Schedule:
    """One calendar, always."""
    return Schedule([(EARLIEST, calendar(zone, hours, *closed_on))])


def calendar(zone: str, hours: tuple[tuple[int, int], ...], *closed_on: str) -> Calendar:
    return Calendar(zone, hours, frozenset(date.fromisoformat(day) for day in closed_on))


def hours(schedule: Schedule, since: str, until: str) -> float:
    return schedule.span(parse_instant(since), parse_instant(until)) / HOUR


def test_a_change_of_calendar_in_mid_span_counts_each_while_it_was_in_force() -> None:
    """The public vector (fivetran/dbt_zendesk): its weeks begin on Sunday."""
    a = ((720, 1560), (2160, 3000), (3600, 4440), (5040, 5880), (6480, 7320), (7920, 8760), (9360, 10200))
    b = ((2340, 2910), (3780, 4350), (5220, 5790), (6660, 7230), (8100, 8670))
    since, until = parse_instant("2020-09-29T17:01:38Z"), parse_instant("2020-09-30T19:01:46Z")
    changed = parse_instant("2020-09-30T19:01:25Z")
    first, second = Calendar("UTC", _from_sunday(a)), Calendar("UTC", _from_sunday(b))
    assert Schedule([(EARLIEST, first), (changed, second)]).span(since, until) == 57_608 * SECOND
    assert Schedule([(EARLIEST, second)]).span(since, until) == 41_408 * SECOND


def _from_sunday(minutes: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return tuple(
        ((open_ + SUN) % MINUTES_A_WEEK, (open_ + SUN) % MINUTES_A_WEEK + close - open_) for open_, close in minutes
    )


def test_without_a_calendar_business_time_is_calendar_time() -> None:
    schedule = Schedule([])
    assert hours(schedule, "2026-03-06T17:00Z", "2026-03-09T10:00Z") == 65
    assert schedule.due(0, HOUR) == HOUR
    assert schedule.open_at(0) is None


def test_before_the_first_calendar_all_time_is_business_time() -> None:
    schedule = Schedule([(parse_instant("2026-03-06T00:00Z"), calendar("UTC", OFFICE))])
    assert hours(schedule, "2026-03-05T22:00Z", "2026-03-06T10:00Z") == 2 + 1


def test_nights_weekends_and_the_lunch_break_are_no_business_time() -> None:
    schedule = kept("Europe/Chisinau", LUNCH)
    assert hours(schedule, "2026-03-06T17:00+02:00", "2026-03-09T10:00+02:00") == 2
    assert hours(schedule, "2026-03-09T12:30+02:00", "2026-03-09T14:30+02:00") == 1
    assert hours(schedule, "2026-03-09T13:10+02:00", "2026-03-09T13:50+02:00") == 0


def test_a_shift_that_crosses_midnight_is_one_shift_also_from_sunday_to_monday() -> None:
    schedule = kept("Europe/Kyiv", NIGHTS)
    assert hours(schedule, "2026-03-03T20:00+02:00", "2026-03-04T12:00+02:00") == 8
    assert hours(schedule, "2026-03-08T23:00+02:00", "2026-03-09T05:00+02:00") == 6


def test_a_date_off_is_not_worked_from_midnight_to_midnight() -> None:
    schedule = kept("Europe/Chisinau", OFFICE, "2026-03-09")
    assert hours(schedule, "2026-03-06T17:00+02:00", "2026-03-10T10:00+02:00") == 2
    nights = kept("Europe/Kyiv", NIGHTS, "2026-03-04")
    assert hours(nights, "2026-03-03T20:00+02:00", "2026-03-05T12:00+02:00") == 2 + 6


def test_the_hour_that_spring_skips_holds_no_work_and_the_one_that_autumn_repeats_two() -> None:
    schedule = kept("Europe/Chisinau", tuple((day + 60, day + 300) for day in range(0, MINUTES_A_WEEK, 1440)))
    assert hours(schedule, "2026-03-28T22:00Z", "2026-03-29T21:00Z") == 3
    assert hours(schedule, "2026-10-24T21:00Z", "2026-10-25T22:00Z") == 5
    assert hours(kept("Europe/Chisinau", ALWAYS), "2026-10-24T21:00Z", "2026-10-25T22:00Z") == 25


def test_half_an_hour_of_daylight_saving_and_a_quarter_hours_zone_are_exact() -> None:
    lord_howe = kept("Australia/Lord_Howe", ((SUN + 60, SUN + 180),))
    assert hours(lord_howe, "2026-04-04T13:00Z", "2026-04-05T13:00Z") == 2.5
    assert hours(lord_howe, "2026-10-03T13:00Z", "2026-10-04T13:00Z") == 1.5
    kathmandu = kept("Asia/Kathmandu", OFFICE)
    assert hours(kathmandu, "2026-03-09T03:15Z", "2026-03-09T03:30Z") == 0.25
    assert hours(kathmandu, "2026-03-09T03:00Z", "2026-03-09T03:15Z") == 0


def test_what_is_due_at_the_end_of_a_day_is_due_then_and_not_on_the_next_morning() -> None:
    schedule = kept("Europe/Chisinau", LUNCH)
    since = parse_instant("2026-03-06T17:00+02:00")
    assert schedule.due(since, HOUR) == parse_instant("2026-03-06T18:00+02:00")
    assert schedule.due(since, HOUR + SECOND) == parse_instant("2026-03-09T09:00:01+02:00")
    assert schedule.due(since, 6 * HOUR) == parse_instant("2026-03-09T15:00+02:00")
    assert schedule.due(since, 0) == since


def test_where_nobody_ever_works_nothing_falls_due() -> None:
    closed = kept("UTC", ())
    assert hours(closed, "2026-03-06T17:00Z", "2026-03-09T10:00Z") == 0
    assert closed.due(parse_instant("2026-03-06T17:00Z"), SECOND) is None
    assert closed.open_at(parse_instant("2026-03-06T17:00Z")) is False


ZONES = ("UTC", "Europe/Chisinau", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
BEGINNINGS = ("2026-03-28T20:00Z", "2026-10-24T20:00Z", "2026-04-04T10:00Z", "2026-10-03T12:00Z", "2026-02-15T00:00Z")

shifts = st.lists(
    st.tuples(st.integers(0, MINUTES_A_WEEK - 1), st.integers(1, 900)).map(lambda shift: (shift[0], sum(shift))),
    max_size=6,
).map(tuple)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[list[tuple[Instant, Calendar | None]], Instant]:
    """Some calendars after each other, and an instant near where they and the clocks change."""
    beginning = parse_instant(draw(st.sampled_from(BEGINNINGS)))
    zone = draw(st.sampled_from(ZONES))
    edges = draw(st.lists(st.integers(0, 30 * 3600), max_size=2, unique=True).map(sorted))
    off = draw(st.sets(st.integers(0, 2), max_size=2))
    closed = frozenset(moment_of(beginning + day * DAY).date() for day in off)
    versions: list[tuple[Instant, Calendar | None]] = [
        (since, draw(st.none() | st.builds(Calendar, st.just(zone), shifts, st.just(closed))))
        for since in [EARLIEST, *(beginning + edge * SECOND for edge in edges)]
    ]
    return versions, beginning


@settings(max_examples=25, deadline=None)
@given(told=schedules(), start=st.integers(0, 7200), length=st.integers(0, 30 * 3600))
def test_it_is_what_a_clock_on_the_wall_counts_second_by_second(
    told: tuple[list[tuple[Instant, Calendar | None]], Instant], start: int, length: int
) -> None:
    versions, beginning = told
    since = beginning + start * SECOND
    counted = sum(_works(versions, since + second * SECOND) for second in range(length))
    schedule = Schedule(versions)
    assert schedule.span(since, since + length * SECOND) == counted * SECOND
    assert schedule.open_at(since) in (None, _works(versions, since))
    due = schedule.due(since, counted * SECOND)
    assert due is not None
    assert due <= since + length * SECOND
    assert schedule.span(since, due) == counted * SECOND
    assert due == since or schedule.span(since, due - 1) < counted * SECOND


def _works(versions: list[tuple[Instant, Calendar | None]], at: Instant) -> bool:
    in_force = [known for since, known in versions if since <= at][-1]
    if in_force is None:
        return True
    local = moment_of(at).astimezone(ZoneInfo(in_force.zone))
    minute = local.weekday() * 1440 + local.hour * 60 + local.minute
    open_ = any(since <= minute < until or since <= minute + 10_080 < until for since, until in in_force.hours)
    return open_ and local.date() not in in_force.closed_on


@pytest.mark.parametrize("zone", ZONES)
def test_a_whole_year_adds_up_from_its_days(zone: str) -> None:
    schedule = kept(zone, LUNCH, "2026-12-25", "2026-01-01")
    since = parse_instant("2026-01-01T00:00Z")
    days = [schedule.span(since + day * DAY, since + (day + 1) * DAY) for day in range(365)]
    assert sum(days) == schedule.span(since, since + timedelta(days=365) // timedelta(microseconds=1))
