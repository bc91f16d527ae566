"""Reading sums: from whole days of cells, from the quarter-hours of the days at the edges, and from samples where
neither can tell (a dimension outside every roll-up, a boundary within a quarter-hour, distinct counts)."""

from collections.abc import Sequence
from dataclasses import replace

from domain.kpi.measures import Measure
from domain.kpi.question import Range
from eventstore.database import Session
from projections.conversations.cells import FORMS, unpack_quarters, unpack_whole
from projections.conversations.parts import Parts, date_of, day_of, parts_of
from projections.conversations.rollups import Rollup, rollup_for
from projections.conversations.sampled import Found, merge, sum_samples
from projections.conversations.slices import Arguments, Slice, cell_conditions, groups_of

_EACH_DAY = "n, calendar, business, whole"
_DAYS_TOGETHER = """
    sum(n)::bigint AS n, sum(calendar)::bigint AS calendar, sum(business)::bigint AS business, NULL::bytea AS whole
"""


def rollup_of(slice_: Slice) -> Rollup | None:
    """The roll-up that answers; None where only samples can tell."""
    if slice_.only_samples_tell or not all(measure.kept for measure in slice_.measures):
        return None
    return rollup_for(slice_.dimensions)


async def read_sums(connection: Session, slice_: Slice, pieces: Sequence[Range]) -> Found:
    """The sums of each measure, group and piece; nothing stands for nothing counted."""
    found: Found = {}
    for measures in _alike(slice_.measures):
        await _read_alike(connection, replace(slice_, measures=measures), pieces, found)
    return found


def _alike(measures: Sequence[Measure]) -> list[tuple[Measure, ...]]:
    """Those that have cells, and those that have none, where there are any."""
    ways = [tuple(measure for measure in measures if measure.kept is kept) for kept in (True, False)]
    return [way for way in ways if way]


async def _read_alike(connection: Session, slice_: Slice, pieces: Sequence[Range], found: Found) -> None:
    rollup = rollup_of(slice_)
    if rollup is None:
        await sum_samples(connection, slice_, [(piece, index) for index, piece in enumerate(pieces)], found)
        return
    parts = parts_of(pieces)
    if parts.days:
        await _from_days(connection, slice_, rollup, parts, found)
    if parts.quarters:
        await _from_quarters(connection, slice_, rollup, parts, found)
    if parts.rest:
        await sum_samples(connection, slice_, parts.rest, found)


async def _from_days(connection: Session, slice_: Slice, rollup: Rollup, parts: Parts, found: Found) -> None:
    """Whole days, summed by the database for each piece; with histograms, day by day."""
    days = sorted(parts.days)
    first_of_piece = {parts.days[day]: day for day in reversed(days)}
    indices = sorted(first_of_piece, key=first_of_piece.__getitem__)
    arguments = Arguments(
        slice_.workspace,
        slice_.generation,
        [date_of(first_of_piece[index]) for index in indices],
        date_of(days[0]),
        date_of(days[-1]),
        [date_of(day) for day in range(days[0], days[-1]) if day not in parts.days],
    )
    sums, grouping = (_EACH_DAY, "") if slice_.histograms else (_DAYS_TOGETHER, "GROUP BY 1, 2, 3")
    rows = await connection.fetch(
        f"""
        SELECT measure, width_bucket(day, $3::date[]) AS piece, place, {sums} FROM cells
        WHERE workspace_id = $1 AND generation = $2 AND day BETWEEN $4 AND $5 AND day <> ALL($6::date[])
          AND rollup = {rollup.code} AND {cell_conditions(slice_, arguments)} {grouping}
        """,
        *arguments.values,
    )
    groups = await groups_of(connection, slice_, (row["place"] for row in rows))
    for row in rows:
        for group in groups.get(row["place"], ()):
            sums_of_row = unpack_whole(row["n"], row["calendar"], row["business"], row["whole"])
            merge(found, (row["measure"], group, indices[row["piece"] - 1]), sums_of_row)


async def _from_quarters(connection: Session, slice_: Slice, rollup: Rollup, parts: Parts, found: Found) -> None:
    """The quarter-hours that are asked for, of days that are not whole."""
    arguments = Arguments(slice_.workspace, slice_.generation, [date_of(day) for day in sorted(parts.quarters)])
    rows = await connection.fetch(
        f"""
        SELECT measure, day, place, n, quarters FROM cells
        WHERE workspace_id = $1 AND generation = $2 AND day = ANY($3::date[])
          AND rollup = {rollup.code} AND {cell_conditions(slice_, arguments)}
        """,
        *arguments.values,
    )
    groups = await groups_of(connection, slice_, (row["place"] for row in rows))
    for row in rows:
        wanted = parts.quarters[day_of(row["day"])]
        for group in groups.get(row["place"], ()):
            for quarter, sums in unpack_quarters(FORMS[row["measure"]], row["n"], row["quarters"]).items():
                if quarter in wanted:
                    merge(found, (row["measure"], group, wanted[quarter]), sums)
