"""Stretches of time: samples whose seconds belong to the time in which they passed (`Measure.spread`).

Such a sample ends at its instant and is no longer than a day; it belongs to the UTC day that it passes, and one that
ends at midnight to the day before. Its whole seconds are shared out so that the parts always add up to it, wherever it
is cut; business seconds in proportion, which is exact since the fold cuts where business hours begin and end.
"""

from domain.instants import DAY, QUARTER_HOUR, SECOND, Instant
from projections.conversations.cells import QUARTERS, Part


def day_of(at: Instant) -> int:
    """The day (from 1970-01-01 UTC) that a stretch which ends at an instant belongs to."""
    return (at - 1) // DAY


def within(at: Instant, calendar: int, business: int, since: Instant, until: Instant) -> tuple[int, int]:
    """How many seconds of a stretch, by both clocks, passed in `[since, until)`."""
    if not calendar:
        return 0, 0
    start = at - calendar * SECOND
    before, then = (min(max(edge - start, 0) // SECOND, calendar) for edge in (since, until))
    return then - before, then * business // calendar - before * business // calendar


def parts(at: Instant, calendar: int, business: int) -> list[Part]:
    """A stretch by the quarter-hours of its day, counted from midnight.

    Raises ValueError where it is longer than its day.
    """
    start = at - calendar * SECOND
    if start < day_of(at) * DAY:
        raise ValueError("a stretch of time was not cut at midnight")
    last = (at - 1) // QUARTER_HOUR
    found: list[Part] = []
    calendar_before = business_before = 0
    for quarter in range(start // QUARTER_HOUR, last):
        then = ((quarter + 1) * QUARTER_HOUR - start) // SECOND
        passed = then * business // calendar
        found.append((quarter % QUARTERS, 0, then - calendar_before, passed - business_before))
        calendar_before, business_before = then, passed
    found.append((last % QUARTERS, 1, calendar - calendar_before, business - business_before))
    return found
