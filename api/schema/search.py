"""The query `search`: what was written, found by its words."""

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.cursors import CursorSpace
from api.schema.entries import JournalEntry, shown
from api.schema.fields import argument, computed
from api.schema.pages import After, Before, First, Last, PageInfo, Slice, page_of
from api.schema.reading import AtLeast, reached, reading
from api.schema.scalars import BigInt
from api.schema.search_filter import SearchFilter, permitted
from api.schema.sight import entries_seen
from api.schema.tracing import plain
from eventstore.database import Session
from projections.journal import query as journal
from projections.journal.projection import NAME as JOURNAL
from projections.search import query
from projections.search.excerpts import Fragment
from projections.search.filter import Filter
from projections.search.projection import NAME
from projections.search.question import Question, question_of
from projections.search.scan import Check
from projections.search.states import State
from projections.serving import serving

Text = Annotated[
    str,
    argument(
        "Words in Russian, Ukrainian, Romanian or English, in any of their forms, with or without diacritics. All must "
        'be there; "words in quotation marks" one after another; `pref*` stands for any ending.'
    ),
]


@strawberry.type(description="A piece of an excerpt: all pieces one after another are the excerpt.")
class TextFragment:
    text: str = strawberry.field(description="The piece.")
    matched: bool = strawberry.field(description="Whether it is what was looked for.")


@strawberry.type(description="Something written that was found, as it was written.")
class FoundText:
    cursor: str = strawberry.field(description="Its place in this list: give it as `after` or `before`.")
    entry: JournalEntry = strawberry.field(description="The journal entry that says it: who, when, where, to whom.")
    state: State = strawberry.field(description="What has become of it.")
    change: JournalEntry | None = strawberry.field(
        description="The entry by which it became what `state` says: who did that, when and why. Null: it is CURRENT."
    )
    text: str | None = strawberry.field(description="All of it; null where it was forgotten.")
    fragments: list[TextFragment] = strawberry.field(description="The part around what was looked for.")


@strawberry.type(description="A text that was found, and its place in the list.")
class FoundTextEdge:
    cursor: str = strawberry.field(description="Its place in this list.")
    node: FoundText = strawberry.field(description="What was found.")


@strawberry.type(description="A page of what was found, in ledger order.")
class SearchConnection:
    nodes: list[FoundText] = strawberry.field(description="What was found.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    scanned_until: str | None = strawberry.field(
        description="Where little of much fits, a search stops after a bound, and the page may be short: go on from "
        "this cursor. Null: the search was complete."
    )
    position: BigInt = strawberry.field(description="Everything up to this ledger position was searched.")

    @computed("What was found, with cursors.")
    def edges(self) -> list[FoundTextEdge]:
        return [FoundTextEdge(cursor=node.cursor, node=node) for node in self.nodes]


def fragments_of(fragments: tuple[Fragment, ...]) -> list[TextFragment]:
    return [TextFragment(text=one.text, matched=one.matched) for one in fragments]


async def _search(
    info: Info,
    text: Text,
    filter: Annotated[  # noqa: A002 - its name on the wire
        SearchFilter | None, argument("Which texts; unsaid: all, of every state that the asker may see.")
    ] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    at_least: AtLeast = None,
) -> SearchConnection:
    context = info.context
    asked = page_of(first, after, last, before)
    question = await asyncio.to_thread(question_of, text)
    filter_ = await permitted(context, filter)
    if at_least is not None:
        await reached(context, NAME, at_least)
        await reached(context, JOURNAL, at_least)
    space = CursorSpace.of(context.principal.workspace, "search", (text, dataclasses.astuple(filter_)))
    async with reading(context, NAME) as connection:
        page = await _page(context, connection, question, filter_, asked, space)
    await context.trace("search", plain(filter_, text=text), len(page.nodes))
    return page


async def _page(
    context: Context, connection: Session, question: Question, filter_: Filter, asked: Slice, space: CursorSpace
) -> SearchConnection:
    """As far as the journal has got: each text is shown by its entry there."""
    store, workspace = context.services.store, context.principal.workspace
    place = None if asked.cursor is None else int(space.place(asked.cursor, int, argument=asked.argument)[0])
    known = (await serving(connection, workspace, JOURNAL)).checkpoint
    found = await query.texts(
        connection,
        store,
        workspace,
        question,
        filter_,
        after=None if asked.backwards else place,
        before=known + 1 if place is None or not asked.backwards else min(place, known + 1),
        limit=asked.size,
        backwards=asked.backwards,
        check=await _check(context, connection),
    )
    wanted = {hit.position for hit in found.hits} | {hit.changed for hit in found.hits if hit.changed is not None}
    entries = await journal.entries_at(connection, store, workspace, sorted(wanted), removed=_removed(context))
    nodes = [_node(hit, entries, space.cursor(hit.position), context) for hit in found.hits]
    return SearchConnection(
        nodes=nodes,
        page_info=asked.info([node.cursor for node in nodes], more=found.more),
        scanned_until=None if found.scanned_until is None else space.cursor(found.scanned_until),
        position=BigInt(min(found.checkpoint, known)),
    )


def _removed(context: Context) -> bool:
    return context.principal.may(Right.REMOVED_CONTENT)


async def _check(context: Context, connection: Session) -> Check | None:
    """What leaves those texts that are within the asker's sight: a lead's are in the conversations they see."""
    sight = context.principal.sight(Right.SEARCH)
    if sight.everything:
        return None

    async def within(positions: Sequence[int]) -> list[int]:
        store, workspace = context.services.store, context.principal.workspace
        found = await journal.entries_at(connection, store, workspace, positions, words=False)
        covered = {entry.position for entry in await entries_seen(context, found.values())}
        return [position for position in positions if position in covered]

    return within


def _node(hit: query.Hit, entries: dict[int, journal.Entry], cursor: str, context: Context) -> FoundText:
    change = None if hit.changed is None else entries.get(hit.changed)
    return FoundText(
        cursor=cursor,
        entry=shown(entries[hit.position], cursor, context),
        state=hit.state,
        change=None if change is None else shown(change, cursor, context),
        text=hit.words,
        fragments=fragments_of(hit.fragments),
    )


SEARCH: Any = strawberry.field(
    _search,
    description="What customers and the desk wrote, found by its words, in ledger order: for the newest, ask for "
    "`last`. What was edited, hidden, deleted or withdrawn is found too, by investigators.",
    extensions=[Needs(Right.SEARCH)],
)
