"""Tables as CSV: RFC 4180, UTF-8 with a byte order mark, by which spreadsheets know it for what it is.

A cell of people's words that begins with `=`, `+`, `-`, `@`, a tab, a line end or an apostrophe gets an apostrophe
before it, so that no spreadsheet takes it for a formula; taking one leading apostrophe away gives the words again.
Numbers, instants and ids are written as the API writes them.
"""

import codecs
import csv
import io
from collections.abc import AsyncIterator

from api.export.table import Cell, Kind, Row, Table

MEDIA = "text/csv; charset=utf-8; header=present"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_AT_ONCE = 500
"""Rows that go out together."""


async def written(table: Table) -> AsyncIterator[bytes]:
    """The file, piece by piece, while its rows still come."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([escaped(column.header) for column in table.columns])
    kinds = [column.kind for column in table.columns]
    yield codecs.BOM_UTF8
    waiting = 0
    async for row in table.rows:
        writer.writerow(_cells(row, kinds))
        waiting += 1
        if waiting == _AT_ONCE:
            yield _drained(buffer)
            waiting = 0
    yield _drained(buffer)


def escaped(words: str) -> str:
    """People's words, safe in a spreadsheet."""
    return f"'{words}" if words.startswith(_DANGEROUS) else words


def _cells(row: Row, kinds: list[Kind]) -> list[str]:
    return [_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


def _cell(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    return escaped(cell) if kind is Kind.TEXT else cell


def _drained(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
