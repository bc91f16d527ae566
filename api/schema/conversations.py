"""Conversations: how they stand, and everything that was done in them, as it was."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.directory import Channel, Community, Customer, Operator, Team
from api.schema.fields import argument, computed
from api.schema.ids import NodeKind, global_id, key_of
from api.schema.loading import Loader
from api.schema.nodes import Node
from api.schema.pages import After, Before, First, Last
from api.schema.reading import AtLeast, reading
from api.schema.scalars import BigInt, DateTime, GivenDateTime
from api.schema.sight import conversation_seen, conversations_seen
from domain.conversation.sample import Standing
from domain.errors import Forbidden
from domain.instants import parse_instant
from domain.words import Kind, Outcome, Priority, WaitingFor
from projections.conversations.project import NAME
from projections.conversations.query import ConversationState, Status, conversations
from projections.journal.filter import Filter, Order

if TYPE_CHECKING:
    from api.schema.journal import JournalConnection
    from api.schema.replay import ConversationMoment


@strawberry.type(description="How a conversation stands, as the last event known leaves it.")
class ConversationCondition:
    status: Status = strawberry.field(description="Whether it is open, on hold or ended.")
    standing: Standing = strawberry.field(description="Whether and how it counts in figures.")
    outcome: Outcome | None = strawberry.field(description="What the present episode ended in; null while it is open.")
    episode: int = strawberry.field(description="How many times it was opened, the first time included.")
    proactive: bool = strawberry.field(description="Whether the desk began it.")
    opened_at: DateTime = strawberry.field(description="When it was first opened.")
    last_at: DateTime = strawberry.field(description="When something last happened in it.")
    ended_at: DateTime | None = strawberry.field(description="When its present episode ended.")
    waiting_since: DateTime | None = strawberry.field(description="Since when a customer awaits an answer.")
    on_hold: WaitingFor | None = strawberry.field(description="Whom the desk waits for.")
    holder: Operator | None = strawberry.field(description="The operator who holds it; null: its team's queue does.")
    team: Team | None = strawberry.field(description="The queue that it is in.")
    channel: Channel | None = strawberry.field(description="The channel.")
    community: Community | None = strawberry.field(description="The page, group, number or mailbox.")
    customer: Customer | None = strawberry.field(description="Whose conversation it is.")
    kind: Kind | None = strawberry.field(description="What sort of items it is made of.")
    priority: Priority | None = strawberry.field(description="How urgent the desk says it is.")
    topic: str | None = strawberry.field(description="What it is about, by a short name of the desk's.")
    items: int = strawberry.field(description="How many public items the customer sent.")
    replies: int = strawberry.field(description="How many public replies the desk sent.")
    first_response: int | None = strawberry.field(description="Seconds from the first item to the first human reply.")


@strawberry.type(description="Everything with one customer about one thing in one channel.")
class Conversation(Node):
    key: strawberry.ID = strawberry.field(description="The desk's own id.")
    granted: Private[bool]

    @classmethod
    def of(cls, key: str, *, granted: bool = False) -> Self:
        """The conversation that the desk calls `key`. Its state is read when somebody asks for it. `granted`: it is
        known already that the asker sees it."""
        return cls(id=strawberry.ID(global_id(NodeKind.CONVERSATION, key)), key=strawberry.ID(key), granted=granted)

    @computed("How it stands now; null while the projection has not got there, and where it is not for you to see.")
    async def state(self, info: Info) -> ConversationCondition | None:
        if not await self._seen(info):
            return None
        found = await info.context.once(loader).load(self.key)
        return None if found is None else _condition(found)

    @computed("Its full history, every entry as it was, in the order in which things happened.")
    async def history(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Annotated["JournalConnection", strawberry.lazy("api.schema.journal")]:
        from api.schema.journal import page

        if not await self._seen(info):
            raise Forbidden("this conversation is not for you to see")
        filter_ = Filter(conversations=(self.key,))
        return await page(info, filter_, Order.OCCURRENCE, first, after, last, before)

    @computed("It as it stood at an instant, or just after one of its entries; unsaid: now. Null where there is none.")
    async def replay(
        self,
        info: Info,
        at: Annotated[GivenDateTime | None, argument("The instant, what happened at it included.")] = None,
        position: Annotated[BigInt | None, argument("The ledger position of one of its entries.")] = None,
    ) -> Annotated["ConversationMoment", strawberry.lazy("api.schema.replay")] | None:
        from api.schema.replay import moment_of

        if not await self._seen(info):
            return None
        return await moment_of(info.context, self.key, None if at is None else parse_instant(at), position)

    async def _seen(self, info: Info) -> bool:
        return self.granted or await info.context.once(conversation_seen).load(self.key)


async def _conversation(
    info: Info,
    id: Annotated[strawberry.ID, argument("The desk's own id, or the global one.")],  # noqa: A002 - as Relay calls it
    at_least: AtLeast = None,
) -> Conversation | None:
    key = key_of(NodeKind.CONVERSATION, id)
    async with reading(info.context, NAME, at_least) as connection:
        found = await conversations(connection, info.context.principal.workspace, [key])
    return Conversation.of(key) if await conversations_seen(info.context, found.values()) else None


CONVERSATION: Any = strawberry.field(
    _conversation,
    description="A conversation; null where there is none of that id, or it is not for you to see.",
    extensions=[Needs(Right.CONVERSATIONS)],
)


def loader(context: Context) -> "Loader[str, ConversationState | None]":
    async def load(keys: list[str]) -> Sequence[ConversationState | None]:
        async with reading(context, NAME) as connection:
            found = await conversations(connection, context.principal.workspace, keys)
        return [found.get(key) for key in keys]

    return Loader(load)


def _condition(state: ConversationState) -> ConversationCondition:
    return ConversationCondition(
        status=state.status,
        standing=state.standing,
        outcome=state.outcome,
        episode=state.episode,
        proactive=state.proactive,
        opened_at=DateTime(state.opened_at),
        last_at=DateTime(state.last_at),
        ended_at=None if state.ended_at is None else DateTime(state.ended_at),
        waiting_since=None if state.waiting_since is None else DateTime(state.waiting_since),
        on_hold=state.on_hold,
        holder=None if state.holder is None else Operator.of(state.holder),
        team=None if state.team is None else Team.of(state.team),
        channel=None if state.channel is None else Channel.of(state.channel),
        community=None if state.community is None else Community.of(state.community),
        customer=None if state.customer is None else Customer.of(state.customer),
        kind=state.kind,
        priority=state.priority,
        topic=state.topic,
        items=state.items,
        replies=state.replies,
        first_response=state.first_response,
    )
