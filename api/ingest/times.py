"""Instants as desks write them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.ingest.errors import BadMapping, BadRow
from api.ingest.mapping import Time
from domain.conversion import quoted
from domain.instants import EARLIEST, Instant, format_instant, instant_of

Clock = Callable[[str], Instant]
"""An instant from a cell. Raises BadRow."""

_REMEMBERED = 65_536
"""How many cells' instants are remembered: in logs of minutes and seconds the same ones come again and again."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"epoch": timedelta(seconds=1), "epoch_ms": timedelta(milliseconds=1)}


def clock_of(time: Time, latest: Instant) -> Clock:
    """How the mapping reads instants; later than `latest` there are none. Raises BadMapping.

    A wall-clock time that a zone has twice, when summer ends, is taken as the first; one that it never has, when
    summer begins, as what the clock showed before it was moved.
    """
    read = _reader(time, _zone(time.zone))

    @lru_cache(_REMEMBERED)
    def clock(cell: str) -> Instant:
        instant = instant_of(read(cell))
        if not EARLIEST <= instant <= latest:
            allowed = f"{format_instant(EARLIEST)} and {format_instant(latest)}"
            raise BadRow(f"`{quoted(cell)}` does not lie between {allowed}", detail="TIME_OUT_OF_RANGE")
        return instant

    return clock


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = f"`{quoted(name)}` is no time zone; write an IANA name, such as Europe/Rome or UTC"
        raise BadMapping(problem, path=("time", "zone"), detail="BAD_ZONE") from None


def _reader(time: Time, zone: tzinfo | None) -> Callable[[str], datetime]:
    if time.format in _UNITS:
        return _since_epoch(_UNITS[time.format])
    parse = datetime.fromisoformat if time.format == "iso" else _pattern(time, zone)
    ignored = time.offsets == "ignored"
    if ignored and zone is None:
        raise BadMapping('`offsets = "ignored"` needs a `zone`', path=("time", "zone"), detail="NO_ZONE")

    def read(cell: str) -> datetime:
        try:
            moment = parse(cell.strip())
        except ValueError:
            raise BadRow(f"`{quoted(cell)}` is no instant of the format {time.format}", detail="BAD_TIME") from None
        if ignored or moment.tzinfo is None:
            if zone is None:
                raise BadRow(f"`{quoted(cell)}` has no offset, and the mapping names no zone", detail="NO_ZONE")
            moment = moment.replace(tzinfo=zone)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise BadRow(f"`{quoted(cell)}` is no instant", detail="TIME_OUT_OF_RANGE") from None

    return read


def _since_epoch(unit: timedelta) -> Callable[[str], datetime]:
    def read(cell: str) -> datetime:
        try:
            return _EPOCH + int(cell) * unit
        except ValueError:
            raise BadRow(f"`{quoted(cell)}` is no whole number", detail="BAD_TIME") from None
        except OverflowError:
            raise BadRow(f"`{quoted(cell)}` is no instant", detail="TIME_OUT_OF_RANGE") from None

    return read


def _pattern(time: Time, zone: tzinfo | None) -> Callable[[str], datetime]:
    """strptime with the mapping's pattern, which is tried out once."""
    sample = datetime(2001, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)
    try:
        parsed = datetime.strptime(sample.strftime(time.format), time.format)  # noqa: DTZ007 - the zone is the mapping's
    except ValueError as error:
        raise BadMapping(f"the time format: {error}", path=("time", "format"), detail="BAD_TIME_FORMAT") from None
    if parsed.date() != sample.date():
        problem = "the time format names no whole date"
        raise BadMapping(problem, path=("time", "format"), detail="BAD_TIME_FORMAT")
    if parsed.tzinfo is None and zone is None:
        problem = "the time format has no offset (%z), so `zone` must be said"
        raise BadMapping(problem, path=("time", "zone"), detail="NO_ZONE")
    return lambda cell: datetime.strptime(cell, time.format)  # noqa: DTZ007 - the zone is the mapping's
