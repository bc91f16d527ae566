"""What the journal is asked for, on the wire, and what the asker may see of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import strawberry

from api.auth.roles import Right
from api.context import Context
from api.schema.ids import NodeKind, key_of
from api.schema.scalars import GivenDateTime
from domain.errors import Forbidden, InvalidInput, InvalidQuestion
from domain.event import DECLARATIONS
from domain.instants import Instant, parse_instant
from domain.words import ActorType, Kind
from projections.journal.filter import Filter

_MAX_VALUES = 250
_NOBODY = str(UUID(int=0))
"""A pseudonym that nobody has, in place of a customer who is not known."""


def _wanted(description: str) -> Any:
    return strawberry.field(default=None, description=f"{description} 1 to {_MAX_VALUES} values.")


@strawberry.input(
    description="Which entries are wanted. Several values: any of them; several fields: all of them. Ids are the "
    "desk's or global ones."
)
class JournalFilter:
    operators: list[strawberry.ID] | None = _wanted("Who acted, or in whose name.")
    teams: list[strawberry.ID] | None = _wanted(
        "The queue that the conversation was in, else the operator's team then."
    )
    types: list[str] | None = _wanted("Event types by stored name, such as `conversation.closed`.")
    channels: list[strawberry.ID] | None = _wanted("In these channels.")
    communities: list[strawberry.ID] | None = _wanted("In these communities.")
    customers: list[strawberry.ID] | None = _wanted("With these customers, by the desk's ids or pseudonyms.")
    conversations: list[strawberry.ID] | None = _wanted("In these conversations.")
    kinds: list[Kind] | None = _wanted("About these kinds of item.")
    actor_types: list[ActorType] | None = _wanted("What kind of somebody acted.")
    inferred: bool | None = strawberry.field(
        default=None, description="True: only where we inferred who acted; false: only where the source said so."
    )
    since: GivenDateTime | None = strawberry.field(default=None, description="Happened at this instant or later.")
    until: GivenDateTime | None = strawberry.field(default=None, description="Happened before this instant.")


async def permitted(context: Context, given: JournalFilter | None, *, everybody: Right = Right.JOURNAL) -> Filter:
    """The filter in the journal's words, within what the asker may see: what they did themselves, unless they have the
    right to see `everybody`'s."""
    own = context.principal.scope(everybody, Right.OWN_JOURNAL)
    wanted = await filter_of(context, given)
    if own is None:
        return wanted
    if wanted.operators is not None and wanted.operators != (own,):
        raise Forbidden("a token of role OPERATOR sees no other operator's journal", path=("filter", "operators"))
    return replace(wanted, operators=(own,))


async def filter_of(context: Context, given: JournalFilter | None) -> Filter:
    """The filter in the journal's words."""
    if given is None:
        return Filter()
    return Filter(
        operators=_keys("operators", NodeKind.OPERATOR, given.operators),
        teams=_keys("teams", NodeKind.TEAM, given.teams),
        types=_types(given.types),
        channels=_keys("channels", NodeKind.CHANNEL, given.channels),
        communities=_keys("communities", NodeKind.COMMUNITY, given.communities),
        customers=await _pseudonyms(context, _keys("customers", NodeKind.CUSTOMER, given.customers)),
        conversations=_keys("conversations", NodeKind.CONVERSATION, given.conversations),
        kinds=_values("kinds", given.kinds),
        actor_types=_values("actorTypes", given.actor_types),
        inferred=given.inferred,
        since=_instant("since", given.since),
        until=_instant("until", given.until),
    )


def _values(name: str, values: Sequence[Any] | None) -> tuple[Any, ...] | None:
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


def _keys(name: str, kind: NodeKind, ids: Sequence[str] | None) -> tuple[str, ...] | None:
    return _values(name, None if ids is None else [key_of(kind, given) for given in ids])


def _types(types: Sequence[str] | None) -> tuple[str, ...] | None:
    for name in types or ():
        if name not in DECLARATIONS:
            raise InvalidQuestion(
                f"there is no event type {name[:100]!r}; `eventTypes` lists all",
                path=("filter", "types"),
                detail="UNKNOWN_TYPE",
            )
    return _values("types", types)


async def _pseudonyms(context: Context, ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Customers as the ledger knows them."""
    if ids is None:
        return None
    found = [await context.services.vault.find(context.principal.workspace, one) for one in ids]
    return tuple(sorted(_NOBODY if one is None else str(one) for one in found))


def _instant(name: str, text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except InvalidInput as error:
        raise InvalidQuestion(error.message, path=("filter", name), detail="MALFORMED_INSTANT") from None
