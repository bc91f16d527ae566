"""Which texts are seen no more, by what was done to them later: for whoever may not read what was removed."""

from collections.abc import Iterable

from asyncpg import Record

from eventstore.store import Store
from projections.journal.paths import Scope
from projections.search.states import Done, State, became, change_of

_CHANGES = """
    SELECT position, before_position FROM journal_entries
    WHERE workspace_id = $1 AND generation = $2 AND conversation = ANY($3::text[])
        AND before_position = ANY($4::bigint[])
"""


async def removed_among(scope: Scope, store: Store, positions: Iterable[int], rows: Iterable[Record]) -> set[int]:
    """The positions whose words were edited, hidden, deleted or withdrawn, and still are. `rows`: entries of all the
    conversations that the positions are in."""
    conversations = sorted({row["conversation"] for row in rows if row["conversation"] is not None})
    if not conversations:
        return set()
    found = await scope.connection.fetch(
        _CHANGES, scope.workspace, scope.generation, conversations, sorted(set(positions))
    )
    return await _gone(scope, store, {row["position"]: row["before_position"] for row in found})


async def _gone(scope: Scope, store: Store, texts: dict[int, int]) -> set[int]:
    """`texts`: which text each change is about."""
    if not texts:
        return set()
    done: dict[int, list[Done]] = {}
    for position, event in (await store.read_at(scope.workspace, sorted(texts), connection=scope.connection)).items():
        change = change_of(event)
        if change is not None:
            done.setdefault(texts[position], []).append(Done(event.order, position, change))
    return {text for text, changes in done.items() if became(changes).state is not State.CURRENT}
