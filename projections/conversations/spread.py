"""Percentiles, histograms and extremes of what samples carry: exact from the samples where there are few, else from
histograms."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from domain.kpi.histogram import BOUNDS, RELATIVE_ERROR, moments, percentiles
from domain.kpi.measures import Measure
from domain.kpi.question import Bucket, Clock, Range, Spread, rounded
from eventstore.database import Session
from projections.conversations.cells import Histogram
from projections.conversations.extremes import Ends, ends_from_cells, extreme_of, named
from projections.conversations.sampled import Found, placed_at, read_samples
from projections.conversations.slices import Group, Slice, group_of
from projections.conversations.sums import rollup_of

_EXACT = 20_000
"""Up to so many samples percentiles are taken from the samples themselves."""
_SHARES = (Decimal("0.5"), Decimal("0.9"), Decimal("0.95"))

Where = tuple[Group, int]
"""Group, and index of the piece."""
Spreads = dict[Where, Spread]


async def read_spreads(
    connection: Session,
    slice_: Slice,
    measure: Measure,
    pieces: Sequence[Range],
    found: Found,
    clock: Clock,
    *,
    extremes: bool,
) -> Spreads:
    """For each group and piece in which samples of a measure were counted, how what they carry is spread. `found` has
    their histograms."""
    slice_ = replace(slice_, measures=(measure,))
    counted = {(group, index): sums for (code, group, index), sums in found.items() if code == measure.code and sums.n}
    rollup = rollup_of(slice_)
    exact = sum(sums.n for sums in counted.values()) <= _EXACT
    samples: Mapping[Where, list[Ends]] = {}
    if exact or (extremes and rollup is None):
        samples = await _samples(connection, slice_, pieces, clock)
    ends: dict[Where, tuple[Ends, Ends]] = {}
    if extremes and samples:
        ends = {where: (min(each, key=_lowest), min(each, key=_highest)) for where, each in samples.items()}
    elif extremes and rollup is not None:
        ends = await ends_from_cells(connection, slice_, rollup, pieces, clock)
    names = await named(connection, slice_, [end.conversation for pair in ends.values() for end in pair])
    spreads: Spreads = {}
    for where, sums in counted.items():
        histogram = sums.durations(business=clock is Clock.BUSINESS)
        amounts = sorted(each.amount for each in samples[where]) if exact else None
        total = sums.business if clock is Clock.BUSINESS else sums.calendar
        spread = _spread(histogram, total, amounts, measure.scale)
        if where in ends:
            fastest, slowest = (extreme_of(end, names, measure.scale) for end in ends[where])
            spread = replace(spread, fastest=fastest, slowest=slowest)
        spreads[where] = spread
    return spreads


async def _samples(
    connection: Session, slice_: Slice, pieces: Sequence[Range], clock: Clock
) -> Mapping[Where, list[Ends]]:
    """What the samples of each group and piece carry, in order of time."""
    starts = [piece.since for piece in pieces]
    found: defaultdict[Where, list[Ends]] = defaultdict(list)
    for row in await read_samples(connection, slice_, Range(pieces[0].since, pieces[-1].until)):
        if not slice_.measures[0].counts(row["measure"], row["flags"]):
            continue
        at = placed_at(row, slice_.anchor)
        where = (group_of(row, slice_.group_by), bisect_right(starts, at) - 1)
        found[where].append(Ends(row[clock], row["at"], row["held_from"], row["ordinal"], row["conversation"]))
    return found


def _lowest(end: Ends) -> tuple[object, ...]:
    return (end.amount, *end.order)


def _highest(end: Ends) -> tuple[object, ...]:
    return (-end.amount, *end.order)


def _spread(histogram: Histogram, total: int, amounts: Sequence[int] | None, scale: int) -> Spread:
    """`total`: of what all samples carry; `amounts`: of each, sorted, where they are known one by one."""
    if amounts is None:
        n = sum(histogram.values())
        shares = percentiles(histogram, _SHARES)
        variance = _variance(n, *moments(histogram))
    else:
        n = len(amounts)
        shares = [_exact(amounts, share) for share in _SHARES]
        variance = _variance(n, Decimal(total), Decimal(sum(amount * amount for amount in amounts)))
    median, p90, p95 = (rounded(share / scale) for share in shares)
    return Spread(
        mean=rounded(Decimal(total) / n / scale),
        median=median,
        p90=p90,
        p95=p95,
        percentile_error=RELATIVE_ERROR if amounts is None else Decimal(0),
        variance=rounded(variance / scale / scale),
        histogram=tuple(
            Bucket(rounded(Decimal(BOUNDS[each]) / scale), rounded(Decimal(BOUNDS[each + 1]) / scale), histogram[each])
            for each in sorted(histogram)
        ),
    )


def _variance(n: int, total: Decimal, squares: Decimal) -> Decimal:
    return max(Decimal(0), squares - total * total / n) / (n - 1) if n > 1 else Decimal(0)


def _exact(amounts: Sequence[int], share: Decimal) -> Decimal:
    """As PostgreSQL's percentile_cont: interpolated between neighbouring ranks."""
    rank = share * (len(amounts) - 1)
    lower = int(rank)
    below = Decimal(amounts[lower])
    above = Decimal(amounts[min(lower + 1, len(amounts) - 1)])
    return below + (above - below) * (rank - lower)
