"""How entries are found: which index is walked, and how far.

A page costs no more at the end of a long ledger than at its beginning, whatever is asked:
- where an index holds just what is wanted in just that order, it is walked from the cursor (`Path` with nothing left
  to check);
- where what is wanted is few, by any index, it is fetched whole and sorted (`FEW`);
- else the index that gets furthest in a few steps is walked, each entry is checked for the rest, and the walk ends
  after `BOUND` entries: the page may then be short, and says how far it has looked.

The planner is left no choice of index: each statement's inner part fits one, and ends by a LIMIT that is a parameter,
so that a generic plan is no other than a custom one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.database import Session
from projections.journal.filter import Arguments, Filter, Order, conditions
from projections.journal.tables import POINTED

FEW = 1_000
BOUND = 5_000

_BY_POSITION = (*POINTED, "type")
_PREFERRED = ("session", "flag", "conversation", "customer", "operator", "type", "community", "team", "channel")
_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
_FIRST_ORDER, _LAST_ORDER = -(2**63), 2**63 - 1

Key = tuple[Any, ...]
"""Where an entry stands in an order: (position,) or (occurred_at, source_order, event_id)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read: one generation of one workspace's journal. `few` and `bound`: see above."""

    connection: Session
    workspace: UUID
    generation: int
    few: int = FEW
    bound: int = BOUND

    def arguments(self) -> Arguments:
        return Arguments(self.workspace, self.generation)


_KEYS = {Order.LEDGER: ("position",), Order.OCCURRENCE: ("occurred_at", "source_order", "event_id")}


@dataclass(frozen=True, slots=True)
class Walk:
    """A stretch of an order, both ends excluded, in one direction."""

    order: Order
    after: Key
    before: Key
    backwards: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return _KEYS[self.order]

    def sorted_by(self, prefix: str = "") -> str:
        direction = " DESC" if self.backwards else ""
        return ", ".join(f"{prefix}{column}{direction}" for column in self.columns)

    def from_(self, key: Key) -> "Walk":
        """What is left of the stretch behind an entry."""
        if self.backwards:
            return Walk(self.order, self.after, key, self.backwards)
        return Walk(self.order, key, self.before, self.backwards)

    def within(self, arguments: Arguments) -> str:
        """The stretch as a condition. Row comparisons are what an index on those columns is searched by."""
        row = ", ".join(self.columns)
        after = ", ".join(arguments.add(value) for value in self.after)
        before = ", ".join(arguments.add(value) for value in self.before)
        return f"({row}) > ({after}) AND ({row}) < ({before})"


def whole(order: Order, filter_: Filter) -> tuple[Key, Key]:
    """Before the first and after the last that can be wanted, as far as the time range says."""
    if order is Order.LEDGER:
        return (-1,), (_LAST_ORDER,)
    since, until = filter_.moments
    return (since, _FIRST_ORDER, _FIRST_ID), (until, _FIRST_ORDER, _FIRST_ID)


@dataclass(frozen=True, slots=True)
class Path:
    """An index to go by: equality on `column` (None: none), then the walk's order."""

    column: str | None
    values: tuple[str, ...]
    seen_to: frozenset[str]
    """Conditions that the path itself fulfils."""

    def source(self, walk: Walk, arguments: Arguments, limit: str, columns: Sequence[str]) -> str:
        """SELECT at most `limit` entries of each value, in the walk's order, with their `number` in it."""
        values = arguments.add(list(self.values))
        equal = "" if self.column is None else f" AND {self.column} = path.value"
        return f"""
            SELECT {", ".join(f"entry.{column}" for column in columns)}, entry.number
            FROM unnest({values}::text[]) AS path (value) CROSS JOIN LATERAL (
                SELECT {", ".join(columns)}, row_number() OVER () AS number FROM (
                    SELECT {", ".join(columns)} FROM journal_entries
                    WHERE workspace_id = $1 AND generation = $2{equal} AND {walk.within(arguments)}
                    ORDER BY {walk.sorted_by()} LIMIT {limit}) AS walked) AS entry
        """


