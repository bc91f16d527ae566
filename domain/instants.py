"""Instants are integers: microseconds since 1970-01-01T00:00:00Z. They hash, compare and subtract without surprises."""

from datetime import UTC, datetime, timedelta

from domain.errors import InvalidInput

Instant = int

SECOND = 1_000_000
MINUTE = 60 * SECOND
QUARTER_HOUR = 15 * MINUTE
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST: Instant = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST: Instant = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_QUOTED = 60
"""How many characters of what is no instant a sentence repeats."""

EARLIEST: Instant = (datetime(1990, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
"""No desk's log reaches further back; an earlier instant is a broken clock or a wrong time format."""
AHEAD: Instant = DAY
"""How far ahead of us a desk's clock may run."""


def instant_of(moment: datetime) -> Instant:
    """The instant of an aware `datetime`; a naive one is refused, since it names no instant."""
    if moment.tzinfo is None:
        raise InvalidInput(f"{moment.isoformat()} has no time zone; write it with an offset, such as +02:00 or Z")
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(instant: Instant) -> datetime:
    """The aware UTC `datetime` of an instant."""
    return _EPOCH + instant * _MICROSECOND


def parse_instant(text: str) -> Instant:
    """An instant from RFC 3339 text, such as `2026-03-01T09:00:00+02:00`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text[:_QUOTED]!r} is no instant; write RFC 3339, such as 2026-03-01T09:00:00Z") from None
    instant = instant_of(moment)
    if not _FIRST <= instant <= _LAST:
        raise InvalidInput(f"{text!r} lies outside the years 1 to 9999 in UTC")
    return instant


def format_instant(instant: Instant) -> str:
    """RFC 3339 in UTC with microseconds, the one form that leaves Deskledger."""
    return moment_of(instant).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def seconds_between(start: Instant, end: Instant) -> int:
    """Whole seconds from start to end, rounded down; 0 where the end is before the start (clock skew)."""
    return max(0, end - start) // SECOND
