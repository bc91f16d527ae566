"""Which texts are searched, on the wire, and which of them the asker may see."""

from dataclasses import replace

import strawberry

from api.auth.roles import Right
from api.context import Context
from api.schema.filters import instant_in, keys_in, pseudonyms_in, values_in, wanted
from api.schema.ids import NodeKind
from api.schema.scalars import GivenDateTime
from domain.errors import Forbidden
from domain.words import ActorType, Kind
from projections.search.filter import Filter
from projections.search.states import State


@strawberry.input(
    description="Which texts are wanted. Several values: any of them; several fields: all of them. Ids are the desk's "
    "or global ones."
)
class SearchFilter:
    operators: list[strawberry.ID] | None = wanted("Written by these operators, or in their name.")
    writer_types: list[ActorType] | None = wanted("What kind of somebody wrote it.")
    customers: list[strawberry.ID] | None = wanted("Written by or to these customers, by the desk's ids or pseudonyms.")
    conversations: list[strawberry.ID] | None = wanted("In these conversations.")
    channels: list[strawberry.ID] | None = wanted("In these channels.")
    communities: list[strawberry.ID] | None = wanted("In these communities.")
    kinds: list[Kind] | None = wanted("About these kinds of item.")
    states: list[State] | None = wanted("Of which this has become.")
    removers: list[strawberry.ID] | None = wanted(
        "Which these operators hid or deleted, or put other words in the place of, and which are still so."
    )
    since: GivenDateTime | None = strawberry.field(default=None, description="Written at this instant or later.")
    until: GivenDateTime | None = strawberry.field(default=None, description="Written before this instant.")
    removed_since: GivenDateTime | None = strawberry.field(
        default=None, description="Became what `states` says at this instant or later."
    )
    removed_until: GivenDateTime | None = strawberry.field(
        default=None, description="Became what `states` says before this instant."
    )


async def permitted(context: Context, given: SearchFilter | None) -> Filter:
    """The filter in the search's words, within what the asker may see: without the right to see removed content, only
    what stands now."""
    asked = await _filter_of(context, given or SearchFilter())
    if context.principal.may(Right.REMOVED_CONTENT):
        return asked
    if asked.states not in (None, (State.CURRENT,)) or asked.removers is not None:
        raise Forbidden("what was removed is for investigators", path=("filter", "states"))
    return replace(asked, states=(State.CURRENT,))


async def _filter_of(context: Context, given: SearchFilter) -> Filter:
    return Filter(
        operators=keys_in("operators", NodeKind.OPERATOR, given.operators),
        writer_types=values_in("writerTypes", given.writer_types),
        customers=await pseudonyms_in(context, keys_in("customers", NodeKind.CUSTOMER, given.customers)),
        conversations=keys_in("conversations", NodeKind.CONVERSATION, given.conversations),
        channels=keys_in("channels", NodeKind.CHANNEL, given.channels),
        communities=keys_in("communities", NodeKind.COMMUNITY, given.communities),
        kinds=values_in("kinds", given.kinds),
        states=values_in("states", given.states),
        removers=keys_in("removers", NodeKind.OPERATOR, given.removers),
        since=instant_in("since", given.since),
        until=instant_in("until", given.until),
        removed_since=instant_in("removedSince", given.removed_since),
        removed_until=instant_in("removedUntil", given.removed_until),
    )
