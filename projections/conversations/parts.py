"""How the pieces of a range are made up of what cells tell apart: whole UTC days, quarter-hours, and what is left."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from domain.instants import DAY, QUARTER_HOUR
from domain.kpi.question import Range

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Parts:
    """How a range's pieces are made up of days, quarter-hours and what is left."""

    days: dict[int, int] = field(default_factory=dict)
    """Whole UTC day -> index of the piece."""
    quarters: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """UTC day -> quarter-hour (0 to 95) -> index of the piece."""
    rest: list[tuple[Range, int]] = field(default_factory=list)
    """Ranges within a quarter-hour -> index of the piece."""


def parts_of(pieces: Sequence[Range]) -> Parts:
    """Take pieces apart. Each instant of each piece is in exactly one part."""
    parts = Parts()
    for index, piece in enumerate(pieces):
        since = -(-piece.since // QUARTER_HOUR) * QUARTER_HOUR
        until = piece.until // QUARTER_HOUR * QUARTER_HOUR
        if since > until:
            parts.rest.append((piece, index))
            continue
        for start, end in ((piece.since, since), (until, piece.until)):
            if start < end:
                parts.rest.append((Range(start, end), index))
        first, last = -(-since // DAY), until // DAY
        if first >= last:
            _quarters(parts, since, until, index)
            continue
        parts.days.update(dict.fromkeys(range(first, last), index))
        _quarters(parts, since, first * DAY, index)
        _quarters(parts, last * DAY, until, index)
    return parts


def _quarters(parts: Parts, since: int, until: int, index: int) -> None:
    for start in range(since, until, QUARTER_HOUR):
        day, within = divmod(start, DAY)
        parts.quarters[day][within // QUARTER_HOUR] = index


@lru_cache(maxsize=10_000)
def date_of(day: int) -> date:
    """The date of a UTC day."""
    return date.fromordinal(_EPOCH + day)


def day_of(day: date) -> int:
    """A date as a UTC day (from 1970-01-01)."""
    return day.toordinal() - _EPOCH
