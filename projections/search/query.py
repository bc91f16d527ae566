"""What the search answers. All functions read in the caller's transaction, that of
`Database.transaction(workspace, snapshot=True)`, so that they speak of one state.

Cursors are ledger positions, and stay valid for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Record

from domain.instants import Instant, instant_of
from eventstore.database import Session
from eventstore.store import Store
from projections.search import excerpts, scan
from projections.search.excerpts import Fragment
from projections.search.filter import Filter
from projections.search.projection import NAME
from projections.search.question import Question
from projections.search.scan import Found, Scope, Stretch
from projections.search.states import State
from projections.search.write import text_of
from projections.serving import serving

END = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found: `position` is its event's; `changed`: the event by which it is what `state` says, and
    when and by which operator that was done. `words` is None where they were forgotten."""

    position: int
    state: State
    changed: int | None
    changed_at: Instant | None
    words: str | None
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Hits by position, whichever way they were read; the rest as the journal's pages."""

    hits: tuple[Hit, ...]
    more: bool
    scanned_until: int | None
    checkpoint: int


async def texts(
    connection: Session,
    store: Store,
    workspace: UUID,
    question: Question,
    filter_: Filter,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 50,
    backwards: bool = False,
    check: scan.Check | None = None,
) -> Page:
    """Texts that have all words asked for: the first ones after a cursor and before another, or (`backwards`) the last
    ones. `check` leaves of positions those that may be found. Raises `Unavailable` where the search was never begun."""
    state = await serving(connection, workspace, NAME)
    scope = Scope(connection, workspace, state.generation)
    stretch = Stretch(-1 if after is None else after, END if before is None else before, backwards)
    checks = [*([] if check is None else [check]), *([_phrases(scope, store, question)] if question.phrases else [])]
    found = await scan.find(scope, question, filter_, stretch, limit, checks)
    positions = found.positions[::-1] if backwards else found.positions
    return Page(
        hits=await _hits(scope, store, question, positions),
        more=found.more,
        scanned_until=found.scanned_until,
        checkpoint=state.checkpoint,
    )


async def said(
    connection: Session,
    store: Store,
    workspace: UUID,
    question: Question | None,
    addresses: Sequence[str] | None,
    *,
    after: int,
    before: int,
    limit: int,
    backwards: bool = False,
) -> tuple[Found, int]:
    """The events of a stretch that say all words asked for and were done from any of the addresses, whichever of the
    two is asked; and the position up to which that is known."""
    state = await serving(connection, workspace, NAME)
    scope = Scope(connection, workspace, state.generation)
    stretch = Stretch(after, before, backwards)

    async def from_there(positions: Sequence[int]) -> list[int]:
        return await scan.sent_from(scope, positions, addresses or (), stretch)

    if question is None:
        found = await scan.walk(scope, scan.ADDRESSES, addresses or (), stretch, limit, [])
    else:
        checks = [_phrases(scope, store, question)] if question.phrases else []
        more = [] if addresses is None else [from_there]
        found = await scan.find(scope, question, Filter(), stretch, limit, [*more, *checks])
    return found, state.checkpoint


def _phrases(scope: Scope, store: Store, question: Question) -> scan.Check:
    async def checked(positions: Sequence[int]) -> list[int]:
        held = await excerpts.with_phrases(await words_at(scope, store, positions), question)
        return [one for one in positions if one in held]

    return checked


async def words_at(scope: Scope, store: Store, positions: Sequence[int]) -> dict[int, str | None]:
    """What texts say, as far as it was not forgotten."""
    events = await store.read_at(scope.workspace, positions, connection=scope.connection)
    opened = await store.open(scope.workspace, list(events.values()), connection=scope.connection)
    said = {event.position: text_of(event) for event in opened}
    return {position: words if isinstance(words, str) else None for position, words in said.items()}


async def _hits(scope: Scope, store: Store, question: Question, positions: Sequence[int]) -> tuple[Hit, ...]:
    if not positions:
        return ()
    rows = {row["position"]: row for row in await scope.connection.fetch(
        _ROWS, scope.workspace, scope.generation, list(positions)
    )}  # fmt: skip
    words = await words_at(scope, store, positions)
    fragments = await excerpts.excerpts_of(words, question)
    return tuple(_hit(rows[one], words[one], fragments.get(one, ())) for one in positions if one in rows)


_ROWS = """
    SELECT position, state, changed_position, changed_at FROM search_texts
    WHERE workspace_id = $1 AND generation = $2 AND position = ANY($3::bigint[])
"""


def _hit(row: Record, words: str | None, fragments: tuple[Fragment, ...]) -> Hit:
    return Hit(
        position=row["position"],
        state=State(row["state"]),
        changed=row["changed_position"],
        changed_at=None if row["changed_at"] is None else instant_of(row["changed_at"]),
        words=words,
        fragments=fragments,
    )
