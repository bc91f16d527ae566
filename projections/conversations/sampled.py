"""Reading samples: what cells cannot tell is counted one by one."""

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
    sample_conditions,
)
from projections.conversations.stretches import within

Spot = tuple[int, Group, int]
"""(measure's code, group, index of the piece)"""
Found = dict[Spot, Sums]
_TIMED = frozenset(code for code, measure in MEASURES.items() if measure.unit is Unit.SECONDS)


async def sum_samples(connection: Session, slice_: Slice, ranges: Sequence[tuple[Range, int]], found: Found) -> None:
    """Add the samples of ranges, each with the index of its piece, to what was found."""
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
    # what began within the range ended in it or after it: so the index on `at` serves either anchor
    when = "at >= $3 AND at < $4" if placed in ("at", "TRUE") else f"at >= $3 AND {placed} >= $3 AND {placed} < $4"
    return await connection.fetch(
        f"""
        SELECT measure, flags, at, held_from, ordinal, conversation, episode, calendar, business
               {columns(slice_.group_by)}
        FROM {PLACED_SAMPLES}
        WHERE workspace_id = $1 AND generation = $2 AND {when} AND {sample_conditions(slice_, arguments)}
        ORDER BY at, held_from, ordinal
        """,
        *arguments.values,
    )
