"""Tables as XLSX: one sheet, its head fixed and filterable. Words are written as text, so none is ever a formula;
numbers as numbers, as far as a spreadsheet's 15 digits reach."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from api.export.table import Cell, Kind, Table
from domain.errors import InvalidQuestion

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_ROWS = 1_048_576
"""A sheet has no more, its head included."""
_LONGEST = 32_767
"""Characters of a cell."""
_DIGITS = 15
_PIECE = 1 << 16
_WIDTH = 22


async def written(table: Table) -> AsyncIterator[bytes]:
    """The file, piece by piece, once it is whole: its directory stands at the end, but counts what comes before."""
    with tempfile.TemporaryDirectory(prefix="deskledger-export-") as folder:
        path = Path(folder) / "table.xlsx"
        book = await _filled(table)
        await asyncio.to_thread(book.save, path)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece


async def _filled(table: Table) -> Workbook:
    """Rows go to a temporary file as they come; one is held in memory at a time."""
    book = Workbook(write_only=True)
    sheet = cast("Worksheet", book.create_sheet(table.name))  # it passes on what it does not write itself
    sheet.freeze_panes = "A2"
    for number in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.append([_text(sheet, column.header, bold=True) for column in table.columns])
    rows = 1
    async for row in table.rows:
        rows += 1
        if rows > _MOST_ROWS:
            raise InvalidQuestion(f"a sheet holds {_MOST_ROWS:,} rows; ask for CSV, or for less", path=("input",))
        cells = zip(row, table.columns, strict=True)
        sheet.append([_cell(sheet, cell, column.kind) for cell, column in cells])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{rows}"
    return book


def _cell(sheet: Worksheet, cell: Cell, kind: Kind) -> object:
    if cell is None:
        return None
    if kind is Kind.NUMBER and sum(sign.isdigit() for sign in cell) <= _DIGITS:
        return float(cell) if "." in cell else int(cell)
    return _text(sheet, cell)


def _text(sheet: Worksheet, words: str, *, bold: bool = False) -> object:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", words[:_LONGEST]))
    cell.data_type = "s"  # else words that begin with "=" would be a formula
    if bold:
        cell.font = Font(bold=True)
    return cell
