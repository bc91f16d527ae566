"""The query `journal`: every event of the workspace as an entry, page by page."""

import dataclasses
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.cursors import CursorSpace
from api.schema.entries import JournalEntry, shown
from api.schema.fields import argument, computed
from api.schema.journal_filter import JournalFilter, permitted
from api.schema.pages import After, Before, BoundedCount, First, Last, Limit, PageInfo, count_limit, page_of
from api.schema.reading import AtLeast, reached, reading
from api.schema.scalars import BigInt
from api.schema.tracing import trace_entries
from domain.errors import Forbidden
from projections.journal import query
from projections.journal.filter import Filter, Order
from projections.journal.projection import NAME
from projections.search.projection import NAME as SEARCH

AskedFilter = Annotated[JournalFilter | None, argument("Which entries; unsaid: all.")]


@strawberry.type(description="An entry, and its place in the list.")
class JournalEdge:
    cursor: str = strawberry.field(description="Its place in this list: give it as `after` or `before`.")
    node: JournalEntry = strawberry.field(description="The entry.")


@strawberry.type(description="A page of the journal.")
class JournalConnection:
    nodes: list[JournalEntry] = strawberry.field(description="The entries.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    scanned_until: str | None = strawberry.field(
        description="Where little of much fits, a search stops after a bound, and the page may be short: go on from "
        "this cursor. Null: the search was complete."
    )
    position: BigInt = strawberry.field(description="The journal holds everything up to this ledger position.")
    filter: Private[Filter]

    @computed("The entries with their cursors.")
    def edges(self) -> list[JournalEdge]:
        return [JournalEdge(cursor=entry.cursor, node=entry) for entry in self.nodes]

    @computed("How many entries fit, counted up to a limit.")
    async def count(self, info: Info, limit: Limit = 1_000) -> BoundedCount:
        context = info.context
        async with reading(context, NAME) as connection:
            found = await query.count(
                connection, context.services.store, context.principal.workspace, self.filter, limit=count_limit(limit)
            )
        return BoundedCount(value=found.value, exact=found.exact)


def cursor_space(workspace: UUID, filter_: Filter, order: Order) -> CursorSpace:
    """The cursors of one filter and order; the query's and the subscription's are the same."""
    return CursorSpace.of(workspace, "journal", (order, dataclasses.astuple(filter_)))


async def page(
    info: Info,
    filter_: Filter,
    order: Order,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> JournalConnection:
    """A page of what fits in `filter_`, which is within what the asker may see."""
    context = info.context
    services, workspace = context.services, context.principal.workspace
    asked = page_of(first, after, last, before)
    space = cursor_space(workspace, filter_, order)
    place = None if asked.cursor is None else int(space.place(asked.cursor, int, argument=asked.argument)[0])
    async with reading(context, NAME) as connection:
        found = await query.entries(
            connection,
            services.store,
            workspace,
            filter_,
            order=order,
            after=None if asked.backwards else place,
            before=place if asked.backwards else None,
            limit=asked.size,
            backwards=asked.backwards,
            removed=context.principal.may(Right.REMOVED_CONTENT),
        )
    await trace_entries(context, "journal", filter_, len(found.entries))
    return _connection(context, found, filter_, space, asked.backwards, beyond=place is not None)


def _connection(
    context: Context, found: query.Page, filter_: Filter, space: CursorSpace, backwards: bool, *, beyond: bool
) -> JournalConnection:
    """`beyond`: the page was asked for from a cursor on, so there is something on its other side."""
    nodes = [shown(entry, space.cursor(entry.position), context) for entry in found.entries]
    return JournalConnection(
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=beyond if backwards else found.more,
            has_previous_page=found.more if backwards else beyond,
            start_cursor=nodes[0].cursor if nodes else None,
            end_cursor=nodes[-1].cursor if nodes else None,
        ),
        scanned_until=None if found.scanned_until is None else space.cursor(found.scanned_until),
        position=BigInt(found.checkpoint),
        filter=filter_,
    )


async def _journal(
    info: Info,
    filter: AskedFilter = None,  # noqa: A002 - its name on the wire
    order: Annotated[Order, argument("How entries follow each other.")] = Order.LEDGER,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    at_least: AtLeast = None,
) -> JournalConnection:
    filter_ = await permitted(info.context, filter)
    if at_least is not None:
        await reached(info.context, NAME, at_least)
        if filter_.sought:
            await reached(info.context, SEARCH, at_least)
    return await page(info, filter_, order, first, after, last, before)


JOURNAL: Any = strawberry.field(
    _journal,
    description="The journal: what happened, an entry for every event. In ledger order new entries come at the end "
    "only, so cursors never miss one, and `journalStream` goes on from them; in order of occurrence a late entry may "
    "appear behind the cursor. For the newest, ask for `last`. An operator sees what they did themselves, a lead what "
    "was done in their teams. Words that were removed since are for investigators.",
    extensions=[Needs(Right.JOURNAL)],
)


async def journal_of(
    info: Info,
    operator: str,
    filter_: JournalFilter | None,
    order: Order,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> JournalConnection:
    """One operator's journal."""
    given = filter_ or JournalFilter()
    if given.operators is not None:
        raise Forbidden("`operators` is set here", path=("filter", "operators"))
    own = dataclasses.replace(given, operators=[strawberry.ID(operator)])
    return await page(info, await permitted(info.context, own), order, first, after, last, before)
