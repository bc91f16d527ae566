"""The cube of one generation: sums of samples, gathered by batch and written set-wise."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from domain.conversation.sample import Sample, Standing
from domain.instants import DAY, QUARTER_HOUR
from domain.kpi.measures import MEASURES
from eventstore.database import Session
from projections.conversations import tables
from projections.conversations.cells import FORMS, Cell, Form, new_cell, unpack
from projections.conversations.places import Numbers
from projections.conversations.rollups import ROLLUPS, rollups_of
from projections.conversations.stretches import day_of, parts

_KEPT = 20_000
"""How many cells are kept in memory between batches: some days of a desk of hundreds."""
_COLUMNS = tuple(column.name for column in tables.cells.columns)
_EPOCH = date(1970, 1, 1).toordinal()

Key = tuple[int, int, int, int]
"""What a cell is the sum of: roll-up, measure, day (from 1970-01-01 UTC), number of the place in the roll-up."""
Counted = dict[Key, list[Any]]
"""What is to be counted in, or out: quarter-hours, entries or parts, by the form of the measure's cells."""
Placed = Iterable[tuple[Sample, Numbers]]
"""Samples, each with its place's numbers."""


class Cube:
    """Reads cells that it does not know, counts samples in and out, and replaces the cells that changed."""

    def __init__(self, workspace: UUID, generation: int) -> None:
        self._workspace = workspace
        self._generation = generation
        self._cells: OrderedDict[Key, Cell] = OrderedDict()
        self._days: set[int] | None = None
        """Days that have cells: those of any other day need not be looked for."""

    async def count(self, connection: Session, begun: Placed, ceased: Placed) -> None:
        """Count samples in and out. Only what stands as regular is in the cube."""
        added, taken = _by_cell(begun), _by_cell(ceased)
        keys = [*added, *[key for key in taken if key not in added]]
        new = await self._load(connection, keys)
        for key, values in added.items():
            self._cells[key].add(values)
        for key, values in taken.items():
            self._cells[key].take(values)
        await self._write(connection, keys, new)
        while len(self._cells) > _KEPT:
            self._cells.popitem(last=False)

    async def _load(self, connection: Session, keys: Iterable[Key]) -> set[Key]:
        """Have all cells at hand, and say which of them do not stand in the table yet."""
        if self._days is None:
            rows = await connection.fetch(_DAYS, self._workspace, self._generation)
            self._days = {row["day"].toordinal() - _EPOCH for row in rows}
        new: set[Key] = set()
        missing: set[Key] = set()
        for key in keys:
            if key in self._cells:
                self._cells.move_to_end(key)
            elif key[2] in self._days:
                missing.add(key)
            else:
                new.add(key)
        if missing:
            rollups, measures, days, places = zip(*missing, strict=True)
            wanted = (rollups, measures, [_date(day) for day in days], places)
            rows = await connection.fetch(_SELECT, self._workspace, self._generation, *wanted)
            for rollup, measure, day, place, n, quarters in rows:
                key = (rollup, measure, day.toordinal() - _EPOCH, place)
                self._cells[key] = unpack(FORMS[measure], n, quarters)
                missing.discard(key)
        new |= missing
        for key in new:
            self._cells[key] = new_cell(FORMS[key[1]])
            self._days.add(key[2])
        return new

    async def _write(self, connection: Session, changed: Iterable[Key], new: set[Key]) -> None:
        """New cells are copied in; others change in place, where no index has to know of it."""
        added, updated, emptied = [], [], []
        for key in changed:
            rollup, measure, day, place = key
            which = (rollup, measure, _date(day), place)
            sums = self._cells[key].packed()
            if not sums[0]:
                del self._cells[key]
                if key not in new:
                    emptied.append(which)
            elif key in new:
                added.append((self._workspace, self._generation, *which, *sums))
            else:
                updated.append((*which, *sums))
        if added:
            await connection.copy_records_to_table("cells", records=added, columns=_COLUMNS)
        if updated:
            await connection.execute(_REPLACE, self._workspace, self._generation, *zip(*updated, strict=True))
        if emptied:
            await connection.executemany(_DELETE, [(self._workspace, self._generation, *which) for which in emptied])


def _by_cell(samples: Placed) -> Counted:
    """Samples by the cells that count them: first those that are alike, then these in every roll-up."""
    alike: defaultdict[tuple[int, int, int, Numbers], list[Any]] = defaultdict(list)
    for sample, numbers in samples:
        if sample.place.standing is not Standing.REGULAR:
            continue
        measure = sample.measure
        form = FORMS[measure]
        if form is Form.STRETCHES:
            key = (measure, sample.flags, day_of(sample.at), numbers)
            alike[key] += parts(sample.at, sample.calendar, sample.business)
            continue
        day, within = divmod(sample.at, DAY)
        quarter = within // QUARTER_HOUR
        alike[measure, sample.flags, day, numbers].append(
            (quarter, sample.calendar, sample.business) if form is Form.DURATIONS else quarter
        )
    cells: defaultdict[Key, list[Any]] = defaultdict(list)
    for (measure, flags, day, numbers), values in alike.items():
        for code, rollups in _kept(measure, flags):
            for rollup, index in rollups:
                cells[rollup, code, day, numbers[index]] += values
    return cells


@lru_cache(maxsize=1_000)
def _kept(measure: int, flags: int) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
    """The measures that a sample counts in, and for each the roll-ups that keep it: code, and where in `Numbers`."""
    return tuple(
        (code, tuple((rollup.code, 1 + ROLLUPS.index(rollup)) for rollup in rollups_of(declared)))
        for code, declared in MEASURES.items()
        if declared.counts(measure, flags)
    )


@lru_cache(maxsize=1_000)
def _date(day: int) -> date:
    return date.fromordinal(_EPOCH + day)


_DAYS = "SELECT DISTINCT day FROM cells WHERE workspace_id = $1 AND generation = $2"
_SELECT = """
    SELECT cell.*
    FROM unnest($3::smallint[], $4::smallint[], $5::date[], $6::integer[]) AS wanted (rollup, measure, day, place)
    CROSS JOIN LATERAL (
        SELECT rollup, measure, day, place, n, quarters FROM cells
        WHERE workspace_id = $1 AND generation = $2
          AND rollup = wanted.rollup AND measure = wanted.measure AND day = wanted.day AND place = wanted.place OFFSET 0
    ) AS cell
"""
_REPLACE = """
    INSERT INTO cells (workspace_id, generation, rollup, measure, day, place, n, calendar, business, whole, quarters)
    SELECT $1, $2, * FROM unnest($3::smallint[], $4::smallint[], $5::date[], $6::integer[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[], $11::bytea[])
    ON CONFLICT (workspace_id, generation, rollup, measure, day, place) DO UPDATE
    SET n = EXCLUDED.n, calendar = EXCLUDED.calendar, business = EXCLUDED.business, whole = EXCLUDED.whole,
        quarters = EXCLUDED.quarters
"""
# All of them are there. An UPDATE of rows that are joined to an array is at the mercy of a plan, and gets a bad one
# while there are no statistics: it looks at all cells.
_DELETE = """
    DELETE FROM cells
    WHERE workspace_id = $1 AND generation = $2 AND rollup = $3 AND measure = $4 AND day = $5 AND place = $6
"""
