"""How fields and arguments are described. Nothing in the schema goes without a description; a test sees to it."""

from collections.abc import Callable
from typing import Any

import strawberry


def computed(description: str) -> Callable[[Callable[..., Any]], Any]:
    """Decorates the method that answers a field."""

    def decorate(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(resolver, description=description)

    return decorate


def argument(description: str) -> Any:
    """The description of an argument, within `Annotated[...]`."""
    return strawberry.argument(description=description)
