"""Ranges of time cut at the boundaries of a zone, quarter-hours to years; the range before a range, and a year ago."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import InvalidQuestion
from domain.instants import EARLIEST, HOUR, QUARTER_HOUR, Instant, instant_of, moment_of
from domain.kpi.question import Comparison, Interval, Range, Weekday

MOST_PIECES = 10_000
"""A question for more pieces than this is refused: nobody can look at them."""
_SUB_DAY = {Interval.QUARTER_HOUR: QUARTER_HOUR, Interval.HOUR: HOUR}


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidQuestion(
            f"{name!r} is no time zone; write an IANA name, such as Europe/Chisinau", path=("zone",)
        ) from None


def pieces(
    whole: Range, interval: Interval | None, zone: ZoneInfo, weeks_begin: Weekday = Weekday.MONDAY
) -> list[Range]:
    """The range cut at the interval's boundaries in the zone; pieces at the ends may be shorter. Weeks that begin on a
    Monday are those of ISO 8601."""
    if not EARLIEST <= whole.since < whole.until:
        raise InvalidQuestion(
            "a range begins in 1990 or later and ends after it begins: [since, until)", path=("range",)
        )
    if interval is None:
        return [whole]
    cut = [whole.since]
    for boundary in _boundaries(whole, interval, zone, weeks_begin):
        if boundary >= whole.until:
            break
        if boundary > cut[-1]:
            cut.append(boundary)
        if len(cut) > MOST_PIECES:
            raise InvalidQuestion(
                f"the range has more than {MOST_PIECES} pieces of a {interval}; ask for a shorter range or a longer "
                "interval",
                path=("interval",),
            )
    return [Range(since, until) for since, until in zip(cut, [*cut[1:], whole.until], strict=True)]


def compared(whole: Range, comparison: Comparison, zone: ZoneInfo) -> Range:
    """The range that another is compared with."""
    return year_ago(whole, zone) if comparison is Comparison.YEAR_AGO else previous(whole, zone)


def year_ago(whole: Range, zone: ZoneInfo) -> Range:
    """The same dates and times of day of the year before; the 28th of February for a 29th."""
    return Range(_year_before(whole.since, zone), _year_before(whole.until, zone))


def previous(whole: Range, zone: ZoneInfo) -> Range:
    """The range of the same length that ends where this one begins: in local days where it begins and ends with one,
    so that a change of the clocks in between shifts nothing."""
    since, until = _local(whole.since, zone), _local(whole.until, zone)
    if since.time() == until.time() == time():
        start = since.date() - (until.date() - since.date())
        return Range(_midnight(start, zone), whole.since)
    return Range(whole.since - (whole.until - whole.since), whole.since)


def _year_before(instant: Instant, zone: ZoneInfo) -> Instant:
    moment = _local(instant, zone)
    leaps = (moment.month, moment.day) == (2, 29)
    return instant_of(moment.replace(year=moment.year - 1, day=28 if leaps else moment.day))


def _boundaries(whole: Range, interval: Interval, zone: ZoneInfo, weeks_begin: Weekday) -> Iterator[Instant]:
    """Boundaries from the last one at or before the beginning, without an end."""
    if interval in _SUB_DAY:
        return _clock_boundaries(whole.since, _SUB_DAY[interval], zone)
    return _calendar_boundaries(_local(whole.since, zone).date(), interval, zone, weeks_begin)


def _clock_boundaries(since: Instant, step: Instant, zone: ZoneInfo) -> Iterator[Instant]:
    """Full hours and quarters of the wall clock. Where clocks are moved by less than that, one of them is shorter."""
    boundary = since - (since + _offset(since, zone)) % step
    while True:
        yield boundary
        boundary += step - (boundary + _offset(boundary, zone)) % step


def _calendar_boundaries(day: date, interval: Interval, zone: ZoneInfo, weeks_begin: Weekday) -> Iterator[Instant]:
    match interval:
        case Interval.WEEK:
            day -= timedelta(days=(day.weekday() - list(Weekday).index(weeks_begin)) % 7)
        case Interval.DAY:
            pass
        case _:
            months = _MONTHS[interval]
            day = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    while True:
        yield _midnight(day, zone)
        match interval:
            case Interval.WEEK:
                day += timedelta(days=7)
            case Interval.DAY:
                day += timedelta(days=1)
            case _:
                later = day.month - 1 + _MONTHS[interval]
                day = day.replace(year=day.year + later // 12, month=later % 12 + 1)


_MONTHS = {Interval.MONTH: 1, Interval.QUARTER: 3, Interval.HALF_YEAR: 6, Interval.YEAR: 12}


def _midnight(day: date, zone: ZoneInfo) -> Instant:
    """When a local day begins; where midnight is skipped, the first instant after the gap."""
    return instant_of(datetime.combine(day, time(), zone))


def _local(instant: Instant, zone: ZoneInfo) -> datetime:
    return moment_of(instant).astimezone(zone)


def _offset(instant: Instant, zone: ZoneInfo) -> Instant:
    offset = _local(instant, zone).utcoffset() or timedelta()
    return offset // timedelta(microseconds=1)
