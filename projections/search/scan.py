"""Finding the positions of texts: along the rarest word asked for, from a cursor on, up to a bound.

Each word is an index range in order of position. The one with fewest texts is walked in strides that grow; what it
gives is checked for the other words and the filter by look-ups of primary keys. So a page costs what its rarest word
costs, and no more than `BOUND` look-ups anywhere; where little of much fits, it is short and says how far it looked.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.instants import Instant, moment_of
from eventstore.database import Session
from projections.journal.filter import Arguments
from projections.search.filter import BEGINNING, END, Filter, on_texts
from projections.search.question import Question, Term

BOUND = 10_000
RARE = 2_000
LEMMAS, ADDRESSES = ("search_lemmas", "lemma"), ("search_addresses", "address")
_FIRST_STRIDE = 200
_GROWTH = 5
_EXPANDED = 200
"""Distinct words that a prefix stands for at most; of more, the first in alphabetical order."""
OPENED = 500
"""Texts opened at most to look for a phrase in them."""

Check = Callable[[Sequence[int]], Awaitable[list[int]]]
"""Which of these positions fit, in the same order."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read: one generation of one workspace's search. `bound`: see above."""

    connection: Session
    workspace: UUID
    generation: int
    bound: int = BOUND

    def arguments(self) -> Arguments:
        return Arguments(self.workspace, self.generation)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions between two others, both excluded, in one direction."""

    after: int
    before: int
    backwards: bool

    def beyond(self, position: int) -> "Stretch":
        return replace(self, before=position) if self.backwards else replace(self, after=position)

    @property
    def direction(self) -> str:
        return "DESC" if self.backwards else "ASC"


@dataclass(frozen=True, slots=True)
class Found:
    """Positions in the direction of reading. `more`, `scanned_until`: as the journal's."""

    positions: tuple[int, ...]
    more: bool
    scanned_until: int | None = None


async def find(
    scope: Scope, question: Question, filter_: Filter, stretch: Stretch, limit: int, phrases: Sequence[Check]
) -> Found:
    """Up to `limit` texts of a stretch that have all words and fit the filter. `phrases`: what is still to be checked
    in their words."""
    terms = await spelt(scope, question)
    if filter_.impossible or terms is None:
        return Found((), more=False)
    if filter_.timed:
        stretch = await within(scope, filter_.since, filter_.until, stretch)
    rarest, _ = await rarest_of(scope, terms, stretch)
    others = [keys for index, keys in enumerate(terms) if index != rarest]

    async def fitting(positions: Sequence[int]) -> list[int]:
        return await _fitting(scope, positions, others, filter_, stretch)

    return await walk(scope, LEMMAS, terms[rarest], stretch, limit, [fitting, *phrases])


async def spelt(scope: Scope, question: Question) -> list[tuple[str, ...]] | None:
    """The keys that each term stands for; None where one stands for nothing that was ever written."""
    terms = [await _keys_of(scope, term) for term in question.terms]
    return terms if all(terms) else None


async def _keys_of(scope: Scope, term: Term) -> tuple[str, ...]:
    """A prefix's keys are read off the index, one look-up each."""
    if term.prefix is None:
        return term.keys
    rows = await scope.connection.fetch(
        _SPELT, scope.workspace, scope.generation, term.prefix, _end_of(term.prefix), _EXPANDED
    )
    return tuple(row["lemma"] for row in rows)


_SPELT = """
    WITH RECURSIVE spelt (lemma) AS (
        (SELECT lemma FROM search_lemmas
         WHERE workspace_id = $1 AND generation = $2 AND lemma >= $3 AND lemma < $4 ORDER BY lemma LIMIT 1)
        UNION ALL
        SELECT (SELECT lemma FROM search_lemmas
                WHERE workspace_id = $1 AND generation = $2 AND lemma > spelt.lemma AND lemma < $4
                ORDER BY lemma LIMIT 1)
        FROM spelt WHERE spelt.lemma IS NOT NULL
    )
    SELECT lemma FROM spelt WHERE lemma IS NOT NULL LIMIT $5
"""


def _end_of(prefix: str) -> str:
    """Behind everything that begins with it, by bytes."""
    return prefix + chr(0x10FFFF)


async def within(scope: Scope, since: Instant | None, until: Instant | None, stretch: Stretch) -> Stretch:
    """The part of a stretch in which texts and changes of a time range lie."""
    begin = BEGINNING if since is None else moment_of(since).replace(minute=0, second=0, microsecond=0)
    end = END if until is None else moment_of(until)
    row = await scope.connection.fetchrow(_HOURS, scope.workspace, scope.generation, begin, end)
    if row is None or row["first"] is None:
        return replace(stretch, before=stretch.after)
    return replace(stretch, after=max(stretch.after, row["first"] - 1), before=min(stretch.before, row["last"] + 1))


_HOURS = """
    SELECT min(first_position) AS first, max(last_position) AS last FROM search_hours
    WHERE workspace_id = $1 AND generation = $2 AND hour >= $3 AND hour < $4
"""


