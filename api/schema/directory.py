"""Who and what there is: operators, teams, channels, communities, customers. Objects that others point to are made of
an id alone; the rest is looked up when asked for, a page at once."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Info
from api.schema import names
from api.schema.fields import argument, computed
from api.schema.ids import NodeKind, global_id
from api.schema.nodes import Node
from api.schema.pages import After, Before, First, Last
from api.schema.scalars import BigInt, DateTime
from api.schema.sight import operators_seen
from domain.envelope import Envelope
from domain.instants import Instant
from domain.words import ActorType, Confidence
from projections.directory.members import Kind
from projections.directory.query import NameSince, Place
from projections.directory.query import Operator as OperatorRecord
from projections.journal.filter import Filter, Order

if TYPE_CHECKING:
    from api.schema.journal import JournalConnection
    from api.schema.journal_filter import JournalFilter


@strawberry.type(description="A name, and since when it holds.")
class NameOverTime:
    name: str | None = strawberry.field(description="Null where it was forgotten.")
    since: DateTime = strawberry.field(description="Since when.")


@strawberry.interface(description="A member of the directory.")
class Member(Node):
    key: strawberry.ID = strawberry.field(description="The desk's own id.")
    at: Private[Instant | None]
    _node: ClassVar[NodeKind]
    _kind: ClassVar[Kind]

    @classmethod
    def of(cls, key: str, at: Instant | None = None) -> Self:
        """The member that the desk calls `key`, called by the name it had at an instant (None: has now)."""
        return cls(id=strawberry.ID(global_id(cls._node, key)), key=strawberry.ID(key), at=at)

    @computed(
        "What it is called; within a journal entry, what it was called then. Null where no name was said, "
        "or a person's was forgotten."
    )
    async def name(self, info: Info) -> str | None:
        return await info.context.once(names.names).load((self._kind, self.key, self.at))


async def _place(member: Member, info: Info) -> Place | None:
    return await info.context.once(names.places).load((member._kind, member.key))


async def _names_of(member: Member, info: Info) -> list[NameOverTime]:
    place = await _place(member, info)
    return [_over_time(name) for name in place.names] if place is not None else []


def _over_time(name: NameSince) -> NameOverTime:
    return NameOverTime(name=name.name, since=DateTime(name.since))


@strawberry.type(description="A team, which has a queue.")
class Team(Member):
    _node = NodeKind.TEAM
    _kind = Kind.TEAM

    @computed("All names it ever had, oldest first.")
    async def names(self, info: Info) -> list[NameOverTime]:
        return await _names_of(self, info)


@strawberry.type(description="A channel: VK, Telegram, mail, phone, ...")
class Channel(Member):
    _node = NodeKind.CHANNEL
    _kind = Kind.CHANNEL

    @computed("All names it ever had, oldest first.")
    async def names(self, info: Info) -> list[NameOverTime]:
        return await _names_of(self, info)


@strawberry.type(description="A community: one page, group, number or mailbox in a channel.")
class Community(Member):
    _node = NodeKind.COMMUNITY
    _kind = Kind.COMMUNITY

    @computed("All names it ever had, oldest first.")
    async def names(self, info: Info) -> list[NameOverTime]:
        return await _names_of(self, info)

    @computed("The channel that it is in, where that was said.")
    async def channel(self, info: Info) -> Channel | None:
        place = await _place(self, info)
        return None if place is None or place.channel is None else Channel.of(place.channel)


@strawberry.type(description="A customer. Once erased, only the pseudonym is left.")
class Customer(Member):
    _node = NodeKind.CUSTOMER
    _kind = Kind.CUSTOMER

    @computed("The desk's own id; null once the customer was erased, and for whom contacts are masked.")
    async def external_id(self, info: Info) -> strawberry.ID | None:
        if not info.context.principal.may(Right.CONTACTS):
            return None
        found = await info.context.once(names.externals).load(self.key)
        return None if found is None else strawberry.ID(found)

    @computed("Everything with them, over all channels, in the order in which it happened. For those who may read it.")
    async def history(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Annotated["JournalConnection", strawberry.lazy("api.schema.journal")]:
        from api.schema.journal import page

        sight = info.context.principal.sight(Right.JOURNAL)
        operators = None if sight.operator is None else (sight.operator,)
        filter_ = Filter(customers=(self.key,), operators=operators, teams=sight.teams)
        return await page(info, filter_, Order.OCCURRENCE, first, after, last, before)

    @computed("Whether the customer is kept from writing, in some community or in all.")
    async def blocked(self, info: Info) -> bool:
        found = await info.context.once(names.customers).load(self.key)
        return found is not None and found.blocked


@strawberry.type(description="An operator's belonging to a team.")
class TeamMembership:
    team: Team = strawberry.field(description="The team.")
    primary: bool = strawberry.field(description="Whether it is the team whose figures the operator counts in.")
    since: DateTime = strawberry.field(description="Since when.")


@strawberry.type(description="Somebody who works at the desk.")
class Operator(Member):
    _node = NodeKind.OPERATOR
    _kind = Kind.OPERATOR

    @computed("The primary team now.")
    async def team(self, info: Info) -> Team | None:
        found = await self._record(info)
        return None if found is None or found.team is None else Team.of(found.team)

    @computed("All teams now, in the order in which they were joined.")
    async def teams(self, info: Info) -> list[TeamMembership]:
        found = await self._record(info)
        return [
            TeamMembership(team=Team.of(one.team), primary=one.primary, since=DateTime(one.since))
            for one in (found.memberships if found is not None else ())
        ]

    @computed("When they joined the desk, where that was said.")
    async def joined_at(self, info: Info) -> DateTime | None:
        found = await self._record(info)
        return None if found is None or found.joined_at is None else DateTime(found.joined_at)

    @computed("When they left the desk, if they have.")
    async def left_at(self, info: Info) -> DateTime | None:
        found = await self._record(info)
        return None if found is None or found.left_at is None else DateTime(found.left_at)

    @computed("When they last did something; null where their figures are not for you to see.")
    async def last_acted_at(self, info: Info) -> DateTime | None:
        found = await self._record(info) if await self._counted(info) else None
        return None if found is None or found.seen.last_act_at is None else DateTime(found.seen.last_act_at)

    @computed("How many things they did, ever; null where their figures are not for you to see.")
    async def acts(self, info: Info) -> BigInt | None:
        if not await self._counted(info):
            return None
        found = await self._record(info)
        return BigInt(0 if found is None else found.seen.acts)

    @computed("What they did: the journal, restricted to them. For those who may read it.")
    async def journal(
        self,
        info: Info,
        filter: Annotated[  # noqa: A002 - its name on the wire
            Annotated["JournalFilter", strawberry.lazy("api.schema.journal_filter")] | None,
            argument("What else to restrict it to; `operators` is set."),
        ] = None,
        order: Annotated[Order, argument("How entries follow each other.")] = Order.LEDGER,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Annotated["JournalConnection", strawberry.lazy("api.schema.journal")]:
        from api.schema.journal import journal_of

        return await journal_of(info, self.key, filter, order, first, after, last, before)

    async def _counted(self, info: Info) -> bool:
        """Whether the asker sees this operator's figures."""
        return self.key in await operators_seen(info.context, [self.key], Right.FIGURES)

    async def _record(self, info: Info) -> OperatorRecord | None:
        return await info.context.once(names.operators).load(self.key)


