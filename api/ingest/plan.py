"""A mapping made ready: rows into their places, and cases into events. Pure; knows no file and no database."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from api.ingest.columns import columns_of, sources_of
from api.ingest.conditions import Place
from api.ingest.errors import BadMapping
from api.ingest.keys import Placed, Places, columns_in
from api.ingest.mapping import DeskMapping
from api.ingest.rows import Cells, Refusal, Row
from api.ingest.rules import Rules, columns_of_rules, raw_of
from api.ingest.times import clock_of
from domain.conversion import quoted
from domain.envelope import NewEvent
from domain.errors import InvalidInput
from domain.instants import Instant


class PlacedRow(Struct, frozen=True, gc=False):
    """A row that was read, with its place."""

    row: Row
    placed: Placed


class Made(Struct, frozen=True, gc=False):
    """What became of one row of a case: its events (perhaps none), or why it was refused."""

    line: int
    events: Sequence[NewEvent]
    refusal: Refusal | None = None


class Plan:
    """A checked mapping. Raises BadMapping where it makes no sense in itself."""

    def __init__(self, mapping: DeskMapping, latest: Instant) -> None:
        clock = clock_of(mapping.time, latest)
        self.mapping = mapping
        self._named = [*columns_in(mapping), *columns_of_rules(mapping)]
        self._named += [(("columns",), name) for name in sorted(sources_of(mapping))]
        self._columns = columns_of(mapping, (name for _, name in self._named), clock)
        self._places = Places(mapping, clock)
        self._rules = Rules(mapping, clock)

    def check_columns(self, there: AbstractSet[str]) -> None:
        """Raises BadMapping where the mapping names a column that the file does not have, or makes one that it has."""
        made = self.mapping.columns.keys()
        if taken := [name for name in made if name in there]:
            problem = f"the file has a column `{quoted(taken[0])}` already; call the made one otherwise"
            raise BadMapping(problem, path=("columns", taken[0]), detail="COLUMN_TAKEN")
        for path, name in self._named:
            if name not in there and name not in made:
                problem = f"there is no column `{quoted(name)}`; there are {', '.join(sorted({*there, *made}))}"
                raise BadMapping(problem, path=path, detail="UNKNOWN_COLUMN")

    def place(self, row: Row) -> PlacedRow | Refusal:
        """Where the row belongs, or why it is refused."""
        try:
            return PlacedRow(row, self._places.of(self._columns.of(row.cells)))
        except InvalidInput as error:
            return _refusal(row, error)

    def events(self, case: str, rows: Sequence[PlacedRow]) -> Iterator[Made]:
        """What the rows of one case make, in their order: by instant, then by the mapping's order, then by key."""
        ordered = sorted(rows, key=lambda one: (one.placed.at, one.placed.order, one.placed.key))
        seen: dict[str, dict[str, int]] = {name: {} for name in self._rules.remembered}
        previous: Cells = {}
        for index, one in enumerate(ordered):
            cells = self._columns.of(one.row.cells)
            place = Place(cells, previous, first=index == 0, last=index == len(ordered) - 1, seen=seen)
            yield self._made(one, place, case)
            previous = cells
            for name, words in seen.items():
                if name in cells:
                    words[cells[name]] = index

    def _made(self, one: PlacedRow, place: Place, case: str) -> Made:
        try:
            events = self._rules.of(place, one.placed, case, one.row.cells)
        except InvalidInput as error:
            return Made(one.row.line, (), _refusal(one.row, error))
        return Made(one.row.line, events)


def _refusal(row: Row, error: InvalidInput) -> Refusal:
    early = "; the row ends early" if row.cut_short else ""
    return Refusal(row.line, error.detail or error.code, error.message + early, raw_of(row.cells))
