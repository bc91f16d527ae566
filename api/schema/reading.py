"""How resolvers read: in one snapshot of one workspace, not before the position that was asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Annotated

import strawberry
from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode
from graphql.language import InlineFragmentNode

from api.context import Context, Info
from api.schema.fields import argument
from api.schema.scalars import BigInt, DateTime
from domain.errors import InvalidQuestion, Unavailable
from eventstore.database import Session
from projections.serving import wait_for

_LOOK_SECONDS = 0.1

AtLeast = Annotated[
    BigInt | None,
    argument("Wait until this ledger position can be seen, a few seconds at most: so one reads what one wrote."),
]


@strawberry.type(description="The state of the ledger that an answer holds for.")
class AsOf:
    position: BigInt = strawberry.field(description="Events up to this position are counted, it included; -1: none.")
    recorded_at: DateTime | None = strawberry.field(description="When the event at that position was recorded.")


@asynccontextmanager
async def reading(context: Context, projection: str, at_least: int | None = None) -> AsyncIterator[Session]:
    """A snapshot of the asker's workspace, once `projection` has got as far as `at_least`."""
    services, workspace = context.services, context.principal.workspace
    if at_least is not None:
        await reached(context, projection, at_least)
    seconds = services.settings.statement_seconds
    async with services.database.transaction(workspace, snapshot=True, seconds=seconds) as connection:
        yield connection


async def reached(context: Context, projection: str, position: int) -> None:
    """Wait until `projection` has got as far as `position`. Raises `Unavailable` where that takes too long."""
    services, workspace = context.services, context.principal.workspace
    head = await services.store.head(workspace)
    if position > head:
        raise InvalidQuestion(
            f"`atLeast` is {position}, but the ledger ends at {head}", path=("atLeast",), detail="BEYOND_THE_HEAD"
        )
    deadline = monotonic() + services.settings.at_least_seconds
    while True:
        left = max(deadline - monotonic(), 0)
        try:
            await wait_for(services.database, services.ear, workspace, projection, position, within=left)
        except Unavailable as error:
            if error.detail != "NOT_BEGUN" or left == 0:
                raise
            await asyncio.sleep(_LOOK_SECONDS)  # a workspace as new as that: a worker will find it
        else:
            return


def selects(info: Info, name: str) -> bool:
    """Whether a field of that name is selected anywhere below: what costs more is computed only for those who ask."""
    fragments = info._raw_info.fragments
    seen: set[str] = set()

    def within(selections: SelectionSetNode | None) -> bool:
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode) and (node.name.value == name or within(node.selection_set)):
                return True
            if isinstance(node, InlineFragmentNode) and within(node.selection_set):
                return True
            if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                if within(fragments[node.name.value].selection_set):
                    return True
        return False

    return any(within(node.selection_set) for node in info._raw_info.field_nodes)