@strawberry.type(description="Who acted.")
class Actor:
    type: ActorType = strawberry.field(description="What kind of somebody.")
    key: strawberry.ID = strawberry.field(description="The desk's own id; a customer's pseudonym.")
    confidence: Confidence = strawberry.field(description="INFERRED where the source did not say, and we concluded it.")
    at: Private[Instant]

    @classmethod
    def of(cls, envelope: Envelope) -> Self:
        actor = envelope.actor
        return cls(type=actor.type, key=strawberry.ID(actor.id), confidence=actor.confidence, at=envelope.occurred_at)

    @computed("What they were called then; null where no name was said, or it was forgotten.")
    async def name(self, info: Info) -> str | None:
        return await info.context.once(names.names).load((Kind(self.type.value), self.key, self.at))

    @computed("The operator's primary team then; null where another acted, or none was said.")
    async def team(self, info: Info) -> Team | None:
        if self.type is not ActorType.OPERATOR:
            return None
        found = await info.context.once(names.teams_then).load((self.key, self.at))
        return None if found is None else Team.of(found, self.at)

    @computed("The operator, where one acted.")
    def operator(self) -> Operator | None:
        return Operator.of(self.key, self.at) if self.type is ActorType.OPERATOR else None

    @computed("The customer, where one acted.")
    def customer(self) -> Customer | None:
        return Customer.of(self.key, self.at) if self.type is ActorType.CUSTOMER else None


MEMBERS: Any = (Operator, Team, Channel, Community, Customer)
