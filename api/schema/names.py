"""What members of the directory are called, collected over a page and looked up at once."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from api.context import Context
from api.schema.loading import Loader
from api.schema.reading import reading
from domain.instants import Instant
from projections.directory.members import Kind
from projections.directory.projection import NAME
from projections.directory.query import Customer, Operator, Place

Naming: TypeAlias = tuple[Kind, str, Instant | None]
"""Whose name, and at which instant; None: now."""


def names(context: Context) -> "Loader[Naming, str | None]":
    """Names as they were at an instant; None where none was said, or it was forgotten."""

    async def load(keys: list[Naming]) -> Sequence[str | None]:
        async with reading(context, NAME) as connection:
            found = await context.services.directory.names(connection, context.principal.workspace, keys)
        return [found[key] for key in keys]

    return Loader(load)


def operators(context: Context) -> "Loader[str, Operator | None]":
    async def load(keys: list[str]) -> Sequence[Operator | None]:
        async with reading(context, NAME) as connection:
            found = await context.services.directory.operators_of(connection, context.principal.workspace, keys)
        return [found.get(key) for key in keys]

    return Loader(load)


def teams_then(context: Context) -> "Loader[tuple[str, Instant], str | None]":
    """Operators' primary teams at instants."""

    async def load(keys: list[tuple[str, Instant]]) -> Sequence[str | None]:
        async with reading(context, NAME) as connection:
            found = await context.services.directory.teams_at(connection, context.principal.workspace, keys)
        return [found[key] for key in keys]

    return Loader(load)


def places(context: Context) -> "Loader[tuple[Kind, str], Place | None]":
    """Teams, channels and communities."""

    async def load(keys: list[tuple[Kind, str]]) -> Sequence[Place | None]:
        found: dict[tuple[Kind, str], Place] = {}
        async with reading(context, NAME) as connection:
            for kind in {kind for kind, _ in keys}:
                ids = [key for of_kind, key in keys if of_kind is kind]
                of_one = await context.services.directory.places_of(connection, context.principal.workspace, kind, ids)
                found |= {(kind, key): place for key, place in of_one.items()}
        return [found.get(key) for key in keys]

    return Loader(load)


def customers(context: Context) -> "Loader[str, Customer | None]":
    """Customers by pseudonym."""

    async def load(keys: list[str]) -> Sequence[Customer | None]:
        async with reading(context, NAME) as connection:
            found = await context.services.directory.customers_of(connection, context.principal.workspace, keys)
        return [found.get(key) for key in keys]

    return Loader(load)


def externals(context: Context) -> "Loader[str, str | None]":
    """The desk's own ids of customers, by pseudonym; None where they were forgotten."""

    async def load(keys: list[str]) -> Sequence[str | None]:
        ids = [UUID(key) for key in keys]
        found = await context.services.vault.externals(context.principal.workspace, ids)
        return [found[one] for one in ids]

    return Loader(load)
