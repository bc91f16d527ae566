"""The cube of one generation: sums of samples, gathered by batch and written set-wise."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from domain.conversation.sample import Sample, Standing
from domain.instants import DAY, QUARTER_HOUR
from domain.kpi.measures import MEASURES
from eventstore.database import Session
from projections.conversations import tables
from projections.conversations.cells import Cell, CountCell, Duration, DurationCell, pack, unpack
from projections.conversations.rollups import ROLLUPS, Place, place_of, rollups_of

_KEPT = 40_000
"""How many cells are kept in memory between batches: some days of a desk of hundreds."""
TIMED = frozenset(code for code, measure in MEASURES.items() if measure.carries_amounts)
"""Codes of the measures whose samples carry seconds or values."""
_KEEPING = {code: tuple(rollup.code for rollup in rollups_of(measure)) for code, measure in MEASURES.items()}
"""Codes of the roll-ups that keep a measure, by its code."""
_COLUMNS = tuple(column.name for column in tables.cells.columns)
_EPOCH = date(1970, 1, 1).toordinal()

Key = tuple[int, int, int, str, Place]
"""What a cell is the sum of: roll-up, measure, day (from 1970-01-01 UTC), actor type, place."""
Addition = tuple[int, Duration, int]
"""Quarter-hour, duration, sign."""


class Cube:
    """Reads cells that it does not know, counts samples in and out, and replaces the cells that changed."""

    def __init__(self, workspace: UUID, generation: int) -> None:
        self._workspace = workspace
        self._generation = generation
        self._cells: OrderedDict[Key, Cell] = OrderedDict()
        self._days: set[int] | None = None
        """Days that have cells: those of any other day need not be looked for."""

    async def add(self, connection: Session, changes: Iterable[tuple[Sample, int]]) -> None:
        """Count samples in (1) and out (-1). Only what stands as regular is in the cube."""
        additions: dict[Key, list[Addition]] = {}
        for sample, sign in changes:
            if sample.standing is Standing.REGULAR:
                _spread(sample, sign, additions)
        new = await self._load(connection, additions)
        for key, adds in additions.items():
            cell = self._cells[key]
            for quarter, duration, sign in adds:
                cell.add(quarter, duration, sign)
        await self._write(connection, additions, new)
        while len(self._cells) > _KEPT:
            self._cells.popitem(last=False)

    async def _load(self, connection: Session, keys: Iterable[Key]) -> set[Key]:
        """Have all cells at hand, and say which of them do not stand in the table yet."""
        if self._days is None:
            rows = await connection.fetch(_DAYS, self._workspace, self._generation)
            self._days = {row["day"].toordinal() - _EPOCH for row in rows}
        new: set[Key] = set()
        missing: dict[UUID, Key] = {}
        for key in keys:
            if key in self._cells:
                self._cells.move_to_end(key)
            elif key[2] in self._days:
                missing[_id(key)] = key
            else:
                new.add(key)
        if missing:
            rollups, measures, days, _, _ = zip(*missing.values(), strict=True)
            wanted = (rollups, measures, [_date(day) for day in days], list(missing))
            for row in await connection.fetch(_SELECT, self._workspace, self._generation, *wanted):
                cell = unpack(*row)
                self._cells[missing.pop(cell.id)] = cell
        new.update(missing.values())
        for key in new:
            self._cells[key] = (DurationCell if key[1] in TIMED else CountCell)(_id(key))
            self._days.add(key[2])
        return new

    async def _write(self, connection: Session, changed: Iterable[Key], new: set[Key]) -> None:
        """New cells are copied in; others change in place, where no index has to know of it."""
        added, updated, emptied = [], [], []
        for key in changed:
            cell = self._cells[key]
            rollup, measure, day, actor_type, place = key
            which = (self._workspace, self._generation, rollup, measure, _date(day), cell.id)
            sums = (cell.whole.n, cell.whole.calendar, cell.whole.business)
            if not cell.whole.n:
                del self._cells[key]
                if key not in new:
                    emptied.append(which)
            elif key in new:
                added.append((*which, *sums, actor_type, *place, *pack(cell)))
            else:
                updated.append((*which, *sums, *pack(cell)))
        await connection.copy_records_to_table("cells", records=added, columns=_COLUMNS)
        await connection.executemany(_UPDATE, updated)
        await connection.executemany(_DELETE, emptied)


def _spread(sample: Sample, sign: int, additions: dict[Key, list[Addition]]) -> None:
    """A sample in every roll-up that keeps its measure."""
    day, within = divmod(sample.at, DAY)
    calendar, business = sample.calendar, sample.business
    addition = (within // QUARTER_HOUR, calendar if calendar == business else (calendar, business), sign)
    measure, actor_type = sample.measure, sample.credit.actor_type
    places = _places(place_of(sample))
    for code in _KEEPING[measure]:
        key = (code, measure, day, actor_type, places[code])
        known = additions.get(key)
        if known is None:
            additions[key] = [addition]
        else:
            known.append(addition)


@lru_cache(maxsize=20_000)
def _places(place: Place) -> dict[int, Place]:
    """Where a sample is in each roll-up, by its code."""
    return {rollup.code: rollup.place(place) for rollup in ROLLUPS}


def _id(key: Key) -> UUID:
    rollup, measure, day, actor_type, place = key
    words = f"{rollup}\0{measure}\0{day}\0{actor_type}\0" + "\0".join(place)
    return UUID(bytes=blake2b(words.encode(), digest_size=16).digest())


@lru_cache(maxsize=1_000)
def _date(day: int) -> date:
    return date.fromordinal(_EPOCH + day)


_DAYS = "SELECT DISTINCT day FROM cells WHERE workspace_id = $1 AND generation = $2"
_SELECT = """
    SELECT cell.*
    FROM unnest($3::smallint[], $4::smallint[], $5::date[], $6::uuid[]) AS wanted (rollup, measure, day, id)
    CROSS JOIN LATERAL (
        SELECT cell_id, n, calendar, business, whole, quarters FROM cells
        WHERE workspace_id = $1 AND generation = $2
          AND rollup = wanted.rollup AND measure = wanted.measure AND day = wanted.day AND cell_id = wanted.id OFFSET 0
    ) AS cell
"""
_WHICH = "workspace_id = $1 AND generation = $2 AND rollup = $3 AND measure = $4 AND day = $5 AND cell_id = $6"
_UPDATE = f"UPDATE cells SET n = $7, calendar = $8, business = $9, whole = $10, quarters = $11 WHERE {_WHICH}"
_DELETE = f"DELETE FROM cells WHERE {_WHICH}"
