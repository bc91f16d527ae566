"""Finding the positions of texts: along the rarest word asked for, from a cursor on, up to a bound.

Each word is an index range in order of position. The one with fewest texts is walked in strides that grow; what it
gives is checked for the other words and the filter by look-ups of primary keys. So a page costs what its rarest word
costs, and no more than `BOUND` look-ups anywhere; where little of much fits, it is short and says how far it looked.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.instants import moment_of
from eventstore.database import Session
from projections.journal.filter import Arguments
from projections.search.filter import BEGINNING, END, Filter, on_texts
from projections.search.question import Question, Term

BOUND = 10_000
RARE = 2_000
_FIRST_STRIDE = 200
_GROWTH = 5
_EXPANDED = 200
"""Distinct words that a prefix stands for at most; of more, the first in alphabetical order."""
_PHRASES = 500
"""Texts opened at most to look for a phrase in them."""

Checked = Callable[[Sequence[int]], Awaitable[list[int]]]
"""Which of these texts, whose words are all there, hold the phrases as well."""


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
    scope: Scope, question: Question, filter_: Filter, stretch: Stretch, limit: int, checked: Checked | None
) -> Found:
    """Up to `limit` texts of a stretch that have all words and fit the filter."""
    if filter_.impossible:
        return Found((), more=False)
    terms = [await _spelt(scope, term) for term in question.terms]
    if not all(terms):
        return Found((), more=False)
    if filter_.timed:
        stretch = await _within(scope, filter_, stretch)
    rarest = await _rarest(scope, terms, stretch)
    others = [keys for index, keys in enumerate(terms) if index != rarest]
    return await _walk(scope, terms[rarest], others, filter_, stretch, limit, checked)


async def _spelt(scope: Scope, term: Term) -> tuple[str, ...]:
    """The keys that a term stands for: a prefix's are read off the index, one look-up each."""
    if term.prefix is None:
        return term.keys
    rows = await scope.connection.fetch(_SPELT, scope.workspace, scope.generation, term.prefix, _end_of(term.prefix),
                                        _EXPANDED)  # fmt: skip
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


async def _within(scope: Scope, filter_: Filter, stretch: Stretch) -> Stretch:
    """The part of a stretch in which texts of the time range lie."""
    since = BEGINNING if filter_.since is None else moment_of(filter_.since)
    until = END if filter_.until is None else moment_of(filter_.until)
    since = since.replace(minute=0, second=0, microsecond=0)
    row = await scope.connection.fetchrow(_HOURS, scope.workspace, scope.generation, since, until)
    if row is None or row["first"] is None:
        return replace(stretch, before=stretch.after)
    return replace(stretch, after=max(stretch.after, row["first"] - 1), before=min(stretch.before, row["last"] + 1))


_HOURS = """
    SELECT min(first_position) AS first, max(last_position) AS last FROM search_hours
    WHERE workspace_id = $1 AND generation = $2 AND hour >= $3 AND hour < $4
"""


async def _rarest(scope: Scope, terms: Sequence[tuple[str, ...]], stretch: Stretch) -> int:
    """The term with the fewest texts; of those that have many, the one that a few texts reach furthest by."""
    if len(terms) == 1:
        return 0
    best, fewest = 0, RARE + 1
    for index, keys in enumerate(terms):
        counted = await scope.connection.fetchval(
            _COUNT, scope.workspace, scope.generation, list(keys), stretch.after, stretch.before, fewest
        )
        if counted < fewest:
            best, fewest = index, counted
    return best


_COUNT = """
    SELECT count(*) FROM (
        SELECT 1 FROM search_lemmas
        WHERE workspace_id = $1 AND generation = $2 AND lemma = ANY($3::text[]) AND position > $4 AND position < $5
        LIMIT $6) AS counted
"""


async def _walk(
    scope: Scope,
    keys: Sequence[str],
    others: Sequence[Sequence[str]],
    filter_: Filter,
    stretch: Stretch,
    limit: int,
    checked: Checked | None,
) -> Found:
    found: list[int] = []
    stride, left = min(_FIRST_STRIDE, scope.bound), scope.bound
    while True:
        some, edge = await _stride(scope, keys, stretch, stride)
        fitting = await _fitting(scope, some, others, filter_, stretch)
        if checked is not None and len(fitting) > _PHRASES:
            fitting, edge = fitting[:_PHRASES], fitting[_PHRASES - 1]
        found += fitting if checked is None else await checked(fitting)
        if len(found) > limit:
            return Found(tuple(found[:limit]), more=True)
        if edge is None:
            return Found(tuple(found), more=False)
        left -= stride
        if left <= 0 or (checked is not None and len(fitting) == _PHRASES):
            return Found(tuple(found), more=True, scanned_until=edge)
        stretch = stretch.beyond(edge)
        stride = min(stride * _GROWTH, left)


async def _stride(scope: Scope, keys: Sequence[str], stretch: Stretch, stride: int) -> tuple[list[int], int | None]:
    """The next texts that have any of the keys, and up to where that is all of them; None if it is to the end."""
    share = max(stride // len(keys), 1)
    rows = await scope.connection.fetch(
        f"""
        SELECT spelt.lemma, found.position FROM unnest($3::text[]) AS spelt (lemma) CROSS JOIN LATERAL (
            SELECT position FROM search_lemmas
            WHERE workspace_id = $1 AND generation = $2 AND lemma = spelt.lemma AND position > $4 AND position < $5
            ORDER BY position {stretch.direction} LIMIT $6) AS found
        """,
        scope.workspace,
        scope.generation,
        list(keys),
        stretch.after,
        stretch.before,
        share,
    )
    by_key: dict[str, list[int]] = {}
    for lemma, position in rows:
        by_key.setdefault(lemma, []).append(position)
    nearest = max if stretch.backwards else min
    edges = [positions[-1] for positions in by_key.values() if len(positions) == share]
    edge = nearest(edges) if edges else None
    positions = {position for some in by_key.values() for position in some}
    if edge is not None:
        positions = {one for one in positions if (one >= edge if stretch.backwards else one <= edge)}
    return sorted(positions, reverse=stretch.backwards), edge


def _holds(keys: str) -> str:
    """That a text has a word."""
    return f"""EXISTS (
        SELECT 1 FROM search_lemmas AS other WHERE other.workspace_id = $1 AND other.generation = $2
            AND other.lemma = ANY({keys}::text[]) AND other.position = text.position)"""


async def _fitting(
    scope: Scope, positions: Sequence[int], others: Sequence[Sequence[str]], filter_: Filter, stretch: Stretch
) -> list[int]:
    """Those of the texts that have the other words and fit the filter."""
    if not positions:
        return []
    arguments = scope.arguments()
    these = arguments.add(list(positions))
    wanted = [on_texts(filter_, arguments), *(_holds(arguments.add(list(keys))) for keys in others)]
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
