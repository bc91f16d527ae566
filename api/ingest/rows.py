"""What readers give: rows, and what could not be read as one. There are many of them, hence no dataclasses."""

from collections.abc import Mapping

from msgspec import Struct

Cells = Mapping[str, str]
"""A row's cells by column. A cell that is missing is not there."""


class Row(Struct, frozen=True, gc=False):
    """A row as the source delivered it. `line`: where it begins in the file (unpacked), from 1."""

    line: int
    cells: dict[str, str]
    cut_short: bool = False
    """It ended early, and the mapping has what it lacks taken as missing."""


class Refusal(Struct, frozen=True, gc=False):
    """A row that is left out: where it begins, a stable code, a sentence, and its words as far as they are known."""

    line: int
    code: str
    reason: str
    row: str = ""
