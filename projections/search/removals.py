"""Everything that was ever deleted, hidden or withdrawn, found by what it said, who removed it, who wrote it, and when.

A removal stands for good, whatever was done afterwards: shown again, it was hidden once. As `query.py`, all functions
read in the caller's snapshot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.instants import Instant, moment_of
from domain.words import ActorType, Kind
from eventstore.database import Session
from eventstore.store import Store
from projections.journal.filter import Arguments
from projections.search import excerpts, scan
from projections.search.excerpts import Fragment
from projections.search.projection import NAME
from projections.search.query import END, words_at
from projections.search.question import Question
from projections.search.scan import Found, Scope, Stretch
from projections.search.states import Removal, State
from projections.serving import serving


@dataclass(frozen=True, slots=True)
class Filter:
    """Those that fit in all that is said. Of a tuple any value will do; in an empty one there is none that could."""

    removals: tuple[Removal, ...] | None = None
    removers: tuple[str, ...] | None = None
    """The operators who removed it, or in whose name it was removed."""
    remover_types: tuple[ActorType, ...] | None = None
    operators: tuple[str, ...] | None = None
    """The operators who wrote it."""
    writer_types: tuple[ActorType, ...] | None = None
    customers: tuple[str, ...] | None = None
    """Pseudonyms: who wrote it, or to whom it was written."""
    conversations: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    communities: tuple[str, ...] | None = None
    kinds: tuple[Kind, ...] | None = None
    since: Instant | None = None
    """Removed at this instant or later."""
    until: Instant | None = None
    """Removed before this instant."""

    @property
    def impossible(self) -> bool:
        return any(getattr(self, name) == () for name in _COLUMNS) or self.removals == ()


_COLUMNS = {
    "removers": "change.operator",
    "remover_types": "change.actor_type",
    "operators": "text.operator",
    "writer_types": "text.writer_type",
    "customers": "change.customer",
    "conversations": "change.conversation",
    "channels": "change.channel",
    "communities": "change.community",
    "kinds": "change.kind",
}


@dataclass(frozen=True, slots=True)
class Removed:
    """A removal: `position` is its event's, `text` that of the event which said the words, None where that never
    reached us. `state`: what the text is now. `words` is None where they are unknown or forgotten."""

    position: int
    text: int | None
    removal: Removal
    state: State | None
    words: str | None
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Removals by position, whichever way they were read; the rest as the journal's pages."""

    removed: tuple[Removed, ...]
    more: bool
    scanned_until: int | None
    checkpoint: int


async def removals(
    connection: Session,
    store: Store,
    workspace: UUID,
    question: Question | None,
    filter_: Filter,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 50,
    backwards: bool = False,
) -> Page:
    """A page of removals; `question`: only of texts that have its words. Raises `Unavailable` where the search was
    never begun."""
    state = await serving(connection, workspace, NAME)
    scope = Scope(connection, workspace, state.generation)
    stretch = Stretch(-1 if after is None else after, END if before is None else before, backwards)
    found = await _find(scope, store, question, filter_, stretch, limit)
    positions = found.positions[::-1] if backwards else found.positions
    return Page(
        removed=await _removed(scope, store, question, positions),
        more=found.more,
        scanned_until=found.scanned_until,
        checkpoint=state.checkpoint,
    )


async def _find(
    scope: Scope, store: Store, question: Question | None, filter_: Filter, stretch: Stretch, limit: int
) -> Found:
    terms = [] if question is None else await scan.spelt(scope, question)
    if filter_.impossible or terms is None:
        return Found((), more=False)
    texts = await _few_texts(scope, terms)
    if filter_.since is not None or filter_.until is not None:
        stretch = await scan.within(scope, filter_.since, filter_.until, stretch)

    async def fitting(positions: Sequence[int]) -> list[int]:
        return await _fitting(scope, positions, terms, filter_, stretch)

    async def with_phrases(positions: Sequence[int]) -> list[int]:
        if question is None:
            return list(positions)
        removed = await _removed(scope, store, None, positions)
        held = await excerpts.with_phrases({one.position: one.words for one in removed}, question)
        return [one for one in positions if one in held]

    checks = [fitting, with_phrases] if question is not None and question.phrases else [fitting]
    if texts is not None:
        return await _of_texts(scope, texts, stretch, limit, checks)
    if filter_.removers is not None:
        return await scan.walk(scope, ("search_changes", "operator"), filter_.removers, stretch, limit, checks)
    changes = [str(removal) for removal in filter_.removals or Removal]
    return await scan.walk(scope, ("search_changes", "change"), changes, stretch, limit, checks)


