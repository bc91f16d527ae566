"""Where a row belongs and when it happened: its case, its key, its instant, its order among equal instants."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from api.ingest.errors import BadMapping, BadRow
from api.ingest.mapping import Case, DeskMapping, Ranked
from api.ingest.rows import Cells
from api.ingest.times import Clock
from domain.conversion import quoted
from domain.instants import Instant

EVENTS_OF_ROW = 64
"""Room that a row's place in the order leaves for the events it makes: no more rules than that."""
_ROOM = 47
"""Bits of a source order that rows have: 53, as JSON carries integers, less 6 for a row's events."""

_encode = msgspec.json.Encoder().encode


class Placed(Struct, frozen=True, gc=False):
    """Where a row belongs. `case` is None where it follows from `parent`: the row is then `node` in a thread."""

    key: str
    """The columns of the mapping's key, as JSON."""
    case: str | None
    node: str | None
    parent: str | None
    at: Instant
    order: int
    """Its place among rows of the same instant."""


class Places:
    """Places rows as a mapping says."""

    def __init__(self, mapping: DeskMapping, clock: Clock) -> None:
        _check_case(mapping.case)
        self._mapping = mapping
        self._clock = clock
        self._bits = _ROOM // max(1, len(mapping.case.order))
        self._ranks = [_rank(part, 2**self._bits) for part in mapping.case.order]

    def of(self, cells: Cells) -> Placed:
        """The row's place. Raises BadRow where a column that it needs is missing or malformed."""
        case = self._mapping.case
        order = 0
        for rank in self._ranks:
            order = (order << self._bits) + rank(cells)
        return Placed(
            key=_encode([_needed(cells, name) for name in self._mapping.key.columns]).decode(),
            case=None if case.column is None else _needed(cells, case.column),
            node=None if case.node is None else _needed(cells, case.node),
            parent=None if case.parent is None else cells.get(case.parent),
            at=self._clock(_needed(cells, self._mapping.time.column)),
            order=order,
        )


def columns_in(mapping: DeskMapping) -> Iterator[tuple[tuple[str, ...], str]]:
    """The columns that place a row, each with where the mapping names it."""
    yield ("time", "column"), mapping.time.column
    case = mapping.case
    for name, column in (("column", case.column), ("node", case.node), ("parent", case.parent)):
        if column is not None:
            yield ("case", name), column
    for part in case.order:
        yield ("case", "order"), part if isinstance(part, str) else part.column
    for column in mapping.key.columns:
        yield ("key", "columns"), column


def _check_case(case: Case) -> None:
    threads = case.node is not None or case.parent is not None
    if (case.column is None) != threads or (case.node is None) != (case.parent is None):
        problem = "[case] has either `column`, or `node` and `parent`"
        raise BadMapping(problem, path=("case",), detail="MALFORMED")
    if len(case.order) > 3:
        raise BadMapping("`order` takes at most three columns", path=("case", "order"), detail="MALFORMED")


def _needed(cells: Cells, column: str) -> str:
    cell = cells.get(column)
    if cell is None:
        raise BadRow(f"{column or 'a column'} is missing", detail="MISSING_CELL")
    return cell


def _rank(part: str | Ranked, limit: int) -> Callable[[Cells], int]:
    if isinstance(part, Ranked):
        column, words = part.column, {word: rank for rank, word in enumerate(part.words)}
        return lambda cells: words.get(cells.get(column, ""), len(words))

    def number(cells: Cells) -> int:
        cell = _needed(cells, part)
        digits = cell.removesuffix(".0")
        if not (digits.isascii() and digits.isdigit()):
            raise BadRow(f"{part}: {quoted(cell)} is no whole number from 0", detail="BAD_ORDER")
        value = int(digits) if len(digits) < 20 else limit
        if value >= limit:
            raise BadRow(f"{part}: {quoted(cell)} is beyond {limit - 1}", detail="BAD_ORDER")
        return value

    return number
