"""A conversation as it stood at an instant, and step by step."""

from typing import Any

import strawberry

from api.auth.roles import Right
from api.context import Context
from api.schema.clocks import EntryClock, clock_of
from api.schema.directory import Actor, Customer, Operator, Team
from api.schema.ids import NodeKind, global_id
from api.schema.reading import reading
from api.schema.scalars import BigInt, DateTime
from domain.errors import InvalidQuestion
from domain.event import Commitment
from domain.instants import Instant
from domain.words import Kind, Priority, WaitingFor
from projections.conversations.query import Status
from projections.journal import replay
from projections.journal.projection import NAME
from projections.search.states import State
from projections.search.write import text_of


@strawberry.type(description="Something said in a conversation, as it stood at the instant.")
class ReplayedText:
    key: strawberry.ID = strawberry.field(description="The item's, reply's or note's id.")
    entry: strawberry.ID = strawberry.field(description="The global id of the journal entry that began it.")
    type: str = strawberry.field(description="The event type of that entry: `item.received`, `reply.sent`, ...")
    actor: Actor = strawberry.field(description="Who said it.")
    occurred_at: DateTime = strawberry.field(description="When.")
    kind: Kind | None = strawberry.field(description="What sort of item it is, where that was said of it.")
    text: str | None = strawberry.field(
        description="The words then. Null where unknown or forgotten; and, for all but investigators, where they "
        "cannot be seen any more."
    )
    edited_at: DateTime | None = strawberry.field(description="When those words took the place of others; null: never.")
    state: State = strawberry.field(description="What had become of it by then.")


@strawberry.type(description="A conversation as it stood at an instant.")
class ConversationMoment:
    at: DateTime = strawberry.field(description="The instant.")
    position: BigInt | None = strawberry.field(description="The last thing that had happened: its ledger position.")
    previous: BigInt | None = strawberry.field(description="The one before: ask for it to go a step back.")
    next: BigInt | None = strawberry.field(description="The next one: ask for it to go a step on.")
    status: Status | None = strawberry.field(description="Whether it was open, on hold or ended; null: not begun.")
    on_hold: WaitingFor | None = strawberry.field(description="Whom the desk waited for.")
    holder: Operator | None = strawberry.field(description="The operator who held it; null: its team's queue did.")
    team: Team | None = strawberry.field(description="The queue that it was in.")
    customer: Customer | None = strawberry.field(description="Whose conversation it was.")
    priority: Priority | None = strawberry.field(description="How urgent the desk said it was.")
    topic: str | None = strawberry.field(description="What it was about, by a short name of the desk's.")
    episode: int | None = strawberry.field(description="How many times it had been opened.")
    texts: list[ReplayedText] = strawberry.field(description="What had been said, in the order in which it was.")
    clocks: list[EntryClock] = strawberry.field(description="The clocks of promises that ran.")


async def moment_of(
    context: Context, conversation: str, at: Instant | None, position: int | None
) -> ConversationMoment | None:
    """The conversation at an instant, or just after an entry; leaves a trace, as its journal does."""
    if at is not None and position is not None:
        raise InvalidQuestion("say `at` or `position`, not both", path=("position",), detail="AT_OR_POSITION")
    context.principal.require(Right.CONVERSATIONS)
    services, workspace = context.services, context.principal.workspace
    async with reading(context, NAME) as connection:
        found = await replay.replay(connection, services.store, workspace, conversation, at=at, position=position)
    if found is None:
        return None
    if not context.principal.sees_own_only:
        await context.trace("replay", {"conversation": conversation}, len(found.texts))
    return _shown(found, everything=context.principal.may(Right.REMOVED_CONTENT))


def _shown(found: replay.Moment, *, everything: bool) -> ConversationMoment:
    return ConversationMoment(
        at=DateTime(found.at),
        position=_position(found.position),
        previous=_position(found.previous),
        next=_position(found.next),
        status=found.status,
        on_hold=found.on_hold,
        holder=None if found.holder is None else Operator.of(found.holder, found.at),
        team=None if found.team is None else Team.of(found.team, found.at),
        customer=None if found.customer is None else Customer.of(found.customer, found.at),
        priority=found.priority,
        topic=found.topic,
        episode=found.episode,
        texts=[_text(text, visible=everything or not text.gone) for text in found.texts],
        clocks=[clock_of(clock, found.at) for clock in found.clocks],
    )


def _text(text: replay.SeenText, *, visible: bool) -> ReplayedText:
    said, words = text.said, text_of(text.words)
    return ReplayedText(
        key=strawberry.ID(text.id),
        entry=strawberry.ID(global_id(NodeKind.ENTRY, str(said.envelope.id))),
        type=said.payload.declaration.name,
        actor=Actor.of(said.envelope),
        occurred_at=DateTime(said.envelope.occurred_at),
        kind=getattr(said.payload, "kind", None),
        text=None if isinstance(words, Commitment) or not visible else words,
        edited_at=None if text.words.position == said.position else DateTime(text.words.envelope.occurred_at),
        state=text.state,
    )


def _position(position: int | None) -> Any:
    return None if position is None else BigInt(position)
