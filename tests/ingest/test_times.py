"""Instants as desks write them."""

import pytest

from api.ingest.errors import BadRow
from api.ingest.mapping import Time
from api.ingest.times import clock_of
from domain.instants import format_instant
from tests.ingest.logs import NOW


def _read(cell: str, time_format: str = "iso", zone: str | None = None, *, ignored: bool = False) -> str:
    time = Time("at", time_format, zone, "ignored" if ignored else "believed")
    return format_instant(clock_of(time, NOW)(cell)).removesuffix(".000000Z")


@pytest.mark.parametrize(
    ("cell", "time_format", "zone", "instant"),
    [
        ("2026-01-05T09:00:00Z", "iso", None, "2026-01-05T09:00:00"),
        ("2026-01-05 09:00:00+02:00", "iso", None, "2026-01-05T07:00:00"),
        ("2026-01-05T09:00:00.000+02:00", "iso", "Asia/Tokyo", "2026-01-05T07:00:00"),
        ("2026-01-05T09:00", "iso", "Europe/Kyiv", "2026-01-05T07:00:00"),
        ("2026-07-05T09:00".replace("2026", "2025"), "iso", "Europe/Kyiv", "2025-07-05T06:00:00"),
        ("5/1/2026 09:00", "%d/%m/%Y %H:%M", "UTC", "2026-01-05T09:00:00"),
        (" 5/1/2026 09:00 ", "%d/%m/%Y %H:%M", "Europe/Chisinau", "2026-01-05T07:00:00"),
        ("Tue Oct 31 22:10:47 +0000 2017", "%a %b %d %H:%M:%S %z %Y", None, "2017-10-31T22:10:47"),
        ("1767603600", "epoch", None, "2026-01-05T09:00:00"),
        ("1767603600000", "epoch_ms", None, "2026-01-05T09:00:00"),
    ],
)
def test_an_instant_is_read_as_the_mapping_says(cell: str, time_format: str, zone: str | None, instant: str) -> None:
    assert _read(cell, time_format, zone) == instant


def test_false_offsets_are_ignored_and_the_wall_clock_is_the_zones() -> None:
    assert _read("2010-01-13T08:40:25.000+02:00", zone="Europe/Rome", ignored=True) == "2010-01-13T07:40:25"
    assert _read("2010-07-13T08:40:25.000+03:00", zone="Europe/Rome", ignored=True) == "2010-07-13T06:40:25"


def test_an_hour_that_the_clock_shows_twice_is_the_first_and_one_it_skips_is_as_before() -> None:
    assert _read("2025-10-26T02:30", zone="Europe/Rome") == "2025-10-26T00:30:00"
    assert _read("2025-03-30T02:30", zone="Europe/Rome") == "2025-03-30T01:30:00"


@pytest.mark.parametrize(
    ("cell", "time_format", "zone", "code"),
    [
        ("yesterday", "iso", "UTC", "BAD_TIME"),
        ("2026-13-05T09:00:00Z", "iso", None, "BAD_TIME"),
        ("2026-01-05T09:00:00", "iso", None, "NO_ZONE"),
        ("31/2/2026 09:00", "%d/%m/%Y %H:%M", "UTC", "BAD_TIME"),
        ("1989-12-31T23:59:59Z", "iso", None, "TIME_OUT_OF_RANGE"),
        ("0001-01-01T00:00:00+14:00", "iso", None, "TIME_OUT_OF_RANGE"),
        ("9999-12-31T23:59:59-14:00", "iso", None, "TIME_OUT_OF_RANGE"),
        ("2026-03-02T12:00:01Z", "iso", None, "TIME_OUT_OF_RANGE"),
        ("1.5", "epoch", None, "BAD_TIME"),
        ("9" * 30, "epoch", None, "TIME_OUT_OF_RANGE"),
        ("9" * 5_000, "epoch", None, "BAD_TIME"),
    ],
)
def test_what_is_no_instant_is_refused(cell: str, time_format: str, zone: str | None, code: str) -> None:
    with pytest.raises(BadRow) as caught:
        _read(cell, time_format, zone)
    assert caught.value.detail == code
