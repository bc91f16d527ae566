"""The GraphQL schema, one file per subject; `schema.graphql` beside them is what clients may rely on."""

from api.schema import enums  # isort: skip  # noqa: F401 - first of all: strawberry would make enums of its own of them

from api.schema.root import schema, sdl

__all__ = ["schema", "sdl"]
