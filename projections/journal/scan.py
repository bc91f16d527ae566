"""Finding the positions of a page's entries, or counting them."""

from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Record

from domain.errors import InvalidQuestion
from projections.journal.filter import Filter, Order, conditions
from projections.journal.paths import (
    Key,
    Path,
    Scope,
    Walk,
    few,
    furthest,
    rest,
    straight,
    whole,
    window,
)

_KEY_COLUMNS = ("position", "occurred_at", "source_order", "event_id")


@dataclass(frozen=True, slots=True)
class Found:
    """Positions in the direction of reading. `more`: there are others, or may be. `scanned_until`: the position of the
    entry at which the search was broken off, because it had looked at as many as it may; None if it was not."""

    positions: tuple[int, ...]
    more: bool
    scanned_until: int | None = None


async def scan(
    scope: Scope,
    filter_: Filter,
    order: Order,
    *,
    after: int | None,
    before: int | None,
    limit: int,
    backwards: bool = False,
) -> Found:
    """The positions of up to `limit` entries between two others (positions, excluded), from the first on or, backwards,
    from the last on."""
    if not all(filter_.columns.values()):
        return Found((), more=False)
    walk = await _walk(scope, filter_, order, after, before, backwards)
    path = straight(filter_, order)
    if path is not None:
        return await _collect(scope, path, filter_, walk, order, limit, most=limit + 1)
    little = await few(scope, filter_, walk)
    if little is not None:
        path, by = little
        return await _collect(scope, path, filter_, walk, by, limit, most=scope.few + 1)
    return await _search(scope, await furthest(scope, filter_, walk), filter_, walk, limit)


async def among(
    scope: Scope,
    filter_: Filter,
    order: Order,
    positions: Sequence[int],
    *,
    after: int | None,
    before: int | None,
    limit: int,
    backwards: bool,
) -> Found:
    """Of the entries at these positions, the first (backwards: last) that fit."""
    walk = await _walk(scope, filter_, order, after, before, backwards)
    arguments = scope.arguments()
    these, within = arguments.add(list(positions)), walk.within(arguments)
    wanted = " AND ".join((*conditions(filter_, arguments), within))
    rows = await scope.connection.fetch(
        f"SELECT position FROM journal_entries WHERE workspace_id = $1 AND generation = $2 "
        f"AND position = ANY({these}::bigint[]) AND {wanted} "
        f"ORDER BY {walk.sorted_by()} LIMIT {arguments.add(limit + 1)}",
        *arguments.values,
    )
    return Found(tuple(row["position"] for row in rows[:limit]), more=len(rows) > limit)


async def _walk(
    scope: Scope, filter_: Filter, order: Order, after: int | None, before: int | None, backwards: bool
) -> Walk:
    begins, ends = await window(scope, filter_) if order is Order.LEDGER and filter_.timed else whole(order, filter_)
    if after is not None:
        begins = max(begins, await _key(scope, after, order))
    if before is not None:
        ends = min(ends, await _key(scope, before, order))
    return Walk(order, begins, ends, backwards)


async def _key(scope: Scope, position: int, order: Order) -> Key:
    if order is Order.LEDGER:
        return (position,)
    row = await scope.connection.fetchrow(_KEY, scope.workspace, scope.generation, position)
    if row is None:
        raise InvalidQuestion(f"the cursor names entry {position}, which is not in the journal", detail="CURSOR")
    return tuple(row)


_KEY = """
    SELECT occurred_at, source_order, event_id FROM journal_entries
    WHERE workspace_id = $1 AND generation = $2 AND position = $3
"""


async def _collect(scope: Scope, path: Path, filter_: Filter, walk: Walk, by: Order, limit: int, *, most: int) -> Found:
    """Everything along a path that holds little else, or little at all; `by` is the path's own order."""
    arguments = scope.arguments()
    each = arguments.add(most)
    stretch = walk if by is walk.order else Walk(by, *whole(by, filter_), backwards=False)
    source = path.source(stretch, arguments, each, _columns(filter_))
    checks = rest(path, filter_, arguments)
    within = walk.within(arguments)
    rows = await scope.connection.fetch(
        f"SELECT position FROM ({source}) AS found WHERE {checks} AND {within} "
        f"ORDER BY {walk.sorted_by()} LIMIT {arguments.add(limit + 1)}",
        *arguments.values,
    )
    return Found(tuple(row["position"] for row in rows[:limit]), more=len(rows) > limit)


async def _search(scope: Scope, path: Path, filter_: Filter, walk: Walk, limit: int) -> Found:
    """Entry by entry along a path, up to a bound, in strides that grow: what is common is found within the first."""
    positions: list[int] = []
    stride, left = min(_FIRST_STRIDE, scope.bound), scope.bound
    while True:
        found, edge = await _stride(scope, path, filter_, walk, limit + 1 - len(positions), stride)
        positions += found
        if len(positions) > limit:
            return Found(tuple(positions[:limit]), more=True)
        if edge is None:
            return Found(tuple(positions), more=False)
        left -= stride
        if left <= 0:
            return Found(tuple(positions), more=True, scanned_until=edge["position"])
        walk = walk.from_(tuple(edge[column] for column in walk.columns))
        stride = min(stride * _GROWTH, left)


_FIRST_STRIDE = 400
_GROWTH = 5


async def _stride(
    scope: Scope, path: Path, filter_: Filter, walk: Walk, limit: int, stride: int
) -> tuple[list[int], Record | None]:
    """What is wanted among the next entries, and the entry at which that ends; None if there are no others. Where the
    path has several values, each has its share of the stride, and what lies beyond the first share used up is not
    known yet."""
    arguments = scope.arguments()
    share = arguments.add(max(stride // len(path.values), 1))
    source = path.source(walk, arguments, share, _columns(filter_))
    checks = rest(path, filter_, arguments)
    rows = await scope.connection.fetch(
        f"""
        WITH walked AS MATERIALIZED ({source})
        SELECT {", ".join(_KEY_COLUMNS)}, ({checks}) IS TRUE AS wanted, number >= {share} AS edge
        FROM walked WHERE ({checks}) OR number >= {share}
        ORDER BY {walk.sorted_by()} LIMIT {arguments.add(limit + len(path.values))}
        """,
        *arguments.values,
    )
    positions: list[int] = []
    for row in rows:
        if row["wanted"]:
            positions.append(row["position"])
        if row["edge"]:
            return positions, row
        if len(positions) == limit:
            break
    return positions, None


def _columns(filter_: Filter) -> tuple[str, ...]:
    """What is carried along: what entries are ordered by and checked for."""
    return (*_KEY_COLUMNS, *filter_.columns, *(() if filter_.inferred is None else ("inferred",)))


async def count(scope: Scope, filter_: Filter, limit: int) -> tuple[int, bool]:
    """How many entries fit, up to a limit, and whether that is all of them."""
    total, after = 0, None
    while total < limit:
        found = await scan(scope, filter_, Order.LEDGER, after=after, before=None, limit=limit - total)
        total += len(found.positions)
        if not found.more:
            return total, True
        if found.scanned_until is None or total >= limit:
            break
        after = found.scanned_until
    return total, False
