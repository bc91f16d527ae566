"""Where rights are asked for: at root fields, in one place, which writes them into the field's description as well."""

from collections.abc import Iterator
from inspect import isawaitable
from typing import Any

from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from api.auth.roles import Reach, Right, Role, reach_of
from api.context import Info


class Needs(FieldExtension):
    """The asker's role must have one of `rights`."""

    def __init__(self, *rights: Right) -> None:
        self.rights = rights

    def apply(self, field: StrawberryField) -> None:
        field.description = f"{field.description}\n\nFor tokens of role {told(*self.rights)}."

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: Info, **kwargs: Any) -> Any:
        info.context.principal.require(*self.rights)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: AsyncExtensionResolver, source: Any, info: Info, **kwargs: Any) -> Any:
        info.context.principal.require(*self.rights)
        answer = next_(source, info, **kwargs)
        return await answer if isawaitable(answer) else answer  # a subscription's is a generator


_FAR = {Reach.OWN: " (what is their own)", Reach.TEAM: " (what is of their teams)", Reach.ALL: ""}


def told(*rights: Right) -> str:
    """The roles that have any of `rights`, and how far, in the words of a field's description."""
    far = {role: reach_of(role, *rights) for role in Role}
    return ", ".join(f"{role.upper()}{_FAR[reach]}" for role, reach in far.items() if reach is not None)


def needs() -> Iterator[tuple[str, str, tuple[Right, ...]]]:
    """Every root field: its kind, its name, and the rights of which it asks one. A root field that asks for none is an
    error of ours."""
    from api.schema.root import schema

    for kind in ("Query", "Mutation", "Subscription"):
        for name, field in schema._schema.type_map[kind].fields.items():  # type: ignore[attr-defined]  # an object type
            definition = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
            asked = [each for each in definition.extensions if isinstance(each, Needs)]
            if len(asked) != 1:
                raise TypeError(f"{kind}.{name} does not say whom it is for")
            yield kind.lower(), name, asked[0].rights
