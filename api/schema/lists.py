"""The lists of the directory: operators, teams, channels, communities."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.cursors import CursorSpace
from api.schema.directory import Channel, Community, Member, Operator, Team
from api.schema.fields import argument
from api.schema.ids import NodeKind, key_of
from api.schema.pages import After, First, PageInfo, page_of
from api.schema.reading import AtLeast, reached, reading
from eventstore.database import Session
from projections.directory.members import Kind
from projections.directory.projection import NAME

M = TypeVar("M", bound=Member)


@strawberry.type(description="A member of the directory, and its place in the list.")
class Edge(Generic[M]):
    cursor: str = strawberry.field(description="Its place in this list: give it as `after`.")
    node: M = strawberry.field(description="The member.")


@strawberry.type(description="A page of the directory, in order of the desk's ids.")
class Connection(Generic[M]):
    nodes: list[M] = strawberry.field(description="The members.")
    edges: list[Edge[M]] = strawberry.field(description="The members with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")


OperatorId = Annotated[strawberry.ID, argument("The desk's own id, or the global one.")]
Fetch = Callable[[Session, str | None, int], Awaitable[tuple[Sequence[str], bool]]]
"""Ids of members after one, at most so many, and whether there are more."""


async def _operators(
    info: Info, first: First = None, after: After = None, at_least: AtLeast = None
) -> Connection[Operator]:
    async def fetch(connection: Session, key: str | None, limit: int) -> tuple[Sequence[str], bool]:
        workspace = info.context.principal.workspace
        page = await info.context.services.directory.operators(connection, workspace, after=key, limit=limit)
        return [operator.id for operator in page.members], page.more

    return await _page(info, Operator, fetch, first, after, at_least)


async def _operator(info: Info, id: OperatorId, at_least: AtLeast = None) -> Operator | None:  # noqa: A002 - Relay's word
    key = key_of(NodeKind.OPERATOR, id)
    async with reading(info.context, NAME, at_least) as connection:
        found = await info.context.services.directory.operator(connection, info.context.principal.workspace, key)
    return None if found is None else Operator.of(key)


def _places_of(kind: Kind, member: type[Member]) -> Callable[..., Awaitable[Any]]:
    async def places(info: Info, first: First = None, after: After = None, at_least: AtLeast = None) -> Any:
        async def fetch(connection: Session, key: str | None, limit: int) -> tuple[Sequence[str], bool]:
            workspace = info.context.principal.workspace
            page = await info.context.services.directory.places(connection, workspace, kind, after=key, limit=limit)
            return [place.id for place in page.members], page.more

        return await _page(info, member, fetch, first, after, at_least)

    return places


async def _page(
    info: Info, member: type[M], fetch: Fetch, first: int | None, after: str | None, at_least: int | None
) -> Connection[M]:
    asked = page_of(first, after, None, None)
    space = CursorSpace.of(info.context.principal.workspace, "directory", member.__name__)
    key = None if asked.cursor is None else str(space.place(asked.cursor, str)[0])
    if at_least is not None:
        await reached(info.context, NAME, at_least)
    async with reading(info.context, NAME) as connection:
        keys, more = await fetch(connection, key, asked.size)
    edges = [Edge(cursor=space.cursor(one), node=member.of(one)) for one in keys]
    return Connection(
        nodes=[edge.node for edge in edges],
        edges=edges,
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=key is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _list(resolver: Any, description: str, graphql_type: Any) -> Any:
    return strawberry.field(
        resolver, description=description, graphql_type=graphql_type, extensions=[Needs(Right.DIRECTORY)]
    )


OPERATORS = _list(
    _operators,
    "The operators: everybody who ever worked at the desk, as far as events name them.",
    Connection[Operator],
)
OPERATOR = _list(_operator, "An operator; null where no event names one of that id.", Operator | None)
TEAMS = _list(_places_of(Kind.TEAM, Team), "The teams.", Connection[Team])
CHANNELS = _list(_places_of(Kind.CHANNEL, Channel), "The channels.", Connection[Channel])
COMMUNITIES = _list(
    _places_of(Kind.COMMUNITY, Community), "The communities: pages, groups, numbers, mailboxes.", Connection[Community]
)
