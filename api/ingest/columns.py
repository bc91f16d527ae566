"""A row's columns: the source's own without what says that nothing is known, and those that the mapping makes."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from api.ingest.errors import BadMapping, BadRow
from api.ingest.mapping import Column, DeskMapping, listed
from api.ingest.times import Clock
from domain.conversion import quoted

_Maker = Callable[[dict[str, str]], str | None]


@dataclass(frozen=True, slots=True)
class Columns:
    """How a mapping sees a row's cells."""

    missing: frozenset[str]
    """Cells that say nothing; the empty one is among them."""
    named: Sequence[str]
    """The source's columns that the mapping names; nobody asks for the others."""
    made: Sequence[tuple[str, _Maker]]

    def of(self, cells: dict[str, str]) -> dict[str, str]:
        """The row's columns, those that the mapping names; a missing one is not there. Raises BadRow for a word that
        the mapping does not list."""
        missing, get = self.missing, cells.get
        known = {name: cell for name in self.named if (cell := get(name, "")) not in missing and not cell.isspace()}
        for name, make in self.made:
            said = make(known)
            if said is not None:
                known[name] = said
        return known


def columns_of(mapping: DeskMapping, named: Iterable[str], clock: Clock) -> Columns:
    """The mapping's columns: those that it makes, and those of the source's that are `named`. Raises BadMapping."""
    made = [(name, _maker(name, column, clock)) for name, column in mapping.columns.items()]
    return Columns(frozenset({"", *mapping.missing}), sorted(set(named) - mapping.columns.keys()), made)


def sources_of(mapping: DeskMapping) -> set[str]:
    """The source's columns that made ones are made of. A made one may be made of made ones that stand before it."""
    sources: set[str] = set()
    made: set[str] = set()
    for name, column in mapping.columns.items():
        sources.update(set(listed(column.of)) - made)
        made.add(name)
    return sources


def pattern_of(pattern: str, path: tuple[str, ...]) -> re.Pattern[str]:
    """A regular expression of the mapping's. Raises BadMapping."""
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadMapping(
            f"`{quoted(pattern)}` is no regular expression: {error}", path=path, detail="BAD_PATTERN"
        ) from None


def _maker(name: str, column: Column, clock: Clock) -> _Maker:
    steps = [_joined(listed(column.of), column.join)]
    if column.pattern is not None:
        steps.append(_grouped(name, pattern_of(column.pattern, ("columns", name, "pattern"))))
    if column.words:
        steps.append(_translated(name, column))
    if column.time:
        steps.append(_instant(name, clock))

    def make(cells: dict[str, str]) -> str | None:
        cell = first(cells)
        for step in rest:
            if cell is None:
                return None
            cell = step({name: cell})
        return cell or None

    first, *rest = steps
    return make


def _joined(names: tuple[str, ...], join: str) -> _Maker:
    if len(names) == 1:
        only = names[0]
        return lambda cells: cells.get(only)

    def make(cells: dict[str, str]) -> str | None:
        parts = [cells[name] for name in names if name in cells]
        return join.join(parts) if len(parts) == len(names) else None

    return make


def _grouped(name: str, pattern: re.Pattern[str]) -> _Maker:
    if pattern.groups > 1:
        problem = "a column's pattern has one group, or none; write (?:...) for the others"
        raise BadMapping(problem, path=("columns", name, "pattern"), detail="BAD_PATTERN")

    def make(cells: dict[str, str]) -> str | None:
        found = pattern.search(cells[name])
        return None if found is None else found.group(pattern.groups)

    return make


def _translated(name: str, column: Column) -> _Maker:
    words, other = column.words, column.other

    def make(cells: dict[str, str]) -> str | None:
        cell = cells[name]
        if cell in words:
            return words[cell]
        if other == "refused":
            raise BadRow(f"the mapping's column {name} has no word for `{quoted(cell)}`", detail="UNKNOWN_WORD")
        return cell if other == "kept" else None

    return make


def _instant(name: str, clock: Clock) -> _Maker:
    return lambda cells: str(clock(cells[name]))
