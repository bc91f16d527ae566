"""Instants: microseconds since 1970 inside, RFC 3339 outside, and nothing lost on the way."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.instants import (
    AHEAD,
    DAY,
    EARLIEST,
    HOUR,
    MINUTE,
    SECOND,
    format_instant,
    instant_of,
    moment_of,
    parse_instant,
    seconds_between,
)

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zone is drawn


@given(MOMENTS)
def test_an_instant_is_the_moment_to_the_microsecond(moment: datetime) -> None:
    assert moment_of(instant_of(moment)) == moment


@given(MOMENTS)
def test_what_is_written_is_read_back(moment: datetime) -> None:
    instant = instant_of(moment)
    assert parse_instant(format_instant(instant)) == instant
    assert parse_instant(moment.isoformat()) == instant


@given(MOMENTS, MOMENTS)
def test_instants_order_as_their_written_form_does(one: datetime, other: datetime) -> None:
    first, second = sorted((instant_of(one), instant_of(other)))
    assert format_instant(first) <= format_instant(second)


def test_the_written_form_is_utc_with_microseconds() -> None:
    assert format_instant(parse_instant("2026-03-01T09:00:00+02:00")) == "2026-03-01T07:00:00.000000Z"
    assert format_instant(1) == "1970-01-01T00:00:00.000001Z"
    assert format_instant(-1) == "1969-12-31T23:59:59.999999Z"


def test_one_instant_written_in_many_ways_is_one() -> None:
    ways = ["2026-03-01T09:00:00Z", "2026-03-01T11:00:00+02:00", "2026-03-01 09:00:00.000+00:00", "20260301T090000Z"]
    assert len({parse_instant(way) for way in ways}) == 1


@pytest.mark.parametrize("text", ["2026-03-01T09:00:00", "2026-03-01", "2026-03-01 09:00"])
def test_what_names_no_zone_names_no_instant(text: str) -> None:
    with pytest.raises(InvalidInput, match="has no time zone"):
        parse_instant(text)


def test_a_naive_moment_names_no_instant() -> None:
    with pytest.raises(InvalidInput, match="has no time zone"):
        instant_of(datetime(2026, 3, 1, 9))  # noqa: DTZ001 - which is what is tested


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-13-01T09:00:00Z", "2026-02-30T09:00:00Z", "2026-03-01T25:00:00Z", "0000-01-01T00:00:00Z", "\0"],
)
def test_what_is_no_instant_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(InvalidInput, match="RFC 3339, such as 2026-03-01T09:00:00Z"):
        parse_instant(text)


@given(st.text())
def test_any_text_is_an_instant_or_refused(text: str) -> None:
    try:
        instant = parse_instant(text)
    except InvalidInput:
        return
    assert parse_instant(format_instant(instant)) == instant


def test_the_edges_of_the_calendar_are_instants_or_refused() -> None:
    assert parse_instant("0001-01-01T00:00:00Z") < EARLIEST < parse_instant("9999-12-31T23:59:59Z")
    for outside in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(InvalidInput, match="outside the years 1 to 9999"):
            parse_instant(outside)


def test_early_years_keep_their_zeros() -> None:
    assert format_instant(parse_instant("0001-01-01T00:00:00Z")) == "0001-01-01T00:00:00.000000Z"


def test_units_add_up() -> None:
    assert (60 * SECOND, 60 * MINUTE, 24 * HOUR) == (MINUTE, HOUR, DAY)
    assert AHEAD == DAY
    assert moment_of(EARLIEST) == datetime(1990, 1, 1, tzinfo=UTC)


def test_seconds_are_whole_and_never_negative() -> None:
    assert seconds_between(0, SECOND) == 1
    assert seconds_between(0, 2 * SECOND - 1) == 1
    assert seconds_between(5 * SECOND, SECOND) == 0
