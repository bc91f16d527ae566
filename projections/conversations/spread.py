"""Percentiles and extremes of durations: exact from the samples where there are few, else from histograms."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from asyncpg import Record

from domain.instants import instant_of
from domain.kpi.histogram import RELATIVE_ERROR, percentile
from domain.kpi.measures import Measure
from domain.kpi.question import Clock, Extreme, Range, Spread, rounded
from eventstore.database import Session
from projections.conversations.cells import Histogram, Sums
from projections.conversations.sums import Group, Slice, Spot, read_samples

_EXACT = 20_000
"""Up to so many samples percentiles are taken from the samples themselves."""
_MEDIAN, _P90, _P95 = Decimal("0.5"), Decimal("0.9"), Decimal("0.95")


async def read_spreads(
    connection: Session,
    slice_: Slice,
    measure: Measure,
    pieces: Sequence[Range],
    found: Mapping[Spot, Sums],
    clock: Clock,
) -> dict[tuple[Group, int], Spread]:
    """For each group and piece (its index) in which durations of a measure were counted, how they are spread."""
    counted = {(group, index): sums for (code, group, index), sums in found.items() if code == measure.code}
    durations = await _durations(connection, slice_, measure, pieces)
    for rows in durations.values():
        rows.sort(key=lambda row: row[clock])
    exact = sum(sums.n for sums in counted.values()) <= _EXACT
    extremes = {row["conversation"] for rows in durations.values() for row in (rows[0], rows[-1])}
    names = await _names(connection, slice_, extremes)
    spreads = {}
    for spot, rows in durations.items():
        histogram = None if exact else counted[spot].durations(business=clock is Clock.BUSINESS)
        spreads[spot] = _spread(rows, clock, histogram, names)
    return spreads


async def _names(connection: Session, slice_: Slice, numbers: Collection[int]) -> dict[int, str]:
    """Conversations' ids, by number."""
    rows = await connection.fetch(_NAMES, slice_.workspace, slice_.generation, list(numbers))
    return {row["number"]: row["conversation"] for row in rows}


_NAMES = """
    SELECT number, conversation FROM conversations
    WHERE workspace_id = $1 AND generation = $2 AND number = ANY($3::bigint[])
"""


async def _durations(
    connection: Session, slice_: Slice, measure: Measure, pieces: Sequence[Range]
) -> dict[tuple[Group, int], list[Record]]:
    """The samples of each group and piece."""
    starts = [piece.since for piece in pieces]
    found: defaultdict[tuple[Group, int], list[Record]] = defaultdict(list)
    of_measure = replace(slice_, measures=(measure,))
    for row in await read_samples(connection, of_measure, Range(pieces[0].since, pieces[-1].until)):
        if not measure.counts(row["measure"], row["flags"]):
            continue
        group = tuple([row[dimension] for dimension in slice_.group_by])
        found[group, bisect_right(starts, instant_of(row["at"])) - 1].append(row)
    return found


def _spread(rows: Sequence[Record], clock: Clock, histogram: Histogram | None, names: Mapping[int, str]) -> Spread:
    total = sum(row[clock] for row in rows)
    median, p90, p95 = (
        _exact(rows, clock, share) if histogram is None else percentile(histogram, share)
        for share in (_MEDIAN, _P90, _P95)
    )
    return Spread(
        mean=rounded(Decimal(total) / len(rows)),
        median=rounded(median),
        p90=rounded(p90),
        p95=rounded(p95),
        percentile_error=Decimal(0) if histogram is None else RELATIVE_ERROR,
        fastest=_extreme(rows[0], clock, names),
        slowest=_extreme(rows[-1], clock, names),
    )


def _exact(rows: Sequence[Record], clock: Clock, share: Decimal) -> Decimal:
    """As PostgreSQL's percentile_cont: interpolated between neighbouring ranks."""
    rank = share * (len(rows) - 1)
    lower = int(rank)
    below = Decimal(rows[lower][clock])
    above = Decimal(rows[min(lower + 1, len(rows) - 1)][clock])
    return below + (above - below) * (rank - lower)


def _extreme(row: Record, clock: Clock, names: Mapping[int, str]) -> Extreme:
    return Extreme(seconds=row[clock], conversation=names[row["conversation"]], at=instant_of(row["at"]))