async def rarest_of(scope: Scope, terms: Sequence[tuple[str, ...]], stretch: Stretch) -> tuple[int, int]:
    """Which term has the fewest texts, and how many; of those that have many, the first, and more than `RARE`."""
    best, fewest = 0, RARE + 1
    for index, keys in enumerate(terms):
        counted = await scope.connection.fetchval(
            _COUNT, scope.workspace, scope.generation, list(keys), stretch.after, stretch.before, fewest
        )
        if counted < fewest:
            best, fewest = index, counted
    return best, fewest


_COUNT = """
    SELECT count(*) FROM (
        SELECT 1 FROM search_lemmas
        WHERE workspace_id = $1 AND generation = $2 AND lemma = ANY($3::text[]) AND position > $4 AND position < $5
        LIMIT $6) AS counted
"""


async def walk(
    scope: Scope, index: tuple[str, str], values: Sequence[str], stretch: Stretch, limit: int, checks: Sequence[Check]
) -> Found:
    """Along an index from the beginning of the stretch, each row put to one check after another, up to the bound."""
    found: list[int] = []
    size, left = min(_FIRST_STRIDE, scope.bound), scope.bound
    while True:
        fitting, edge = await stride(scope, index, values, stretch, size)
        full = False
        for number, check in enumerate(checks):
            if number > 0 and len(fitting) > OPENED:
                fitting, full = fitting[:OPENED], True
                edge = fitting[-1]
            fitting = await check(fitting) if fitting else []
        found += fitting
        if len(found) > limit:
            return Found(tuple(found[:limit]), more=True)
        if edge is None:
            return Found(tuple(found), more=False)
        left -= size
        if left <= 0 or full:
            return Found(tuple(found), more=True, scanned_until=edge)
        stretch = stretch.beyond(edge)
        size = min(size * _GROWTH, left)


async def stride(
    scope: Scope, index: tuple[str, str], values: Sequence[str], stretch: Stretch, size: int
) -> tuple[list[int], int | None]:
    """The next rows that have any of the values in the index's column (of a table), and up to where that is all of
    them; None if it is to the end."""
    table, column = index
    share = max(size // len(values), 1)
    rows = await scope.connection.fetch(
        f"""
        SELECT wanted.value, found.position FROM unnest($3::text[]) AS wanted (value) CROSS JOIN LATERAL (
            SELECT position FROM {table}
            WHERE workspace_id = $1 AND generation = $2 AND {column} = wanted.value
                AND position > $4 AND position < $5
            ORDER BY position {stretch.direction} LIMIT $6) AS found
        """,
        scope.workspace,
        scope.generation,
        list(values),
        stretch.after,
        stretch.before,
        share,
    )
    by_value: dict[str, list[int]] = {}
    for value, position in rows:
        by_value.setdefault(value, []).append(position)
    nearest = max if stretch.backwards else min
    edges = [positions[-1] for positions in by_value.values() if len(positions) == share]
    edge = nearest(edges) if edges else None
    positions = {position for some in by_value.values() for position in some}
    if edge is not None:
        positions = {one for one in positions if (one >= edge if stretch.backwards else one <= edge)}
    return sorted(positions, reverse=stretch.backwards), edge


async def sent_from(scope: Scope, positions: Sequence[int], addresses: Sequence[str], stretch: Stretch) -> list[int]:
    """Those of the events that were done from any of the addresses."""
    rows = await scope.connection.fetch(
        f"""
        SELECT DISTINCT position FROM search_addresses
        WHERE workspace_id = $1 AND generation = $2 AND address = ANY($3::text[]) AND position = ANY($4::bigint[])
        ORDER BY position {stretch.direction}
        """,
        scope.workspace,
        scope.generation,
        list(addresses),
        list(positions),
    )
    return [row["position"] for row in rows]


def holds(keys: str, position: str) -> str:
    """That the text at a position has a word, as a condition."""
    return f"""EXISTS (
        SELECT 1 FROM search_lemmas AS other WHERE other.workspace_id = $1 AND other.generation = $2
            AND other.lemma = ANY({keys}::text[]) AND other.position = {position})"""


async def _fitting(
    scope: Scope, positions: Sequence[int], others: Sequence[Sequence[str]], filter_: Filter, stretch: Stretch
) -> list[int]:
    """Those of the texts that have the other words and fit the filter."""
    arguments = scope.arguments()
    these = arguments.add(list(positions))
    wanted = [on_texts(filter_, arguments), *(holds(arguments.add(list(keys)), "text.position") for keys in others)]
    rows = await scope.connection.fetch(
        f"""
        SELECT text.position FROM search_texts AS text
        WHERE text.workspace_id = $1 AND text.generation = $2 AND text.position = ANY({these}::bigint[])
            AND {" AND ".join(wanted)}
        ORDER BY text.position {stretch.direction}
        """,
        *arguments.values,
    )
    return [row["position"] for row in rows]
