"""Where an import keeps what does not fit into memory: a private SQLite file that vanishes with the process.

Rows go in as they are read and come out case by case; events go in as cases make them and come out in the order in
which they are to be appended. Everything that is personal stays in a file without a name, which nobody else can open.
It takes about three times the log's unpacked size in the folder for temporary files (`TMPDIR`, `SQLITE_TMPDIR`).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, cast

import msgspec
from msgspec import Struct

from api.ingest.keys import Placed
from api.ingest.plan import PlacedRow
from api.ingest.rows import Row
from domain.envelope import Envelope, NewEvent
from domain.errors import Unavailable
from domain.event import DECLARATIONS

LONGEST_CASE = 100_000
"""Rows. A case is held in memory while its events are made."""
_CHUNK = 2_000

_pack = msgspec.msgpack.Encoder().encode
_unpack_cells = msgspec.msgpack.Decoder(list[str | None]).decode
_unpack_event = {
    name: msgspec.msgpack.Decoder(tuple[Envelope, declaration.payload]).decode  # type: ignore[name-defined]  # a type known only when the program runs
    for name, declaration in DECLARATIONS.items()
}


@dataclass(frozen=True, slots=True)
class Repeated:
    """A row that repeats the key of another: `exact` where it says nothing else either."""

    line: int
    exact: bool


class Kept(Struct, frozen=True, gc=False):
    """An event to be appended, and the line that made it."""

    line: int
    event: NewEvent


@contextmanager
def spooled() -> "Iterator[Spool]":
    """A spool for as long as this lasts. Raises `Unavailable` where the folder for temporary files is full."""
    with closing(Spool()) as spool:
        try:
            yield spool
        except sqlite3.OperationalError as error:
            raise Unavailable(f"the folder for temporary files does not take the log ({error}): make room") from error


class Spool:
    """Rows and events of one import."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._names: dict[str, int] = {}
        """Columns in the order in which they were first met: cells are kept without their names."""

    def close(self) -> None:
        self._db.close()

    @property
    def columns(self) -> frozenset[str]:
        """All columns of all rows kept so far."""
        return frozenset(self._names)

    def name_columns(self, names: Iterable[str]) -> None:
        """Columns that are there though perhaps no row has them: a header's."""
        for name in names:
            self._names.setdefault(name, len(self._names))

    def keep_rows(self, rows: Iterable[PlacedRow]) -> None:
        self._insert("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(self._packed_row, rows))

    def drop_repeated(self) -> Iterator[Repeated]:
        """Take out rows whose key an equal or smaller row has: which one stays depends on what they say alone."""
        self._db.execute(_REPEATED)
        yield from (Repeated(line, bool(exact)) for line, exact in self._db.execute("SELECT line, exact FROM repeated"))
        self._db.execute("DELETE FROM rows WHERE rowid IN (SELECT id FROM repeated)")

    def follow_threads(self) -> Iterator[int]:
        """Give each row of a thread its root's case. Lines of rows whose parents go round in a circle come back."""
        self._db.executescript(_THREADS)
        yield from (line for (line,) in self._db.execute("SELECT line FROM rows WHERE in_case IS NULL ORDER BY line"))
        self._db.execute("DELETE FROM rows WHERE in_case IS NULL")

    def count_cases(self) -> int:
        return int(self._db.execute("SELECT count(DISTINCT in_case) FROM rows").fetchone()[0])

    def cases(self) -> Iterator[tuple[str, list[PlacedRow]]]:
        """The rows by case. A case that is too long comes with its first rows, one more than `LONGEST_CASE`; what is
        beyond them is left out."""
        names = list(self._names)
        found = self._db.execute(f"SELECT {_COLUMNS} FROM rows ORDER BY in_case, at, place, key")
        for case, rows in groupby(found, key=lambda row: cast("str", row[2])):
            yield case, [_unpacked_row(names, row) for row in islice(rows, LONGEST_CASE + 1)]

    def keep_events(self, events: Iterable[tuple[int, NewEvent]], *, as_read: bool = False) -> None:
        """Keep events with their lines, to be appended by time, or as they were read."""
        packed = (
            (
                0 if as_read else event.envelope.occurred_at,
                line if as_read else event.envelope.source_order or 0,
                event.envelope.id.bytes,
                line,
                event.payload.declaration.name,
                _pack((event.envelope, event.payload)),
            )
            for line, event in events
        )
        self._insert("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", packed)

    def drop_repeated_events(self) -> Iterator[int]:
        """Take out events that are there twice in all they say; their lines come back."""
        self._db.execute(_REPEATED_EVENTS)
        yield from (line for (line,) in self._db.execute("SELECT line FROM repeated_events ORDER BY line"))
        self._db.execute("DELETE FROM events WHERE rowid IN (SELECT id FROM repeated_events)")

    def count_events(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM events").fetchone()[0])

    def batches(self, size: int) -> Iterator[list[Kept]]:
        """The events, in the order in which they are to be appended."""
        found = self._db.execute("SELECT line, type, content FROM events ORDER BY at, place, id, line")
        while batch := [
            Kept(line, NewEvent(*_unpack_event[kind](content))) for line, kind, content in found.fetchmany(size)
        ]:
            yield batch

    def _insert(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        rows = iter(rows)
        while chunk := list(islice(rows, _CHUNK)):
            self._db.execute("BEGIN")
            self._db.executemany(statement, chunk)
            self._db.execute("COMMIT")

    def _packed_row(self, one: PlacedRow) -> tuple[Any, ...]:
        placed = one.placed
        return (
            one.row.line,
            placed.key,
            placed.case,
            placed.node,
            placed.parent,
            placed.at,
            placed.order,
            _pack(self._cells(one.row.cells)),
        )

    def _cells(self, cells: dict[str, str]) -> list[str | None]:
        """The cells by their columns' numbers; the same cells give the same list."""
        names = self._names
        if list(cells) == list(names):
            return list(cells.values())
        numbered = {names.setdefault(name, len(names)): cell for name, cell in cells.items()}
        return [numbered.get(number) for number in range(max(numbered, default=-1) + 1)]


def _unpacked_row(names: list[str], row: tuple[Any, ...]) -> PlacedRow:
    line, key, case, node, parent, at, order, content = row
    kept = _unpack_cells(content)
    cells = {name: cell for name, cell in zip(names, kept, strict=False) if cell is not None}
    return PlacedRow(Row(line, cells), Placed(key, case, node, parent, at, order))


_COLUMNS = "line, key, in_case, node, parent, at, place, cells"
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
PRAGMA temp_store = FILE;
CREATE TABLE rows (line INTEGER, key TEXT, in_case TEXT, node TEXT, parent TEXT, at INTEGER, place INTEGER, cells BLOB);
CREATE TABLE events (at INTEGER, place INTEGER, id BLOB, line INTEGER, type TEXT, content BLOB);
"""
_REPEATED = """
CREATE TABLE repeated AS
SELECT id, line, exact FROM (
    SELECT rowid AS id, line, row_number() OVER by_key AS number, cells = first_value(cells) OVER by_key AS exact
    FROM rows WINDOW by_key AS (PARTITION BY key ORDER BY cells, line)
) WHERE number > 1 ORDER BY line
"""
_REPEATED_EVENTS = """
CREATE TABLE repeated_events AS
SELECT id, line FROM (
    SELECT rowid AS id, line, row_number() OVER (PARTITION BY id, content ORDER BY line) AS number FROM events
) WHERE number > 1
"""
_THREADS = """
CREATE INDEX by_node ON rows (node);
CREATE INDEX by_parent ON rows (parent);
CREATE TABLE roots (node TEXT PRIMARY KEY, root TEXT) WITHOUT ROWID;
INSERT INTO roots
WITH RECURSIVE followed (node, root) AS (
    SELECT node, coalesce(parent, node) FROM rows AS child
    WHERE parent IS NULL OR NOT EXISTS (SELECT 1 FROM rows WHERE rows.node = child.parent)
    UNION
    SELECT rows.node, followed.root FROM followed JOIN rows ON rows.parent = followed.node
)
SELECT node, min(root) FROM followed GROUP BY node;
UPDATE rows SET in_case = (SELECT root FROM roots WHERE roots.node = rows.node);
"""