def straight(filter_: Filter, order: Order) -> Path | None:
    """The path that holds nothing but what is wanted, if there is one."""
    columns = filter_.columns
    if filter_.inferred is not None or filter_.on_shift is not None or len(columns) > 1:
        return None
    if order is Order.LEDGER:
        if filter_.timed or not set(columns) <= set(_BY_POSITION):
            return None
    elif not set(columns) <= {"operator"}:
        return None
    return _along(next(iter(columns), None), filter_, order)


def _along(column: str | None, filter_: Filter, order: Order) -> Path:
    values = ("",) if column is None else tuple(filter_.columns[column])
    seen_to = {column} if column is not None else set()
    if order is Order.OCCURRENCE:
        seen_to.add("occurred_at")
    return Path(column, values, frozenset(seen_to))


async def few(scope: Scope, filter_: Filter, walk: Walk) -> tuple[Path, Order] | None:
    """A path, and the order that it goes by, along which there are only few entries at all."""
    for order in (Order.LEDGER, Order.OCCURRENCE):
        stretch = Walk(order, *_stretch(order, filter_, walk), backwards=False)
        for column in _candidates(filter_, order):
            path = _along(column, filter_, order)
            arguments = scope.arguments()
            limit = arguments.add(scope.few + 1)
            source = path.source(stretch, arguments, limit, ("position",))
            found = await scope.connection.fetchval(
                f"SELECT count(*) FROM ({source} LIMIT {limit}) AS found", *arguments.values
            )
            if found <= scope.few:
                return path, order
    return None


def _stretch(order: Order, filter_: Filter, walk: Walk) -> tuple[Key, Key]:
    return (walk.after, walk.before) if order is walk.order else whole(order, filter_)


def _candidates(filter_: Filter, order: Order) -> list[str | None]:
    if order is Order.LEDGER:
        return [column for column in _PREFERRED if column in filter_.columns]
    if not filter_.timed:
        return []
    return ["operator"] if "operator" in filter_.columns else [None]


async def furthest(scope: Scope, filter_: Filter, walk: Walk) -> Path:
    """Of the paths in the walk's order, the one on which a few entries reach furthest: the most selective just here."""
    if walk.order is Order.OCCURRENCE:
        return _along("operator" if "operator" in filter_.columns else None, filter_, walk.order)
    candidates = [column for column in _PREFERRED if column in filter_.columns]
    if len(candidates) < 2:
        return _along(next(iter(candidates), None), filter_, walk.order)
    reaches = {column: await _reach(scope, _along(column, filter_, walk.order), walk) for column in candidates}
    return _along((min if walk.backwards else max)(reaches, key=lambda column: reaches[column]), filter_, walk.order)


async def _reach(scope: Scope, path: Path, walk: Walk) -> int:
    arguments = scope.arguments()
    each = max(scope.few // len(path.values), 1)
    limit = arguments.add(each)
    nearest, open_end = ("max", -1) if walk.backwards else ("min", _LAST_ORDER)
    reached = await scope.connection.fetchval(
        f"SELECT {nearest}(position) FROM ({path.source(walk, arguments, limit, ('position',))}) AS found "
        f"WHERE number = {limit}",
        *arguments.values,
    )
    return open_end if reached is None else int(reached)


async def window(scope: Scope, filter_: Filter) -> tuple[Key, Key]:
    """Between which positions (excluded) entries of the time range lie."""
    since, until = filter_.moments
    row = await scope.connection.fetchrow(_WINDOW, scope.workspace, scope.generation, _hour(since), until)
    if row is None or row["first_position"] is None:
        return (-1,), (0,)
    return (row["first_position"] - 1,), (row["last_position"] + 1,)


_WINDOW = """
    SELECT min(first_position) AS first_position, max(last_position) AS last_position FROM journal_hours
    WHERE workspace_id = $1 AND generation = $2 AND hour >= $3 AND hour < $4
"""


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def rest(path: Path, filter_: Filter, arguments: Arguments) -> str:
    """What is still to be checked along a path, as one condition."""
    return " AND ".join(conditions(filter_, arguments, apart_from=path.seen_to)) or "true"
