"""The fastest and the slowest of very many samples, without reading them all.

The cells know on which day the shortest and the longest of a piece are (their histograms), in which quarter-hour, and
what they carry (their quarters). Only the samples of those quarter-hours are looked at, to say in which conversation.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.instants import DAY, QUARTER_HOUR, Instant, instant_of, moment_of
from domain.kpi.histogram import is_exact
from domain.kpi.question import Clock, Extreme, Range, rounded
from eventstore.database import Session
from projections.conversations.cells import entries_of, unpack_whole
from projections.conversations.parts import Parts, date_of, day_of, parts_of
from projections.conversations.rollups import Rollup
from projections.conversations.sampled import read_samples
from projections.conversations.slices import (
    PLACED_SAMPLES,
    Arguments,
    Group,
    Slice,
    cell_conditions,
    equals,
    group_of,
    groups_of,
    place_conditions,
    sample_conditions,
)

Where = tuple[Group, int]
"""Group, and index of the piece."""


@dataclass(frozen=True, slots=True)
class Ends:
    """A sample that may be the fastest or the slowest: what it carries, its place in the order, its conversation."""

    amount: int
    at: datetime
    held_from: int
    ordinal: int
    conversation: int | None

    @property
    def order(self) -> tuple[datetime, int, int]:
        return self.at, self.held_from, self.ordinal


@dataclass(slots=True)
class _Candidate:
    """The best known so far of one piece: its amount, and the quarter-hour (its beginning) in which it is first."""

    amount: int
    since: Instant


async def ends_from_cells(
    connection: Session, slice_: Slice, rollup: Rollup, pieces: Sequence[Range], clock: Clock
) -> dict[Where, tuple[Ends, Ends]]:
    """For each group and piece the sample that carries least, and the one that carries most; of equals the earliest."""
    parts = parts_of(pieces)
    days = await _days(connection, slice_, rollup, parts, clock)
    candidates = await _candidates(connection, slice_, rollup, parts, days, clock)
    ends: dict[bool, dict[Where, Ends]] = {}
    for longest, wanted in enumerate(candidates):
        ends[bool(longest)] = await _found(connection, slice_, wanted, clock)
    _with_the_rest(ends, await _rest(connection, slice_, parts, clock))
    return {where: (end, ends[True][where]) for where, end in ends[False].items()}


async def named(connection: Session, slice_: Slice, numbers: Iterable[int | None]) -> dict[int, str]:
    """Conversations' ids, by number."""
    rows = await connection.fetch(
        """
        SELECT number, conversation FROM conversations
        WHERE workspace_id = $1 AND generation = $2 AND number = ANY($3::bigint[])
        """,
        slice_.workspace,
        slice_.generation,
        [number for number in dict.fromkeys(numbers) if number is not None],
    )
    return {row["number"]: row["conversation"] for row in rows}


def extreme_of(end: Ends, names: Mapping[int, str], scale: int) -> Extreme:
    """As it is answered."""
    conversation = None if end.conversation is None else names[end.conversation]
    return Extreme(rounded(Decimal(end.amount) / scale), conversation, instant_of(end.at))


async def _days(
    connection: Session, slice_: Slice, rollup: Rollup, parts: Parts, clock: Clock
) -> dict[tuple[int, int], set[Where]]:
    """(day, number of the place) -> the groups and pieces whose shortest or longest may be there. Buckets are wide, so
    several days may have to be looked at; of short durations, which have a bucket each, the first will do."""
    if not parts.days:
        return {}
    arguments = Arguments(slice_.workspace, slice_.generation, date_of(min(parts.days)), date_of(max(parts.days)))
    rows = await connection.fetch(
        f"""
        SELECT day, place, n, calendar, business, whole FROM cells
        WHERE workspace_id = $1 AND generation = $2 AND day BETWEEN $3 AND $4
          AND rollup = {rollup.code} AND {cell_conditions(slice_, arguments)}
        ORDER BY day
        """,
        *arguments.values,
    )
    groups = await groups_of(connection, slice_, (row["place"] for row in rows))
    best: dict[tuple[Where, bool], tuple[int, list[tuple[int, int]]]] = {}
    for row in rows:
        day = day_of(row["day"])
        group = next(iter(groups.get(row["place"], ())), None)  # cells have no tags, and so one group
        if day not in parts.days or group is None:
            continue
        where = (group, parts.days[day])
        sums = unpack_whole(row["n"], row["calendar"], row["business"], row["whole"])
        histogram = sums.durations(business=clock is Clock.BUSINESS)
        for longest, bucket in ((False, min(histogram)), (True, max(histogram))):
            known = best.get((where, longest))
            if known is None or (bucket > known[0] if longest else bucket < known[0]):
                best[where, longest] = (bucket, [(day, row["place"])])
            elif bucket == known[0] and (day == known[1][0][0] or not is_exact(bucket)):
                known[1].append((day, row["place"]))
    found: defaultdict[tuple[int, int], set[Where]] = defaultdict(set)
    for (where, _), (_, cells) in best.items():
        for cell in cells:
            found[cell].add(where)
    return found


