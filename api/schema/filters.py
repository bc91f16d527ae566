"""What all filters share: lists of values and ids, and instants, read and checked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry

from api.context import Context
from api.schema.ids import NodeKind, key_of
from domain.errors import InvalidInput, InvalidQuestion
from domain.instants import Instant, parse_instant

_MAX_VALUES = 250
_NOBODY = str(UUID(int=0))
"""A pseudonym that nobody has, in place of a customer who is not known."""


def wanted(description: str) -> Any:
    """A field of a filter that holds a list of values."""
    return strawberry.field(default=None, description=f"{description} 1 to {_MAX_VALUES} values.")


def values_in(name: str, values: Sequence[Any] | None) -> tuple[Any, ...] | None:
    """The distinct values, sorted, so that the same wish is the same filter."""
    if values is None:
        return None
    if not 1 <= len(values) <= _MAX_VALUES:
        raise InvalidQuestion(
            f"`{name}` holds 1 to {_MAX_VALUES} values, not {len(values)}; leave it out to want all",
            path=("filter", name),
            detail="TOO_MANY" if values else "EMPTY_LIST",
        )
    return tuple(sorted(set(values)))


def keys_in(name: str, kind: NodeKind, ids: Sequence[str] | None) -> tuple[str, ...] | None:
    return values_in(name, None if ids is None else [key_of(kind, given) for given in ids])


async def pseudonyms_in(context: Context, ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Customers as the ledger knows them."""
    if ids is None:
        return None
    found = [await context.services.vault.find(context.principal.workspace, one) for one in ids]
    return tuple(sorted(_NOBODY if one is None else str(one) for one in found))


def instant_in(name: str, text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except InvalidInput as error:
        raise InvalidQuestion(error.message, path=("filter", name), detail="MALFORMED_INSTANT") from None
