"""Reading samples: what cells cannot tell is summed by the database, or counted one by one."""

from collections.abc import Sequence
from dataclasses import replace

from asyncpg import Record

from domain.instants import DAY, SECOND, Instant, instant_of, moment_of
from domain.kpi.measures import MEASURES, Measure, Unit
from domain.kpi.question import Anchor, Range
from eventstore.database import Session
from projections.conversations.cells import FORMS, Form, Sums
from projections.conversations.slices import (
    PLACED_SAMPLES,
    Arguments,
    Group,
    Slice,
    columns,
    group_of,
    groups_of,
    place_conditions,
    sample_conditions,
)
from projections.conversations.stretches import within

Spot = tuple[int, Group, int]
"""(measure's code, group, index of the piece)"""
Found = dict[Spot, Sums]
_TIMED = frozenset(code for code, measure in MEASURES.items() if measure.unit is Unit.SECONDS)


async def sum_samples(connection: Session, slice_: Slice, ranges: Sequence[tuple[Range, int]], found: Found) -> None:
    """Add the samples of ranges, each with the index of its piece, to what was found."""
    together, one_by_one = _ways(slice_)
    if together:
        for run in _runs(ranges):
            await _sum_together(connection, replace(slice_, measures=together), run, found)
    if one_by_one:
        await _sum_one_by_one(connection, replace(slice_, measures=one_by_one), ranges, found)


def _ways(slice_: Slice) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """The measures that the database can sum, and those whose samples have to be looked at: to tell episodes apart, to
    have their histogram, or to cut them."""
    if slice_.distinct:
        return (), slice_.measures
    looked_at = [
        measure
        for measure in slice_.measures
        if measure.spread or (slice_.histograms and FORMS[measure.code] is Form.DURATIONS)
    ]
    return tuple(measure for measure in slice_.measures if measure not in looked_at), tuple(looked_at)


def _runs(ranges: Sequence[tuple[Range, int]]) -> list[list[tuple[Range, int]]]:
    """Ranges of which each begins where the one before ends."""
    runs: list[list[tuple[Range, int]]] = []
    for range_, index in ranges:
        if runs and runs[-1][-1][0].until == range_.since:
            runs[-1].append((range_, index))
        else:
            runs.append([(range_, index)])
    return runs


async def _sum_together(connection: Session, slice_: Slice, run: Sequence[tuple[Range, int]], found: Found) -> None:
    arguments = Arguments(slice_.workspace, slice_.generation, moment_of(run[0][0].since), moment_of(run[-1][0].until))
    placed = anchored(slice_.anchor)
    starts = arguments.add([moment_of(range_.since) for range_, _ in run])
    rows = await connection.fetch(
        f"""
        SELECT measure, flags, width_bucket({placed}, {starts}::timestamptz[]) AS piece, place,
               count(*) AS n, sum(calendar)::bigint AS calendar, sum(business)::bigint AS business
        FROM samples
        WHERE workspace_id = $1 AND generation = $2 AND {_when(placed)} AND {sample_conditions(slice_, arguments)}
        GROUP BY 1, 2, 3, 4
        """,
        *arguments.values,
    )
    groups = await groups_of(connection, slice_, (row["place"] for row in rows))
    for row in rows:
        index = run[row["piece"] - 1][1]
        for measure in counted_as(slice_, row):
            amounts = (row["calendar"], row["business"]) if FORMS[measure.code] is Form.DURATIONS else ()
            for group in groups.get(row["place"], ()):
                merge(found, (measure.code, group, index), Sums(row["n"], *amounts))


async def _sum_one_by_one(
    connection: Session, slice_: Slice, ranges: Sequence[tuple[Range, int]], found: Found
) -> None:
    seen: set[tuple[Spot, int, int]] = set()
    for piece, index in ranges:
        for row in await read_samples(connection, slice_, piece):
            group = group_of(row, slice_.group_by)
            for measure in counted_as(slice_, row):
                spot = (measure.code, group, index)
                if slice_.distinct:
                    episode = (spot, row["conversation"], row["episode"])
                    if episode in seen:
                        continue
                    seen.add(episode)
                _add(found.setdefault(spot, Sums()), row, FORMS[measure.code], piece)


def merge(found: Found, spot: Spot, sums: Sums) -> None:
    """Add sums to what was found at a spot."""
    known = found.get(spot)
    if known is None:
        found[spot] = sums
    else:
        known.merge(sums)


def counted_as(slice_: Slice, row: Record) -> list[Measure]:
    """The measures of a slice that count a sample."""
    return [measure for measure in slice_.measures if measure.counts(row["measure"], row["flags"])]


async def read_samples(connection: Session, slice_: Slice, piece: Range) -> list[Record]:
    """The samples of a slice within a range, in order of time; of stretches of time, all that reach into it."""
    stretches = tuple(measure for measure in slice_.measures if measure.spread)
    others = tuple(measure for measure in slice_.measures if not measure.spread)
    found: list[Record] = []
    if stretches:
        reaching = Range(piece.since + 1, piece.until + DAY + 1)
        found += await _read(connection, replace(slice_, measures=stretches), reaching, "TRUE")
    if others:
        found += await _read(connection, replace(slice_, measures=others), piece, anchored(slice_.anchor))
    return found


def placed_at(row: Record, anchor: Anchor) -> Instant:
    """The instant that puts a sample into a period."""
    at = instant_of(row["at"])
    return at - row["calendar"] * SECOND if anchor is Anchor.STARTED and row["measure"] in _TIMED else at


def anchored(anchor: Anchor) -> str:
    """The same in SQL. Only durations began at another instant than they ended."""
    if anchor is Anchor.STOPPED:
        return "at"
    timed = ", ".join(str(code) for code in sorted(_TIMED))
    return f"(CASE WHEN measure IN ({timed}) THEN at - calendar * interval '1 second' ELSE at END)"


def _when(placed: str) -> str:
    """That a sample is placed in `[$3, $4)`. What began within a range ended in it or after it: the key serves both
    anchors."""
    return "at >= $3 AND at < $4" if placed in ("at", "TRUE") else f"at >= $3 AND {placed} >= $3 AND {placed} < $4"


def _add(sums: Sums, row: Record, form: Form, piece: Range) -> None:
    match form:
        case Form.COUNTS:
            sums.n += 1
        case Form.DURATIONS:
            sums.add(row["calendar"], row["business"])
        case Form.STRETCHES:
            at = instant_of(row["at"])
            calendar, business = within(at, row["calendar"], row["business"], piece.since, piece.until)
            sums.merge(Sums(int(piece.since < at <= piece.until), calendar, business))


async def _read(connection: Session, slice_: Slice, range_: Range, placed: str) -> list[Record]:
    arguments = Arguments(slice_.workspace, slice_.generation, moment_of(range_.since), moment_of(range_.until))
    return await connection.fetch(
        f"""
        SELECT measure, flags, at, held_from, ordinal, conversation, episode, calendar, business
               {columns(slice_.group_by)}
        FROM {PLACED_SAMPLES}
        WHERE workspace_id = $1 AND generation = $2 AND {_when(placed)} AND {sample_conditions(slice_, arguments)}
          AND {place_conditions(slice_, arguments)}
        ORDER BY at, held_from, ordinal
        """,
        *arguments.values,
    )
