"""Rows of a CSV file.

A line that is no whole row is refused by itself: where a quote that is never closed swallowed the lines after it, they
are read again on their own.
"""

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import BinaryIO

from api.ingest.errors import BadFile, BadMapping
from api.ingest.files import lines
from api.ingest.mapping import Csv
from api.ingest.rows import Refusal, Row
from domain.conversion import quoted

LONGEST_LINE = 1_048_576
"""Bytes. A longer line is no row."""
_QUOTED = 2_000
"""How much of a refused row is repeated."""
_MOST_LINES = 1_000
"""Of one row, whose cells may have newlines in them."""
_BARE_RETURN = re.compile(r"(?<=\r)(?!\n)(?!\Z)")
"""A carriage return alone ends a line for CSV, though not for `lines`."""

_Piece = tuple[int, str, str | None]
"""A line (or what a carriage return made of it): its number, its text, and why it is no text."""


class CsvRows:
    """The rows of one file: iterate once. `header`: the columns, in their order."""

    def __init__(self, source: BinaryIO, options: Csv) -> None:
        self._options = options
        self._encoding = _encoding(options.encoding)
        self._source = lines(source, LONGEST_LINE)
        self._pending: deque[_Piece] = deque()
        self._taken: list[_Piece] = []
        self._reader = self._parser()
        self._beyond_ascii = 0
        self._undecodable = 0
        self.header = self._header()

    def __iter__(self) -> Iterator[Row | Refusal]:
        empty = True
        while (cells := self._next()) is not None:
            if cells or self._fault() is not None:
                empty = False
                yield self._row(cells)
        if empty:
            raise BadFile("there is no row below the header", detail="NO_ROWS")
        if self._undecodable > self._beyond_ascii:
            problem = f"the file is not {self._options.encoding}; say its `encoding` in the mapping's [csv]"
            raise BadFile(problem, detail="WRONG_ENCODING")

    def _header(self) -> list[str]:
        while (cells := self._next()) == [] and self._fault() is None:
            pass  # blank lines before it
        if cells is None:
            raise BadFile("the file has no header", detail="EMPTY")
        fault = self._fault()
        if fault is not None or isinstance(cells, str):
            reason = fault[1] if fault else str(cells)
            raise BadFile(f"the header cannot be read: {reason}", detail="BAD_HEADER")
        names = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, 1)]
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise BadFile(f"the header has the column `{quoted(twice[0])}` twice", detail="BAD_HEADER")
        return names

    def _next(self) -> list[str] | str | None:
        """The next record's cells; why the next line is no record; None at the end."""
        self._taken.clear()
        try:
            return next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            return str(error)

    def _row(self, cells: list[str] | str) -> Row | Refusal:
        line = self._taken[0][0]
        text = "".join(piece[1] for piece in self._taken)[:_QUOTED]
        if isinstance(cells, str) or not self._fits(cells):
            return self._refuse_first(cells)
        if fault := self._fault():
            return Refusal(line, *fault, text)
        return Row(line, dict(zip(self.header, cells, strict=False)), cut_short=len(cells) < len(self.header))

    def _fits(self, cells: list[str]) -> bool:
        missing = len(self.header) - len(cells)
        return missing == 0 or (missing > 0 and self._options.short_rows == "missing")

    def _refuse_first(self, cells: list[str] | str) -> Refusal:
        """Refuse the record's first line; those after it are read again, since they may be rows of their own."""
        line, text, fault = self._taken[0]
        self._pending.extendleft(reversed(self._taken[1:]))
        self._reader = self._parser()
        if fault:
            return Refusal(line, *_UNREADABLE[fault], text[:_QUOTED])
        if isinstance(cells, str):
            return Refusal(line, "MALFORMED", f"this line is no CSV: {cells}", text[:_QUOTED])
        reason = f"the header has {len(self.header)} cells, this row {len(cells)}"
        return Refusal(line, "WRONG_NUMBER_OF_CELLS", reason, text[:_QUOTED])

    def _fault(self) -> tuple[str, str] | None:
        """Why the lines of this record are no text, if they are none."""
        return next((_UNREADABLE[fault] for _, _, fault in self._taken if fault), None)

    def _parser(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._options.delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        """Lines for the parser, each remembered until the record that it belongs to is done."""
        while True:
            if len(self._taken) >= _MOST_LINES:
                raise csv.Error(f"a quote is not closed within {_MOST_LINES} lines")
            if not self._pending and not self._refill():
                return
            piece = self._pending.popleft()
            self._taken.append(piece)
            yield piece[1]

    def _refill(self) -> bool:
        found = next(self._source, None)
        if found is None:
            return False
        number, content = found
        if content is None:
            self._pending.append((number, "", "long"))
            return True
        text, fault = self._decoded(content.removeprefix(codecs.BOM_UTF8) if number == 1 else content)
        pieces = _BARE_RETURN.split(text) if "\r" in text else [text]
        self._pending.extend((number, piece, fault) for piece in pieces)
        return True

    def _decoded(self, content: bytes) -> tuple[str, str | None]:
        try:
            text = content.decode(self._encoding)
        except UnicodeDecodeError:
            self._undecodable += 1
            return content.decode(self._encoding, "replace"), "encoding"
        self._beyond_ascii += not content.isascii()
        return text, "nul" if "\0" in text else None


_UNREADABLE = {
    "encoding": ("NOT_DECODABLE", "this row has bytes that are no text in the file's encoding"),
    "nul": ("NUL_BYTE", "this row has a NUL byte, which cannot be stored"),
    "long": ("TOO_LONG", f"this line is longer than {LONGEST_LINE} bytes"),
}


def _encoding(name: str) -> str:
    """The encoding, where it is one that lines and delimiters can be told apart in."""
    try:
        plain = '\n",'.encode(name) == b'\n",'
    except LookupError:
        plain = False
    if not plain:
        problem = f"{name!r} is no encoding that CSV can be read in; utf-8, cp1251 and iso-8859-1 are some"
        raise BadMapping(problem, path=("csv", "encoding"), detail="BAD_ENCODING")
    return name
