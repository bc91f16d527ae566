"""Reading sums: from whole days of cells, from the quarter-hours of the days at the edges, and from samples where
neither can tell (a dimension outside every roll-up, a boundary within a quarter-hour, distinct counts)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Standing
from domain.instants import DAY, QUARTER_HOUR, instant_of, moment_of
from domain.kpi.measures import Measure
from domain.kpi.question import Dimension, Range
from domain.words import ActorType
from eventstore.database import Session
from projections.conversations.cells import FORMS, Form, Sums, unpack_quarters, unpack_whole
from projections.conversations.rollups import Rollup, rollup_for
from projections.conversations.stretches import within

_EPOCH = date(1970, 1, 1).toordinal()
_EACH_DAY = "n, calendar, business, whole"
_DAYS_TOGETHER = """
    sum(n)::bigint AS n, sum(calendar)::bigint AS calendar, sum(business)::bigint AS business, NULL::bytea AS whole
"""
_PLACED_CELLS = "cells JOIN places USING (workspace_id, generation, place)"
_PLACED_SAMPLES = "samples JOIN places USING (workspace_id, generation, place)"

Group = tuple[str, ...]
Spot = tuple[int, Group, int]
"""(measure's code, group, index of the piece)"""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is summed: which measures of whose acts, along which dimensions, with which filters."""

    workspace: UUID
    generation: int
    measures: tuple[Measure, ...]
    actor_types: tuple[ActorType, ...]
    group_by: tuple[Dimension, ...]
    where: Mapping[Dimension, tuple[str, ...]]
    histograms: bool
    distinct: bool = False
    """Count each episode once in a group and piece, though several operators or teams may have one sample each."""

    @property
    def dimensions(self) -> Collection[Dimension]:
        return {*self.group_by, *self.where}


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


async def read_sums(connection: Session, slice_: Slice, pieces: Sequence[Range]) -> dict[Spot, Sums]:
    """The sums of each measure, group and piece; nothing stands for nothing counted."""
    rollup = None if slice_.distinct else rollup_for(slice_.dimensions)
    found: dict[Spot, Sums] = {}
    if rollup is None:
        await _from_samples(connection, slice_, [(piece, index) for index, piece in enumerate(pieces)], found)
        return found
    parts = parts_of(pieces)
    if parts.days:
        await _from_days(connection, slice_, rollup, parts, found)
    if parts.quarters:
        await _from_quarters(connection, slice_, rollup, parts, found)
    if parts.rest:
        await _from_samples(connection, slice_, parts.rest, found)
    return found


async def _from_days(connection: Session, slice_: Slice, rollup: Rollup, parts: Parts, found: dict[Spot, Sums]) -> None:
    """Whole days, summed by the database for each piece; with histograms, day by day."""
    condition, arguments = _cells_where(slice_, rollup, 6)
    days = sorted(parts.days)
    first_of_piece = {parts.days[day]: day for day in reversed(days)}
    indices = sorted(first_of_piece, key=first_of_piece.__getitem__)
    columns = _columns(slice_.group_by)
    grouping = "".join(f", {number}" for number in range(2, 3 + len(slice_.group_by)))
    sums, grouping = (_EACH_DAY, "") if slice_.histograms else (_DAYS_TOGETHER, f"GROUP BY 1{grouping}")
    rows = await connection.fetch(
        f"""
        SELECT measure, width_bucket(day, $3::date[]) AS piece{columns}, {sums} FROM {_PLACED_CELLS}
        WHERE workspace_id = $1 AND generation = $2 AND day BETWEEN $4 AND $5 AND day <> ALL($6::date[])
          AND {condition} {grouping}
        """,
        slice_.workspace,
        slice_.generation,
        [_date(first_of_piece[index]) for index in indices],
        _date(days[0]),
        _date(days[-1]),
        [_date(day) for day in range(days[0], days[-1]) if day not in parts.days],
        *arguments,
    )
    for row in rows:
        sums_of_row = unpack_whole(row["n"], row["calendar"], row["business"], row["whole"])
        _merge(found, (row["measure"], _group(row, slice_.group_by), indices[row["piece"] - 1]), sums_of_row)


async def _from_quarters(
    connection: Session, slice_: Slice, rollup: Rollup, parts: Parts, found: dict[Spot, Sums]
) -> None:
    """The quarter-hours that are asked for, of days that are not whole."""
    condition, arguments = _cells_where(slice_, rollup, 3)
    rows = await connection.fetch(
        f"""
        SELECT measure, day, n, quarters{_columns(slice_.group_by)} FROM {_PLACED_CELLS}
        WHERE workspace_id = $1 AND generation = $2 AND day = ANY($3::date[]) AND {condition}
        """,
        slice_.workspace,
        slice_.generation,
        [_date(day) for day in sorted(parts.quarters)],
        *arguments,
    )
    for row in rows:
        wanted = parts.quarters[row["day"].toordinal() - _EPOCH]
        group = _group(row, slice_.group_by)
        for quarter, sums in unpack_quarters(FORMS[row["measure"]], row["n"], row["quarters"]).items():
            if quarter in wanted:
                _merge(found, (row["measure"], group, wanted[quarter]), sums)


async def _from_samples(
    connection: Session, slice_: Slice, ranges: Sequence[tuple[Range, int]], found: dict[Spot, Sums]
) -> None:
    seen: set[tuple[Spot, int, int]] = set()
    for piece, index in ranges:
        for row in await read_samples(connection, slice_, piece):
            group = _group(row, slice_.group_by)
            for measure in slice_.measures:
                if not measure.counts(row["measure"], row["flags"]):
                    continue
                spot = (measure.code, group, index)
                if slice_.distinct:
                    episode = (spot, row["conversation"], row["episode"])
                    if episode in seen:
                        continue
                    seen.add(episode)
                _add(found.setdefault(spot, Sums()), row, FORMS[measure.code], piece)


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


async def read_samples(connection: Session, slice_: Slice, piece: Range) -> list[Record]:
    """The samples of a slice within a range, in order of time; of stretches of time, all that reach into it."""
    stretches = tuple(measure for measure in slice_.measures if measure.spread)
    if not stretches:
        return await _read_samples(connection, slice_, piece)
    others = tuple(measure for measure in slice_.measures if not measure.spread)
    reaching = Range(piece.since + 1, piece.until + DAY + 1)
    found = await _read_samples(connection, replace(slice_, measures=stretches), reaching)
    return found + (await _read_samples(connection, replace(slice_, measures=others), piece) if others else [])


async def _read_samples(connection: Session, slice_: Slice, piece: Range) -> list[Record]:
    condition, arguments = _where(slice_, 4, sampled=True)
    return await connection.fetch(
        f"""
        SELECT measure, flags, at, conversation, episode, calendar, business,
               coalesce(operator, '') AS operator, coalesce(team, '') AS team, coalesce(channel, '') AS channel,
               coalesce(community, '') AS community, coalesce(kind, '') AS kind, coalesce(priority, '') AS priority
        FROM {_PLACED_SAMPLES}
        WHERE workspace_id = $1 AND generation = $2 AND held_until IS NULL AND at >= $3 AND at < $4
          AND standing = '{Standing.REGULAR}' AND {condition}
        ORDER BY at, held_from, ordinal
        """,
        slice_.workspace,
        slice_.generation,
        moment_of(piece.since),
        moment_of(piece.until),
        *arguments,
    )


def _cells_where(slice_: Slice, rollup: Rollup, taken: int) -> tuple[str, list[object]]:
    condition, arguments = _where(slice_, taken)
    return f"rollup = {rollup.code} AND {condition}", arguments


def _where(slice_: Slice, taken: int, *, sampled: bool = False) -> tuple[str, list[object]]:
    """Conditions on measures, actor types and dimensions, with arguments numbered after those `taken`. `sampled`: on
    the measures that have samples."""
    codes = {(measure.within or measure).code if sampled else measure.code: None for measure in slice_.measures}
    arguments: list[object] = [list(codes), list(slice_.actor_types)]
    conditions = [f"measure = ANY(${taken + 1}::smallint[])", f"actor_type = ANY(${taken + 2}::text[])"]
    for dimension, values in slice_.where.items():
        arguments.append(list(values))
        conditions.append(f"coalesce({dimension}, '') = ANY(${taken + len(arguments)}::text[])")
    return " AND ".join(conditions), arguments


def _columns(dimensions: Sequence[Dimension]) -> str:
    return "".join(f", coalesce({dimension}, '') AS {dimension}" for dimension in dimensions)


def _group(row: Record, dimensions: Sequence[Dimension]) -> Group:
    return tuple([row[dimension] for dimension in dimensions])


def _merge(found: dict[Spot, Sums], spot: Spot, sums: Sums) -> None:
    known = found.get(spot)
    if known is None:
        found[spot] = sums
    else:
        known.merge(sums)


def _date(day: int) -> date:
    return date.fromordinal(_EPOCH + day)
