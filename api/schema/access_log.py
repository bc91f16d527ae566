"""The query `accessLog`: who read what."""

import dataclasses
from typing import Annotated, Any

import strawberry

from api.auth.roles import Right, Role
from api.context import Info
from api.schema.access import Needs
from api.schema.cursors import CursorSpace
from api.schema.directory import Actor
from api.schema.fields import argument, computed
from api.schema.filters import instant_in, keys_in, values_in, wanted
from api.schema.ids import NodeKind
from api.schema.pages import After, Before, First, Last, PageInfo, page_of
from api.schema.scalars import BigInt, DateTime, GivenDateTime
from api.schema.tracing import plain
from domain.event import Commitment, Words
from projections.access import query
from projections.access.query import Filter


@strawberry.input(description="Which reads are wanted. Several values: any of them; several fields: all of them.")
class AccessLogFilter:
    readers: list[strawberry.ID] | None = wanted("With tokens of these operators.")
    tokens: list[strawberry.ID] | None = wanted("With these tokens.")
    operations: list[str] | None = wanted("What was asked: `journal`, `search`, `removedContent`, ...")
    since: GivenDateTime | None = strawberry.field(default=None, description="Read at this instant or later.")
    until: GivenDateTime | None = strawberry.field(default=None, description="Read before this instant.")


@strawberry.type(
    description="Somebody read something: a token, an operation and a filter. What the same token reads by the same "
    "filter within a minute is told once more when the minute is over, if it was more."
)
class AccessLogEntry:
    cursor: str = strawberry.field(description="Its place in this list: give it as `after` or `before`.")
    position: BigInt = strawberry.field(description="Its place in the workspace's access ledger: 0, 1, 2, ...")
    occurred_at: DateTime = strawberry.field(description="When it was read.")
    reader: Actor = strawberry.field(description="Whose token it is; INTEGRATION, with the token's id: nobody's.")
    token: strawberry.ID = strawberry.field(description="The token's id.")
    role: Role = strawberry.field(description="The token's role.")
    operation: str = strawberry.field(description="What was asked.")
    question: str | None = strawberry.field(
        description="With which words and filter, as JSON in the ledger's words. Null where that was forgotten."
    )
    rows: int = strawberry.field(description="How many rows were answered.")
    ip: str | None = strawberry.field(description="The reader's address; null where unknown or forgotten.")
    user_agent: str | None = strawberry.field(description="The reader's program; null likewise.")


@strawberry.type(description="A read, and its place in the list.")
class AccessLogEdge:
    cursor: str = strawberry.field(description="Its place in this list.")
    node: AccessLogEntry = strawberry.field(description="The read.")


@strawberry.type(description="A page of reads, in the access ledger's order.")
class AccessLogConnection:
    nodes: list[AccessLogEntry] = strawberry.field(description="The reads.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    scanned_until: str | None = strawberry.field(
        description="Where little of much fits, a search stops after a bound: go on from this cursor. Null: the search "
        "was complete."
    )

    @computed("The reads with their cursors.")
    def edges(self) -> list[AccessLogEdge]:
        return [AccessLogEdge(cursor=node.cursor, node=node) for node in self.nodes]


async def _access_log(
    info: Info,
    filter: Annotated[AccessLogFilter | None, argument("Which reads; unsaid: all.")] = None,  # noqa: A002 - its name
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> AccessLogConnection:
    context = info.context
    workspace = context.principal.workspace
    asked = page_of(first, after, last, before)
    filter_ = _filter_of(filter or AccessLogFilter())
    space = CursorSpace.of(workspace, "access", dataclasses.astuple(filter_))
    place = None if asked.cursor is None else int(space.place(asked.cursor, int, argument=asked.argument)[0])
    found = await query.reads(
        context.services.store,
        workspace,
        filter_,
        after=None if asked.backwards else place,
        before=place if asked.backwards else None,
        limit=asked.size,
        backwards=asked.backwards,
    )
    nodes = [_shown(read, space.cursor(read.event.position)) for read in found.reads]
    await context.trace("accessLog", plain(filter_), len(nodes))
    return AccessLogConnection(
        nodes=nodes,
        page_info=asked.info([node.cursor for node in nodes], more=found.more),
        scanned_until=None if found.scanned_until is None else space.cursor(found.scanned_until),
    )


def _shown(read: query.Read, cursor: str) -> AccessLogEntry:
    envelope = read.event.envelope
    return AccessLogEntry(
        cursor=cursor,
        position=BigInt(read.event.position),
        occurred_at=DateTime(envelope.occurred_at),
        reader=Actor.of(envelope),
        token=strawberry.ID(envelope.session or ""),
        role=Role(read.role),
        operation=read.operation,
        question=read.asked,
        rows=read.rows,
        ip=_words(envelope.ip),
        user_agent=_words(envelope.user_agent),
    )


def _words(words: Words | None) -> str | None:
    return None if isinstance(words, Commitment) else words


def _filter_of(given: AccessLogFilter) -> Filter:
    return Filter(
        readers=keys_in("readers", NodeKind.OPERATOR, given.readers),
        tokens=values_in("tokens", given.tokens),
        operations=values_in("operations", given.operations),
        since=instant_in("since", given.since),
        until=instant_in("until", given.until),
    )


ACCESS_LOG: Any = strawberry.field(
    _access_log,
    description="Who read others' journals, searched, opened removed content, exported: by which filter, and how many "
    "rows. Reading this leaves a trace as well. For the newest, ask for `last`.",
    extensions=[Needs(Right.ACCESS_LOG)],
)
