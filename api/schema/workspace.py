"""The asker's workspace."""

from typing import Any

import strawberry
from strawberry import Private

from api.auth.principal import Principal
from api.auth.roles import Right, Role
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.fields import computed
from api.schema.ids import NodeKind, global_id
from api.schema.nodes import Node
from api.schema.reading import reading
from api.schema.scalars import BigInt
from projections.directory.projection import NAME
from projections.directory.query import Workspace as Configured


@strawberry.type(description="Who asks: what the token says.")
class Viewer:
    role: Role = strawberry.field(description="The token's role.")
    operator: strawberry.ID | None = strawberry.field(description="The operator whose token it is, by the desk's id.")


@strawberry.type(description="A tenant: one company's desk. A token sees its own workspace only.")
class Workspace(Node):
    principal: Private[Principal]
    slug: str = strawberry.field(description="Its short name.")

    @computed("What the desk calls itself; null where it never said.")
    async def name(self, info: Info) -> str | None:
        return (await _configured(info.context)).name

    @computed("The IANA zone in which the desk counts its days; UTC where it never said.")
    async def zone(self, info: Info) -> str:
        return (await _configured(info.context)).zone

    @computed("The last position of the ledger; -1 while it is empty.")
    async def head(self, info: Info) -> BigInt:
        return BigInt(await info.context.services.store.head(self.principal.workspace))

    @computed("Who asks.")
    def viewer(self) -> Viewer:
        operator = self.principal.operator
        return Viewer(role=self.principal.role, operator=None if operator is None else strawberry.ID(operator))


def workspace_of(context: Context) -> Workspace:
    principal = context.principal
    key = strawberry.ID(global_id(NodeKind.WORKSPACE, principal.slug))
    return Workspace(id=key, principal=principal, slug=principal.slug)


async def _configured(context: Context) -> Configured:
    async with reading(context, NAME) as connection:
        return await context.services.directory.workspace(connection, context.principal.workspace)


def _workspace(info: Info) -> Workspace:
    return workspace_of(info.context)


WORKSPACE: Any = strawberry.field(
    _workspace, description="The workspace that the token belongs to.", extensions=[Needs(*Right)]
)
