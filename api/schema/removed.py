"""The query `removedContent`: everything that was ever deleted, hidden or withdrawn."""

import asyncio
import dataclasses
from typing import Annotated, Any

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.cursors import CursorSpace
from api.schema.entries import JournalEntry, shown
from api.schema.fields import argument, computed
from api.schema.filters import instant_in, keys_in, pseudonyms_in, values_in, wanted
from api.schema.ids import NodeKind
from api.schema.pages import After, Before, First, Last, PageInfo, Slice, page_of
from api.schema.reading import AtLeast, reached, reading
from api.schema.scalars import BigInt, GivenDateTime
from api.schema.search import Text, TextFragment, fragments_of
from api.schema.tracing import plain
from domain.words import ActorType, Kind
from eventstore.database import Session
from projections.journal import query as journal
from projections.journal.projection import NAME as JOURNAL
from projections.search import removals
from projections.search.projection import NAME
from projections.search.question import Question, question_of
from projections.search.removals import Filter
from projections.search.states import Removal, State
from projections.serving import serving


@strawberry.input(
    description="Which removals are wanted. Several values: any of them; several fields: all of them. Ids are the "
    "desk's or global ones."
)
class RemovedContentFilter:
    removals: list[Removal] | None = wanted("How it was removed.")
    removers: list[strawberry.ID] | None = wanted("Removed by these operators, or in their name.")
    remover_types: list[ActorType] | None = wanted("What kind of somebody removed it.")
    operators: list[strawberry.ID] | None = wanted("Written by these operators, or in their name.")
    writer_types: list[ActorType] | None = wanted("What kind of somebody wrote it.")
    customers: list[strawberry.ID] | None = wanted("Written by or to these customers, by the desk's ids or pseudonyms.")
    conversations: list[strawberry.ID] | None = wanted("In these conversations.")
    channels: list[strawberry.ID] | None = wanted("In these channels.")
    communities: list[strawberry.ID] | None = wanted("In these communities.")
    kinds: list[Kind] | None = wanted("About these kinds of item.")
    since: GivenDateTime | None = strawberry.field(default=None, description="Removed at this instant or later.")
    until: GivenDateTime | None = strawberry.field(default=None, description="Removed before this instant.")


@strawberry.type(description="Something that was removed once, and what it was.")
class RemovedContent:
    cursor: str = strawberry.field(description="Its place in this list: give it as `after` or `before`.")
    removal: Removal = strawberry.field(description="What was done.")
    entry: JournalEntry = strawberry.field(
        description="The journal entry of the removal: who did it, when, where and why, and what it was in answer to."
    )
    written: JournalEntry | None = strawberry.field(
        description="The journal entry that said it: who wrote it, and when. Null where its beginning never reached us."
    )
    state: State | None = strawberry.field(
        description="What it is now: shown or restored since, it is CURRENT. Null where its beginning never reached us."
    )
    text: str | None = strawberry.field(description="What it said; null where that is unknown or was forgotten.")
    fragments: list[TextFragment] = strawberry.field(
        description="The part around what was looked for; empty where nothing was."
    )


@strawberry.type(description="A removal, and its place in the list.")
class RemovedContentEdge:
    cursor: str = strawberry.field(description="Its place in this list.")
    node: RemovedContent = strawberry.field(description="The removal.")


@strawberry.type(description="A page of removals, in ledger order.")
class RemovedContentConnection:
    nodes: list[RemovedContent] = strawberry.field(description="The removals.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    scanned_until: str | None = strawberry.field(
        description="Where little of much fits, a search stops after a bound, and the page may be short: go on from "
        "this cursor. Null: the search was complete."
    )
    position: BigInt = strawberry.field(description="Everything up to this ledger position was searched.")

    @computed("The removals with their cursors.")
    def edges(self) -> list[RemovedContentEdge]:
        return [RemovedContentEdge(cursor=node.cursor, node=node) for node in self.nodes]


