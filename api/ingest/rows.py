"""What readers give: rows, and what could not be read as one."""

from collections.abc import Mapping
from dataclasses import dataclass

Cells = Mapping[str, str]
"""A row's cells by column. A cell that is missing is not there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the source delivered it. `line`: where it begins in the file (unpacked), from 1."""

    line: int
    cells: dict[str, str]
    cut_short: bool = False
    """It ended early, and the mapping has what it lacks taken as missing."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is left out: where it begins, a stable code, a sentence, and its words as far as they are known."""

    line: int
    code: str
    reason: str
    row: str = ""
