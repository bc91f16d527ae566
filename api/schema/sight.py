"""What of conversations, customers and entries the asker sees: one rule for every way that leads to them.

A conversation is seen whole or not at all: by those who see all, by an operator who holds it or acted in it, by a lead
in whose teams it is or something in it was done. An entry is seen with the conversation that it stands in, and by those
who see the journal of whoever acted.
"""

from collections.abc import Iterable, Sequence

from api.auth.roles import Right
from api.context import Context
from api.schema.loading import Loader
from api.schema.names import operators
from api.schema.reading import reading
from projections.conversations.project import NAME as CONVERSATIONS
from projections.conversations.query import ConversationState, conversations
from projections.journal.projection import NAME as JOURNAL
from projections.journal.query import Entry
from projections.journal.seen import seen


async def conversations_seen(context: Context, states: Iterable[ConversationState]) -> set[str]:
    """The ids of those conversations that the asker sees."""
    sight = context.principal.sight(Right.CONVERSATIONS)
    known = {state.id: sight.covers(state.holder, state.team) for state in states}
    found = {key for key, covered in known.items() if covered}
    if len(found) < len(known):
        async with reading(context, JOURNAL) as connection:
            others = known.keys() - found
            found |= await seen(connection, context.principal.workspace, "conversation", others, sight)
    return found


def conversation_seen(context: Context) -> "Loader[str, bool]":
    """Whether the asker sees a conversation, by its id; where there is none, that is as if it were not theirs."""

    async def load(keys: list[str]) -> Sequence[bool]:
        if not context.principal.may(Right.CONVERSATIONS):
            return [False] * len(keys)
        if context.principal.sight(Right.CONVERSATIONS).everything:
            return [True] * len(keys)
        async with reading(context, CONVERSATIONS) as connection:
            states = await conversations(connection, context.principal.workspace, keys)
        found = await conversations_seen(context, states.values())
        return [key in found for key in keys]

    return Loader(load)


async def entries_seen(context: Context, entries: Iterable[Entry]) -> list[Entry]:
    """Those entries that the asker sees."""
    principal, asked = context.principal, list(entries)
    sight = principal.sight(Right.JOURNAL) if principal.may(Right.JOURNAL) else None
    left = [entry for entry in asked if sight is None or not sight.covers(entry.operator, entry.team)]
    if not left:
        return asked
    loader = context.once(conversation_seen)
    within = sorted({entry.conversation for entry in left if entry.conversation is not None})
    answers = dict(zip(within, await loader.load_many(within), strict=True))
    hidden = {entry.position for entry in left if not answers.get(entry.conversation or "", False)}
    return [entry for entry in asked if entry.position not in hidden]


async def customer_seen(context: Context, pseudonym: str) -> bool:
    """Whether the asker sees a customer: those whose conversations they see, or with whom they had to do."""
    sight = context.principal.sight(Right.CONVERSATIONS)
    async with reading(context, JOURNAL) as connection:
        return pseudonym in await seen(connection, context.principal.workspace, "customer", [pseudonym], sight)


async def operators_seen(context: Context, keys: Sequence[str], right: Right) -> set[str]:
    """The operators whose work a right lets the asker see: to a lead, those who are in their teams now."""
    if not context.principal.may(right):
        return set()
    sight = context.principal.sight(right)
    if sight.teams is None:
        return {key for key in keys if sight.covers(key, None)}
    found = await context.once(operators).load_many(list(keys))
    teams = {key: {one.team for one in known.memberships} for key, known in zip(keys, found, strict=True) if known}
    return {key for key, of_one in teams.items() if of_one & set(sight.teams)}
