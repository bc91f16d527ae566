"""The cube of one generation: sums of samples, gathered by batch and written set-wise."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from domain.conversation.sample import Place, Sample, Standing
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

_STRETCH = 1_000
"""How many samples are gone through before the event loop has its turn."""

Key = tuple[int, int, int, int]
"""What a cell is the sum of: roll-up, measure, day (from 1970-01-01 UTC), number of the place in the roll-up."""
Counted = dict[Key, list[Any]]
"""What is to be counted in, or out: quarter-hours, entries or parts, by the form of the measure's cells."""


class Cube:
    """Reads cells that it does not know, counts samples in and out, and replaces the cells that changed."""

    def __init__(self, workspace: UUID, generation: int) -> None:
        self._workspace = workspace
        self._generation = generation
        self._cells: OrderedDict[Key, Cell] = OrderedDict()
        self._days: set[int] | None = None
        """Days that have cells: those of any other day need not be looked for."""
        self._added: Counted = {}
        self._taken: Counted = {}

    async def gather(self, begun: Sequence[Sample], ceased: Sequence[Sample], numbers: Mapping[Place, Numbers]) -> None:
        """Say which samples are to be counted in and out. Needs no database, and gives way now and then."""
        self._added = await _by_cell(begun, numbers)
        self._taken = await _by_cell(ceased, numbers)

    async def write(self, connection: Session) -> None:
        """Count in and out what was gathered."""
        added, taken = self._added, self._taken
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


async def _by_cell(samples: Sequence[Sample], numbers: Mapping[Place, Numbers]) -> Counted:
    """Samples by the cells that count them: first those that are alike, then these in every roll-up."""
    alike: defaultdict[tuple[int, int, int, Numbers], list[Any]] = defaultdict(list)
    for start in range(0, len(samples), _STRETCH):
        for sample in samples[start : start + _STRETCH]:
            place = sample.place
            if place.standing is not Standing.REGULAR:
                continue
            measure, at = sample.measure, sample.at
            form = FORMS[measure]
            if form is Form.STRETCHES:
                key = (measure, sample.flags, day_of(at), numbers[place])
                alike[key] += parts(at, sample.calendar, sample.business)
                continue
            quarter = at % DAY // QUARTER_HOUR
            alike[measure, sample.flags, at // DAY, numbers[place]].append(
                quarter if form is Form.COUNTS else (quarter, sample.calendar, sample.business)
            )
        await asyncio.sleep(0)
    cells: defaultdict[Key, list[Any]] = defaultdict(list)
    for (measure, flags, day, placed), values in alike.items():
        for code, rollup, index in _kept(measure, flags):
            cells[rollup, code, day, placed[index]] += values
    await asyncio.sleep(0)
    return cells


@lru_cache(maxsize=1_000)
def _kept(measure: int, flags: int) -> tuple[tuple[int, int, int], ...]:
    """The cells that a sample counts in: measure, roll-up, and where in `Numbers` the place is."""
    return tuple(
        (code, rollup.code, 1 + ROLLUPS.index(rollup))
        for code, declared in MEASURES.items()
        if declared.counts(measure, flags)
        for rollup in rollups_of(declared)
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
