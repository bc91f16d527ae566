"""The cube of one generation: sums of samples, gathered by batch and written set-wise."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from domain.conversation.sample import Sample, Standing
from domain.instants import DAY, QUARTER_HOUR
from domain.kpi.measures import MEASURES, Attribution, Unit
from eventstore.database import Session
from projections.conversations import tables
from projections.conversations.cells import Cell, CountCell, Duration, DurationCell, pack, unpack
from projections.conversations.rollups import BY_OPERATOR, ROLLUPS, Place, place_of

_KEPT = 40_000
"""How many cells are kept in memory between batches: some days of a desk of hundreds."""
TIMED = frozenset(code for code, measure in MEASURES.items() if measure.unit is Unit.SECONDS)
"""Codes of the measures that have durations."""
_NOBODYS = frozenset(code for code, measure in MEASURES.items() if measure.attribution is Attribution.NOBODY)
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

    async def add(self, connection: Session, changes: Iterable[tuple[Sample, int]]) -> None:
        """Count samples in (1) and out (-1). Only what stands as regular is in the cube."""
        additions: dict[Key, list[Addition]] = {}
        for sample, sign in changes:
            if sample.standing is Standing.REGULAR:
                _spread(sample, sign, additions)
        stored = await self._load(connection, additions)
        rows = []
        for key, adds in additions.items():
            cell = self._cells[key]
            for quarter, duration, sign in adds:
                cell.add(quarter, duration, sign)
            if cell.whole.n:
                rows.append(self._row(key, cell))
            else:
                del self._cells[key]
        if stored:
            await connection.execute(_DELETE, self._workspace, self._generation, stored)
        await connection.copy_records_to_table("cells", records=rows, columns=_COLUMNS)
        while len(self._cells) > _KEPT:
            self._cells.popitem(last=False)

    async def _load(self, connection: Session, keys: Iterable[Key]) -> list[UUID]:
        """Have all cells at hand, and say which of them stand in the table."""
        missing: dict[UUID, Key] = {}
        stored: list[UUID] = []
        for key in keys:
            cell = self._cells.get(key)
            if cell is None:
                missing[_id(key)] = key
            else:
                self._cells.move_to_end(key)
                stored.append(cell.id)
        if missing:
            for row in await connection.fetch(_SELECT, self._workspace, self._generation, list(missing)):
                cell = unpack(*row)
                self._cells[missing.pop(cell.id)] = cell
                stored.append(cell.id)
        for id_, key in missing.items():
            self._cells[key] = DurationCell(id_) if key[1] in TIMED else CountCell(id_)
        return stored

    def _row(self, key: Key, cell: Cell) -> tuple[object, ...]:
        """In the order of the table's columns."""
        rollup, measure, day, actor_type, place = key
        whole = cell.whole
        return (
            self._workspace,
            self._generation,
            cell.id,
            rollup,
            measure,
            _date(day),
            whole.n,
            whole.calendar,
            whole.business,
            actor_type,
            *place,
            *pack(cell),
        )


def _spread(sample: Sample, sign: int, additions: dict[Key, list[Addition]]) -> None:
    """A sample in every roll-up that it belongs to."""
    day, within = divmod(sample.at, DAY)
    calendar, business = sample.calendar, sample.business
    addition = (within // QUARTER_HOUR, calendar if calendar == business else (calendar, business), sign)
    measure, actor_type = sample.measure, sample.credit.actor_type
    for code, place in _places(place_of(sample)):
        if code == BY_OPERATOR.code and measure in _NOBODYS:
            continue
        key = (code, measure, day, actor_type, place)
        known = additions.get(key)
        if known is None:
            additions[key] = [addition]
        else:
            known.append(addition)


@lru_cache(maxsize=20_000)
def _places(place: Place) -> tuple[tuple[int, Place], ...]:
    return tuple((rollup.code, rollup.place(place)) for rollup in ROLLUPS)


def _id(key: Key) -> UUID:
    rollup, measure, day, actor_type, place = key
    words = f"{rollup}\0{measure}\0{day}\0{actor_type}\0" + "\0".join(place)
    return UUID(bytes=blake2b(words.encode(), digest_size=16).digest())


@lru_cache(maxsize=1_000)
def _date(day: int) -> date:
    return date.fromordinal(_EPOCH + day)


_SELECT = """
    SELECT cell_id, n, calendar, business, whole, quarters FROM cells
    WHERE workspace_id = $1 AND generation = $2 AND cell_id = ANY($3)
"""
_DELETE = "DELETE FROM cells WHERE workspace_id = $1 AND generation = $2 AND cell_id = ANY($3)"
