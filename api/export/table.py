"""A table on its way into a file: columns with their kinds and headers, and rows of text."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

Cell = str | None
"""As the API writes it; None: nothing was said or counted."""
Row = Sequence[Cell]


class Kind(Enum):
    """What a column holds, and so how it is written."""

    TEXT = auto()
    """Words that people chose: the only cells that a spreadsheet could take for a formula."""
    WORD = auto()
    """Ids of ours, enum values, instants: as the API writes them."""
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `header` is in the language that was asked for."""

    header: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the file's, without its ending."""

    name: str
    columns: Sequence[Column]
    rows: AsyncIterator[Row]