async def _removed_content(
    info: Info,
    text: Annotated[Text | None, argument("Only what had these words, as in `search`; unsaid: all.")] = None,
    filter: Annotated[  # noqa: A002 - its name on the wire
        RemovedContentFilter | None, argument("Which removals; unsaid: all.")
    ] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    at_least: AtLeast = None,
) -> RemovedContentConnection:
    context = info.context
    asked = page_of(first, after, last, before)
    question = None if text is None else await asyncio.to_thread(question_of, text)
    filter_ = await _filter_of(context, filter or RemovedContentFilter())
    if at_least is not None:
        await reached(context, NAME, at_least)
        await reached(context, JOURNAL, at_least)
    space = CursorSpace.of(context.principal.workspace, "removed", (text, dataclasses.astuple(filter_)))
    async with reading(context, NAME) as connection:
        page = await _page(context, connection, question, filter_, asked, space)
    await context.trace("removedContent", plain(filter_, text=text), len(page.nodes))
    return page


async def _page(
    context: Context,
    connection: Session,
    question: Question | None,
    filter_: Filter,
    asked: Slice,
    space: CursorSpace,
) -> RemovedContentConnection:
    """As far as the journal has got: each removal is shown by its entry there."""
    store, workspace = context.services.store, context.principal.workspace
    place = None if asked.cursor is None else int(space.place(asked.cursor, int, argument=asked.argument)[0])
    known = (await serving(connection, workspace, JOURNAL)).checkpoint
    found = await removals.removals(
        connection,
        store,
        workspace,
        question,
        filter_,
        after=None if asked.backwards else place,
        before=known + 1 if place is None or not asked.backwards else min(place, known + 1),
        limit=asked.size,
        backwards=asked.backwards,
    )
    positions = {one.position for one in found.removed} | {one.text for one in found.removed if one.text is not None}
    entries = await journal.entries_at(connection, store, workspace, sorted(positions))
    nodes = [_node(one, entries, space.cursor(one.position), context) for one in found.removed]
    return RemovedContentConnection(
        nodes=nodes,
        page_info=asked.info([node.cursor for node in nodes], more=found.more),
        scanned_until=None if found.scanned_until is None else space.cursor(found.scanned_until),
        position=BigInt(min(found.checkpoint, known)),
    )


def _node(one: removals.Removed, entries: dict[int, journal.Entry], cursor: str, context: Context) -> RemovedContent:
    written = None if one.text is None else entries.get(one.text)
    return RemovedContent(
        cursor=cursor,
        removal=one.removal,
        entry=shown(entries[one.position], cursor, context),
        written=None if written is None else shown(written, cursor, context),
        state=one.state,
        text=one.words,
        fragments=fragments_of(one.fragments),
    )


async def _filter_of(context: Context, given: RemovedContentFilter) -> Filter:
    return Filter(
        removals=values_in("removals", given.removals),
        removers=keys_in("removers", NodeKind.OPERATOR, given.removers),
        remover_types=values_in("removerTypes", given.remover_types),
        operators=keys_in("operators", NodeKind.OPERATOR, given.operators),
        writer_types=values_in("writerTypes", given.writer_types),
        customers=await pseudonyms_in(context, keys_in("customers", NodeKind.CUSTOMER, given.customers)),
        conversations=keys_in("conversations", NodeKind.CONVERSATION, given.conversations),
        channels=keys_in("channels", NodeKind.CHANNEL, given.channels),
        communities=keys_in("communities", NodeKind.COMMUNITY, given.communities),
        kinds=values_in("kinds", given.kinds),
        since=instant_in("since", given.since),
        until=instant_in("until", given.until),
    )


REMOVED_CONTENT: Any = strawberry.field(
    _removed_content,
    description="Every comment, message and reply that was ever deleted, hidden or withdrawn: what it was, who removed "
    "it, when and why, in ledger order. For the newest, ask for `last`.",
    extensions=[Needs(Right.REMOVED_CONTENT)],
)