async def _candidates(
    connection: Session,
    slice_: Slice,
    rollup: Rollup,
    parts: Parts,
    days: Mapping[tuple[int, int], set[Where]],
    clock: Clock,
) -> tuple[dict[Where, _Candidate], dict[Where, _Candidate]]:
    """What the shortest and the longest of each piece carry, and in which quarter-hour the first of them is."""
    wanted = list(days)
    arguments = Arguments(
        slice_.workspace,
        slice_.generation,
        [date_of(day) for day, _ in wanted],
        [place for _, place in wanted],
        [date_of(day) for day in parts.quarters],
    )
    rows = await connection.fetch(
        f"""
        SELECT day, place, quarters FROM cells
        WHERE workspace_id = $1 AND generation = $2
          AND (day = ANY($5::date[]) OR (day, place) IN (SELECT * FROM unnest($3::date[], $4::integer[])))
          AND rollup = {rollup.code} AND {cell_conditions(slice_, arguments)}
        ORDER BY day
        """,
        *arguments.values,
    )
    groups = await groups_of(connection, slice_, (row["place"] for row in rows))
    shortest: dict[Where, _Candidate] = {}
    longest: dict[Where, _Candidate] = {}
    for row in rows:
        day = day_of(row["day"])
        whole = days.get((day, row["place"]), set())
        edges = parts.quarters.get(day, {})
        group = next(iter(groups.get(row["place"], ())), None)
        if group is None:
            continue
        for quarter, calendar, business in entries_of(row["quarters"]):
            amount = business if clock is Clock.BUSINESS else calendar
            since = day * DAY + quarter * QUARTER_HOUR
            for where in [*whole, *([(group, edges[quarter])] if quarter in edges else [])]:
                _improve(shortest, where, amount, since, better=lambda one, other: one < other)
                _improve(longest, where, amount, since, better=lambda one, other: one > other)
    return shortest, longest


def _improve(
    known: dict[Where, _Candidate], where: Where, amount: int, since: Instant, *, better: Callable[[int, int], bool]
) -> None:
    before = known.get(where)
    if before is None or better(amount, before.amount) or (amount == before.amount and since < before.since):
        known[where] = _Candidate(amount, since)


async def _found(
    connection: Session, slice_: Slice, wanted: Mapping[Where, _Candidate], clock: Clock
) -> dict[Where, Ends]:
    """The first sample of each quarter-hour that carries so much, in its group."""
    if not wanted:
        return {}
    spots = list(wanted)
    moments = [(wanted[spot].since, wanted[spot].since + QUARTER_HOUR) for spot in spots]
    arguments = Arguments(
        slice_.workspace,
        slice_.generation,
        [moment_of(since) for since, _ in moments],
        [moment_of(until) for _, until in moments],
        [wanted[spot].amount for spot in spots],
    )
    conditions = f"{sample_conditions(slice_, arguments)} AND {place_conditions(slice_, arguments)}"
    measure = slice_.measures[0]
    flagged = "" if measure.within is None else f"AND flags & {measure.flag} <> 0"
    groups = [arguments.add([group[place] for group, _ in spots]) for place in range(len(slice_.group_by))]
    values = "".join(f", {placeholder}::text[]" for placeholder in groups)
    names = "".join(f", value_{place}" for place in range(len(groups)))
    same = "".join(
        f" AND {equals(dimension, f'wanted.value_{place}')}" for place, dimension in enumerate(slice_.group_by)
    )
    rows = await connection.fetch(
        f"""
        SELECT wanted.nth, wanted.amount, sample.*
        FROM unnest($3::timestamptz[], $4::timestamptz[], $5::bigint[]{values})
            WITH ORDINALITY AS wanted (since, until, amount{names}, nth)
        CROSS JOIN LATERAL (
            SELECT at, held_from, ordinal, conversation FROM {PLACED_SAMPLES}
            WHERE workspace_id = $1 AND generation = $2 AND at >= wanted.since AND at < wanted.until
              AND {clock} = wanted.amount AND {conditions} {flagged} {same}
            ORDER BY at, held_from, ordinal LIMIT 1
        ) AS sample
        """,
        *arguments.values,
    )
    return {
        spots[row["nth"] - 1]: Ends(row["amount"], row["at"], row["held_from"], row["ordinal"], row["conversation"])
        for row in rows
    }


async def _rest(connection: Session, slice_: Slice, parts: Parts, clock: Clock) -> list[tuple[Where, Ends]]:
    """The samples of what is no whole quarter-hour."""
    found = []
    for piece, index in parts.rest:
        for row in await read_samples(connection, slice_, piece):
            if slice_.measures[0].counts(row["measure"], row["flags"]):
                end = Ends(row[clock], row["at"], row["held_from"], row["ordinal"], row["conversation"])
                found.append(((group_of(row, slice_.group_by), index), end))
    return found


def _with_the_rest(ends: dict[bool, dict[Where, Ends]], rest: Iterable[tuple[Where, Ends]]) -> None:
    for where, end in rest:
        for longest, known in ends.items():
            sign = -1 if longest else 1
            before = known.get(where)
            if before is None or (sign * end.amount, *end.order) < (sign * before.amount, *before.order):
                known[where] = end
