"""The queries `node` and `nodes`: whatever has a global id, again. What is unknown and what is not for the asker to see
look the same: null."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.conversations import Conversation
from api.schema.directory import Channel, Community, Customer, Member, Operator, Team
from api.schema.entries import shown
from api.schema.fields import argument
from api.schema.ids import NodeKind, parse_global_id
from api.schema.journal import cursor_space
from api.schema.names import customers, operators, places
from api.schema.nodes import Node
from api.schema.reading import reading
from api.schema.sight import conversation_seen, customer_seen, entries_seen
from api.schema.workspace import workspace_of
from domain.errors import InvalidQuestion
from projections.directory.members import Kind
from projections.journal import query
from projections.journal.filter import Filter, Order
from projections.journal.projection import NAME as JOURNAL

_MAX_NODES = 100


async def _node(
    info: Info,
    id: Annotated[strawberry.ID, argument("A global id.")],  # noqa: A002 - Relay's word
) -> Node | None:
    return await _fetch(info.context, id)


async def _nodes(
    info: Info, ids: Annotated[list[strawberry.ID], argument(f"Global ids, at most {_MAX_NODES}.")]
) -> list[Node | None]:
    if len(ids) > _MAX_NODES:
        raise InvalidQuestion(f"`ids` holds at most {_MAX_NODES}, not {len(ids)}", path=("ids",), detail="TOO_MANY")
    return [await _fetch(info.context, one) for one in ids]


NODE: Any = strawberry.field(
    _node,
    description="Something by its global id; null where it is unknown, or not for you to see.",
    extensions=[Needs(*Right)],
)
NODES: Any = strawberry.field(
    _nodes, description="Several things by their global ids, in their order; null likewise.", extensions=[Needs(*Right)]
)


async def _fetch(context: Context, given: str) -> Node | None:
    parsed = parse_global_id(given)
    if parsed is None:
        return None
    kind, key = parsed
    right, fetch = _FETCHERS[kind]
    return await fetch(context, key) if any(context.principal.may(one) for one in right) else None


async def _of_workspace(context: Context, key: str) -> Node | None:
    found = workspace_of(context)
    return found if found.slug == key else None


async def _entry(context: Context, key: str) -> Node | None:
    services, workspace = context.services, context.principal.workspace
    removed = context.principal.may(Right.REMOVED_CONTENT)
    async with reading(context, JOURNAL) as connection:
        found = await query.entries_of(connection, services.store, workspace, [UUID(key)], removed=removed)
    entries = await entries_seen(context, found.values())
    if not entries:
        return None
    entry = entries[0]
    if not context.principal.sees_own_only and entry.operator != context.principal.operator:
        await context.trace("node", {"entry": key}, 1)
    return shown(entry, cursor_space(workspace, Filter(), Order.LEDGER).cursor(entry.position), context)


async def _conversation(context: Context, key: str) -> Node | None:
    from api.schema.conversations import loader

    known = await context.once(loader).load(key) is not None
    return Conversation.of(key) if known and await context.once(conversation_seen).load(key) else None


async def _operator(context: Context, key: str) -> Node | None:
    return Operator.of(key) if await context.once(operators).load(key) is not None else None


async def _customer(context: Context, key: str) -> Node | None:
    known = await context.once(customers).load(key) is not None
    return Customer.of(key) if known and await customer_seen(context, key) else None


def _place(kind: Kind, member: type[Member]) -> "Fetcher":
    async def fetch(context: Context, key: str) -> Node | None:
        return member.of(key) if await context.once(places).load((kind, key)) is not None else None

    return fetch


Fetcher = Callable[[Context, str], Awaitable[Node | None]]
_FETCHERS: Mapping[NodeKind, tuple[tuple[Right, ...], Fetcher]] = {
    NodeKind.WORKSPACE: (tuple(Right), _of_workspace),
    NodeKind.ENTRY: ((Right.JOURNAL, Right.CONVERSATIONS), _entry),
    NodeKind.CONVERSATION: ((Right.CONVERSATIONS,), _conversation),
    NodeKind.OPERATOR: ((Right.DIRECTORY,), _operator),
    NodeKind.CUSTOMER: ((Right.CONVERSATIONS,), _customer),
    NodeKind.TEAM: ((Right.DIRECTORY,), _place(Kind.TEAM, Team)),
    NodeKind.CHANNEL: ((Right.DIRECTORY,), _place(Kind.CHANNEL, Channel)),
    NodeKind.COMMUNITY: ((Right.DIRECTORY,), _place(Kind.COMMUNITY, Community)),
}
