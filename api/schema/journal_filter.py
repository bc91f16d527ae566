"""What the journal is asked for, on the wire, and what the asker may see of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import strawberry

from api.auth.roles import Right
from api.context import Context
from api.schema.filters import instant_in, keys_in, pseudonyms_in, values_in, wanted
from api.schema.ids import NodeKind
from api.schema.scalars import GivenDateTime
from domain.errors import Forbidden, InvalidQuestion
from domain.event import DECLARATIONS
from domain.words import ActorType, Kind
from projections.journal.filter import Filter
from projections.journal.flags import Flag
from projections.search.question import question_of


@strawberry.input(
    description="Which entries are wanted. Several values: any of them; several fields: all of them. Ids are the "
    "desk's or global ones."
)
class JournalFilter:
    operators: list[strawberry.ID] | None = wanted("Who acted, or in whose name.")
    teams: list[strawberry.ID] | None = wanted("The queue that the conversation was in, else the operator's team then.")
    types: list[str] | None = wanted("Event types by stored name, such as `conversation.closed`.")
    channels: list[strawberry.ID] | None = wanted("In these channels.")
    communities: list[strawberry.ID] | None = wanted("In these communities.")
    customers: list[strawberry.ID] | None = wanted("With these customers, by the desk's ids or pseudonyms.")
    conversations: list[strawberry.ID] | None = wanted("In these conversations.")
    items: list[strawberry.ID] | None = wanted(
        "About these items, replies, notes, calls or surveys, by the desk's ids; together with `conversations`."
    )
    kinds: list[Kind] | None = wanted("About these kinds of item.")
    actor_types: list[ActorType] | None = wanted("What kind of somebody acted.")
    sessions: list[str] | None = wanted("In these sessions of the actors'.")
    sources: list[str] | None = wanted("That came by these integrations or imports.")
    interfaces: list[str] | None = wanted("Done through these: `api`, a desk's application, a rule's name.")
    flags: list[Flag] | None = wanted("Acts of these sorts, that investigations begin with.")
    text: str | None = strawberry.field(
        default=None,
        description="In which these words are said, as in `search`, whatever has become of them. For investigators.",
    )
    addresses: list[str] | None = wanted("Done from these IP addresses. For investigators.")
    on_shift: bool | None = strawberry.field(
        default=None,
        description="True: only what the `operators` did while they were at work by their presence (online, away, on a "
        "break); false: only what while they were not.",
    )
    inferred: bool | None = strawberry.field(
        default=None, description="True: only where we inferred who acted; false: only where the source said so."
    )
    since: GivenDateTime | None = strawberry.field(default=None, description="Happened at this instant or later.")
    until: GivenDateTime | None = strawberry.field(default=None, description="Happened before this instant.")


async def permitted(context: Context, given: JournalFilter | None, *, right: Right = Right.JOURNAL) -> Filter:
    """The filter in the journal's words, within what a right lets the asker see."""
    sight = context.principal.sight(right)
    asked = await filter_of(context, given)
    if sight.operator is not None:
        if asked.operators not in (None, (sight.operator,)):
            raise Forbidden("a token of role OPERATOR sees no other operator's journal", path=("filter", "operators"))
        return replace(asked, operators=(sight.operator,))
    if sight.teams is not None:
        if not set(asked.teams or ()) <= set(sight.teams):
            raise Forbidden("a token of role LEAD sees no other team's journal", path=("filter", "teams"))
        return replace(asked, teams=asked.teams or tuple(sorted(sight.teams)))
    return asked


async def filter_of(context: Context, given: JournalFilter | None) -> Filter:
    """The filter in the journal's words."""
    if given is None:
        return Filter()
    return Filter(
        operators=keys_in("operators", NodeKind.OPERATOR, given.operators),
        teams=keys_in("teams", NodeKind.TEAM, given.teams),
        types=_types(given.types),
        channels=keys_in("channels", NodeKind.CHANNEL, given.channels),
        communities=keys_in("communities", NodeKind.COMMUNITY, given.communities),
        customers=await pseudonyms_in(context, keys_in("customers", NodeKind.CUSTOMER, given.customers)),
        conversations=keys_in("conversations", NodeKind.CONVERSATION, given.conversations),
        items=_items(given),
        kinds=values_in("kinds", given.kinds),
        actor_types=values_in("actorTypes", given.actor_types),
        sessions=values_in("sessions", given.sessions),
        sources=values_in("sources", given.sources),
        interfaces=values_in("interfaces", given.interfaces),
        flags=values_in("flags", given.flags),
        text=await _words(context, given.text),
        addresses=_addresses(context, given.addresses),
        on_shift=given.on_shift,
        inferred=given.inferred,
        since=instant_in("since", given.since),
        until=instant_in("until", given.until),
    )


def _items(given: JournalFilter) -> tuple[str, ...] | None:
    """Items, which are looked for within their conversations."""
    if given.items is not None and given.conversations is None:
        raise InvalidQuestion(
            "`items` are looked for in `conversations`: say which", path=("filter", "items"), detail="NO_CONVERSATION"
        )
    return values_in("items", given.items)


def _types(types: Sequence[str] | None) -> tuple[str, ...] | None:
    for name in types or ():
        if name not in DECLARATIONS:
            raise InvalidQuestion(
                f"there is no event type {name[:100]!r}; `eventTypes` lists all",
                path=("filter", "types"),
                detail="UNKNOWN_TYPE",
            )
    return values_in("types", types)


async def _words(context: Context, text: str | None) -> str | None:
    """Words to look for, if they are some. In a thread: the first of a language load its dictionary."""
    if text is not None:
        if not context.principal.may(Right.REMOVED_CONTENT):
            raise Forbidden("words of others, removed ones among them, are for investigators", path=("filter", "text"))
        await asyncio.to_thread(question_of, text)
    return text


def _addresses(context: Context, given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Addresses in their usual form."""
    if given is not None and not context.principal.may(Right.REMOVED_CONTENT):
        raise Forbidden("addresses are for investigators", path=("filter", "addresses"))
    try:
        return values_in("addresses", None if given is None else [str(ip_address(one)) for one in given])
    except ValueError as error:
        raise InvalidQuestion(str(error), path=("filter", "addresses"), detail="MALFORMED_ADDRESS") from None
