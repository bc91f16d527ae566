"""Ranges cut at a zone's boundaries."""

from bisect import bisect_right
from datetime import UTC, datetime

import pytest

from domain.instants import DAY, HOUR, MINUTE, Instant, moment_of, parse_instant
from domain.kpi.periods import pieces, year_ago, zone_of
from domain.kpi.question import Interval, Range, Weekday
from tests.desk import BEGINNING, SPAN

ZONES = ("UTC", "Europe/Chisinau", "Asia/Kathmandu", "America/St_Johns")


def test_pieces_meet_the_zones_boundaries_and_lose_nothing() -> None:
    zone = zone_of("Asia/Kathmandu")
    whole = Range(parse_instant("2026-03-01T10:07:00+05:45"), parse_instant("2026-03-04T09:00:00+05:45"))
    cut = pieces(whole, Interval.DAY, zone)
    assert [piece.until - piece.since for piece in cut] == [13 * HOUR + 53 * MINUTE, DAY, DAY, 9 * HOUR]
    assert [piece.since for piece in cut[1:]] == [piece.until for piece in cut[:-1]]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("interval", list(Interval))
def test_every_instant_of_a_range_is_in_exactly_one_piece(zone: str, interval: Interval) -> None:
    whole = Range(BEGINNING + 7 * MINUTE, BEGINNING + SPAN)
    cut = pieces(whole, interval, zone_of(zone))
    starts = [piece.since for piece in cut]
    assert starts == sorted(set(starts))
    assert (cut[0].since, cut[-1].until) == (whole.since, whole.until)
    for at in range(whole.since, whole.until, 13 * MINUTE):
        piece = cut[bisect_right(starts, at) - 1]
        assert piece.since <= at < piece.until


def _hours(day: str, zone: str) -> list[Instant]:
    start = parse_instant(day)
    return [piece.until - piece.since for piece in pieces(Range(start, start + DAY), Interval.HOUR, zone_of(zone))]


def test_hours_are_hours_where_clocks_are_moved() -> None:
    assert _hours("2026-03-29T00:00:00+02:00", "Europe/Chisinau") == [HOUR] * 24
    assert _hours("2026-10-04T00:00:00+10:30", "Australia/Lord_Howe")[:4] == [HOUR, HOUR, HOUR // 2, HOUR]


def _starts(since: str, until: str, interval: Interval, begin: Weekday = Weekday.MONDAY) -> list[str]:
    whole = Range(parse_instant(since), parse_instant(until))
    cut = pieces(whole, interval, zone_of("UTC"), begin)
    return [moment_of(piece.since).date().isoformat() for piece in cut]


def test_weeks_begin_on_the_day_that_is_asked_for() -> None:
    week = ("2026-03-04T00:00:00Z", "2026-03-17T00:00:00Z", Interval.WEEK)
    assert _starts(*week) == ["2026-03-04", "2026-03-09", "2026-03-16"]
    assert _starts(*week, Weekday.SUNDAY) == ["2026-03-04", "2026-03-08", "2026-03-15"]
    assert _starts(*week, Weekday.WEDNESDAY) == ["2026-03-04", "2026-03-11"]


@pytest.mark.parametrize(
    ("interval", "starts"),
    [
        (Interval.QUARTER, ["2025-11-15", "2026-01-01", "2026-04-01", "2026-07-01"]),
        (Interval.HALF_YEAR, ["2025-11-15", "2026-01-01", "2026-07-01"]),
        (Interval.YEAR, ["2025-11-15", "2026-01-01"]),
    ],
)
def test_long_pieces_begin_with_their_month(interval: Interval, starts: list[str]) -> None:
    assert _starts("2025-11-15T00:00:00Z", "2026-07-15T00:00:00Z", interval) == starts


def test_a_year_ago_is_the_same_dates_by_the_clock_of_the_zone() -> None:
    leap = Range(parse_instant("2024-02-29T00:00:00+02:00"), parse_instant("2024-04-01T00:00:00+03:00"))
    before = year_ago(leap, zone_of("Europe/Chisinau"))
    assert moment_of(before.since) == datetime(2023, 2, 27, 22, tzinfo=UTC)
    assert moment_of(before.until) == datetime(2023, 3, 31, 21, tzinfo=UTC)
