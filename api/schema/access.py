"""Where rights are asked for: at root fields, in one place, which writes them into the field's description as well."""

from inspect import isawaitable
from typing import Any

from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver
from strawberry.types.field import StrawberryField

from api.auth.roles import Right, roles_with
from api.context import Info


class Needs(FieldExtension):
    """The asker's role must have one of `rights`."""

    def __init__(self, *rights: Right) -> None:
        self._rights = rights

    def apply(self, field: StrawberryField) -> None:
        roles = ", ".join(role.upper() for role in roles_with(*self._rights))
        field.description = f"{field.description}\n\nFor tokens of role {roles}."

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: Info, **kwargs: Any) -> Any:
        info.context.principal.require(*self._rights)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: AsyncExtensionResolver, source: Any, info: Info, **kwargs: Any) -> Any:
        info.context.principal.require(*self._rights)
        answer = next_(source, info, **kwargs)
        return await answer if isawaitable(answer) else answer  # a subscription's is a generator
