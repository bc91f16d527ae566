"""The cube of one generation: sums of samples, gathered by batch and written set-wise."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from domain.conversation.sample import Sample, Standing
from domain.instants import DAY, QUARTER_HOUR
from domain.kpi.histogram import bucket_of
from domain.kpi.measures import MEASURES, Attribution, Unit
from domain.kpi.question import Dimension
from eventstore.database import Session
from projections.conversations import tables
from projections.conversations.cells import Cell, pack_quarters, pack_whole, unpack_quarters, unpack_whole
from projections.conversations.rollups import ROLLUPS, Rollup, dimension_of

_KEPT = 40_000
"""How many cells are kept in memory between batches: some days of a desk of hundreds."""
_TIMED = frozenset(code for code, measure in MEASURES.items() if measure.unit is Unit.SECONDS)
_UNCREDITED = frozenset(code for code, measure in MEASURES.items() if measure.attribution is Attribution.NOBODY)
_COLUMNS = tuple(column.name for column in tables.cells.columns)
_EPOCH = date(1970, 1, 1).toordinal()


class Key(NamedTuple):
    """What a cell is the sum of. `day` counts from 1970-01-01 UTC; `values` stand along the roll-up's dimensions."""

    rollup: Rollup
    measure: int
    day: int
    actor_type: str
    values: tuple[str, ...]

    @property
    def id(self) -> UUID:
        words = (self.rollup.code, self.measure, self.day, self.actor_type, *self.values)
        return UUID(bytes=blake2b("\0".join(map(str, words)).encode(), digest_size=16).digest())


Addition = tuple[int, int, int, int, int | None, int | None]
"""The arguments of `Cell.add`."""


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
                self._place(additions, sample, sign)
        known = await self._load(connection, additions)
        rows = []
        for key, adds in additions.items():
            cell = self._cells[key]
            for addition in adds:
                cell.add(*addition)
            if cell.whole.n:
                rows.append(self._row(key, cell))
            else:
                del self._cells[key]
        if known:
            await connection.execute(_DELETE, self._workspace, self._generation, known)
        await connection.copy_records_to_table("cells", records=rows, columns=_COLUMNS)
        while len(self._cells) > _KEPT:
            self._cells.popitem(last=False)

    def _place(self, additions: dict[Key, list[Addition]], sample: Sample, sign: int) -> None:
        day, within = divmod(sample.at, DAY)
        bucket = business_bucket = None
        if sample.measure in _TIMED:
            bucket = business_bucket = bucket_of(sample.calendar)
            if sample.business != sample.calendar:
                business_bucket = bucket_of(sample.business)
        addition = (within // QUARTER_HOUR, sign, sample.calendar, sample.business, bucket, business_bucket)
        for rollup in ROLLUPS:
            if Dimension.OPERATOR in rollup.dimensions and sample.measure in _UNCREDITED:
                continue
            values = tuple([dimension_of(sample, dimension) for dimension in rollup.dimensions])
            key = Key(rollup, sample.measure, day, sample.credit.actor_type, values)
            additions.setdefault(key, []).append(addition)

    async def _load(self, connection: Session, keys: Iterable[Key]) -> list[UUID]:
        """Have all cells at hand, and say which of them stand in the table."""
        missing: dict[UUID, Key] = {}
        known: list[UUID] = []
        for key in keys:
            if key in self._cells:
                self._cells.move_to_end(key)
                known.append(key.id)
            else:
                missing[key.id] = key
        if missing:
            for row in await connection.fetch(_SELECT, self._workspace, self._generation, list(missing)):
                whole = unpack_whole(row["whole"], row["n"], row["calendar"], row["business"])
                self._cells[missing.pop(row["cell_id"])] = Cell(whole, unpack_quarters(row["quarters"]))
                known.append(row["cell_id"])
        for key in missing.values():
            self._cells[key] = Cell()
        return known

    def _row(self, key: Key, cell: Cell) -> tuple[object, ...]:
        values = dict(zip(key.rollup.dimensions, key.values, strict=True))
        return (
            self._workspace,
            self._generation,
            key.id,
            key.rollup.code,
            key.measure,
            date.fromordinal(_EPOCH + key.day),
            cell.whole.n,
            cell.whole.calendar,
            cell.whole.business,
            key.actor_type,
            *(values.get(dimension, "") for dimension in _DIMENSION_COLUMNS),
            pack_whole(cell.whole),
            pack_quarters(cell.quarters),
        )


_DIMENSION_COLUMNS = (
    Dimension.OPERATOR,
    Dimension.TEAM,
    Dimension.CHANNEL,
    Dimension.COMMUNITY,
    Dimension.KIND,
    Dimension.PRIORITY,
)
"""In the order of the table's columns."""

_SELECT = """
    SELECT cell_id, n, calendar, business, whole, quarters FROM cells
    WHERE workspace_id = $1 AND generation = $2 AND cell_id = ANY($3)
"""
_DELETE = "DELETE FROM cells WHERE workspace_id = $1 AND generation = $2 AND cell_id = ANY($3)"