async def _few_texts(scope: Scope, terms: Sequence[tuple[str, ...]]) -> list[int] | None:
    """All texts with the rarest of the words; None where that is many, or none is asked for."""
    if not terms:
        return None
    anywhere = Stretch(-1, END, backwards=False)
    rarest, counted = await scan.rarest_of(scope, terms, anywhere)
    if counted > scan.RARE:
        return None
    positions, _ = await scan.stride(scope, scan.LEMMAS, terms[rarest], anywhere, (scan.RARE + 1) * len(terms[rarest]))
    return positions


async def _of_texts(
    scope: Scope, texts: Sequence[int], stretch: Stretch, limit: int, checks: Sequence[scan.Check]
) -> Found:
    """What was done to few texts, whole and sorted."""
    rows = await scope.connection.fetch(
        f"""
        SELECT position FROM search_changes
        WHERE workspace_id = $1 AND generation = $2 AND text_position = ANY($3::bigint[])
            AND position > $4 AND position < $5
        ORDER BY position {stretch.direction}
        """,
        scope.workspace,
        scope.generation,
        list(texts),
        stretch.after,
        stretch.before,
    )
    found = [row["position"] for row in rows]
    for check in checks:
        found = await check(found) if found else []
    return Found(tuple(found[:limit]), more=len(found) > limit)


async def _fitting(
    scope: Scope, positions: Sequence[int], terms: Sequence[tuple[str, ...]], filter_: Filter, stretch: Stretch
) -> list[int]:
    """Those of the changes that are removals, fit the filter, and were done to texts that have the words."""
    arguments = scope.arguments()
    these = arguments.add(list(positions))
    wanted = [
        *_on_changes(filter_, arguments),
        *(scan.holds(arguments.add(list(keys)), "change.text_position") for keys in terms),
    ]
    rows = await scope.connection.fetch(
        f"""
        SELECT change.position FROM search_changes AS change
        LEFT JOIN search_texts AS text ON text.workspace_id = $1 AND text.generation = $2
            AND text.position = change.text_position
        WHERE change.workspace_id = $1 AND change.generation = $2 AND change.position = ANY({these}::bigint[])
            AND {" AND ".join(wanted)}
        ORDER BY change.position {stretch.direction}
        """,
        *arguments.values,
    )
    return [row["position"] for row in rows]


def _on_changes(filter_: Filter, arguments: Arguments) -> list[str]:
    removals = [str(removal) for removal in filter_.removals or Removal]
    wanted = [f"change.change = ANY({arguments.add(removals)}::text[])"]
    for name, column in _COLUMNS.items():
        values = getattr(filter_, name)
        if values is not None:
            wanted.append(f"{column} = ANY({arguments.add([str(value) for value in values])}::text[])")
    if filter_.since is not None:
        wanted.append(f"change.occurred_at >= {arguments.add(moment_of(filter_.since))}")
    if filter_.until is not None:
        wanted.append(f"change.occurred_at < {arguments.add(moment_of(filter_.until))}")
    return wanted


async def _removed(
    scope: Scope, store: Store, question: Question | None, positions: Sequence[int]
) -> tuple[Removed, ...]:
    if not positions:
        return ()
    rows = {
        row["position"]: row
        for row in await scope.connection.fetch(_ROWS, scope.workspace, scope.generation, list(positions))
    }
    texts = sorted({row["text_position"] for row in rows.values() if row["text_position"] is not None})
    words = await words_at(scope, store, texts)
    fragments = {} if question is None else await excerpts.excerpts_of(words, question)
    found = []
    for position in positions:
        row = rows[position]
        found.append(
            Removed(
                position=position,
                text=row["text_position"],
                removal=Removal(row["change"]),
                state=None if row["state"] is None else State(row["state"]),
                words=words.get(row["text_position"]),
                fragments=fragments.get(row["text_position"], ()),
            )
        )
    return tuple(found)


_ROWS = """
    SELECT change.position, change.text_position, change.change, text.state FROM search_changes AS change
    LEFT JOIN search_texts AS text ON text.workspace_id = $1 AND text.generation = $2
        AND text.position = change.text_position
    WHERE change.workspace_id = $1 AND change.generation = $2 AND change.position = ANY($3::bigint[])
"""
