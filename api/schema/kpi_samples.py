"""What a figure opens into: its samples, each with the events it came from."""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal as PlainDecimal
from enum import StrEnum
from typing import Annotated

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.conversations import Conversation
from api.schema.cursors import CursorSpace
from api.schema.directory import Channel, Community, Operator, Team
from api.schema.entries import JournalEntry
from api.schema.entries import shown as shown_entry
from api.schema.fields import argument, computed
from api.schema.journal import cursor_space
from api.schema.loading import Loader
from api.schema.pages import PageInfo, page_of
from api.schema.reading import reading
from api.schema.scalars import BigInt, DateTime, Decimal
from api.schema.sight import entries_seen
from api.schema.tracing import trace_entries
from domain.errors import Forbidden
from domain.instants import SECOND
from domain.kpi.formula import Aggregate
from domain.kpi.kpi import Kpi
from domain.kpi.measures import Unit
from domain.kpi.question import Dimension, Hours, rounded
from domain.words import ActorType, Complexity, Kind, Priority
from projections.conversations.drilling import Counts, Key, Opened, OpenedSample, Side, opened_samples
from projections.conversations.project import NAME
from projections.journal import query as journal
from projections.journal.filter import Filter, Order
from projections.journal.projection import NAME as JOURNAL

strawberry.enum(Side, name="KpiSide", description="On which side of a figure a sample counts.")
SamplesOf = Annotated[Side | None, argument("Only those that count on this side; unsaid: all.")]


class KpiSampleUnit(StrEnum):
    """What a sample carries."""

    COUNT = "count"
    SECONDS = "seconds"
    SCORE = "score"
    MONEY = "money"


strawberry.enum(KpiSampleUnit, description="What a sample carries: nothing but itself, a duration, a score, money.")


@strawberry.type(description="How a sample counts in a figure: a term of the formula.")
class KpiCount:
    counts: Private[Counts]
    side: Side = strawberry.field(description="On which side.")
    aggregate: Aggregate = strawberry.field(description="What is made of it there.")

    @computed("What it is counted as.")
    def measure(self) -> str:
        return self.counts.measure.name

    @computed("Whether it is taken away instead of added.")
    def minus(self) -> bool:
        return self.counts.sign < 0


@strawberry.type(description="One observation that a figure is made of.")
class KpiSample:
    sample: Private[OpenedSample]
    at: DateTime = strawberry.field(description="When its clock stopped, or the act happened.")
    actor_type: ActorType = strawberry.field(description="What kind of somebody it is credited to.")
    positions: list[BigInt] = strawberry.field(description="The ledger positions of the events that it came from.")

    @computed("What was observed.")
    def measure(self) -> str:
        return self.sample.measure.name

    @computed("What that means.")
    def meaning(self) -> str:
        return self.sample.measure.meaning

    @computed("What it carries.")
    def unit(self) -> KpiSampleUnit:
        return KpiSampleUnit(self.sample.measure.unit.value)

    @computed("How it counts in the figure.")
    def counts(self) -> list[KpiCount]:
        return [KpiCount(counts=one, side=one.side, aggregate=one.aggregate) for one in self.sample.counts]

    @computed("When its clock started; null for what has no duration.")
    def since(self) -> DateTime | None:
        if self.sample.measure.unit is not Unit.SECONDS:
            return None
        return DateTime(self.sample.at - self.sample.calendar * SECOND)

    @computed(
        "Seconds by the calendar; of a stretch of time, those within the figure's range. Null without a duration."
    )
    def calendar_seconds(self) -> BigInt | None:
        return BigInt(self.sample.calendar) if self.sample.measure.unit is Unit.SECONDS else None

    @computed("Seconds of business time; null likewise.")
    def business_seconds(self) -> BigInt | None:
        return BigInt(self.sample.business) if self.sample.measure.unit is Unit.SECONDS else None

    @computed("The score or money; null for everything else.")
    def value(self) -> Decimal | None:
        measure = self.sample.measure
        if measure.unit not in (Unit.SCORE, Unit.MONEY):
            return None
        return Decimal(rounded(PlainDecimal(self.sample.calendar) / measure.scale))

    @computed("Where it was; null for what belongs to no conversation.")
    def conversation(self) -> Conversation | None:
        return None if self.sample.conversation is None else Conversation.of(self.sample.conversation)

    @computed("In which episode of it; 0 for what belongs to none.")
    def episode(self) -> int:
        return self.sample.episode

    @computed("To whom it is credited; null for what customers do.")
    def operator(self) -> Operator | None:
        return None if self.sample.operator is None else Operator.of(self.sample.operator)

    @computed("Whether who acted was inferred by us, not said by the source.")
    def inferred(self) -> bool:
        return self.sample.inferred

    @computed("The queue that the conversation was in, else the operator's primary team then.")
    def team(self) -> Team | None:
        return None if self.sample.team is None else Team.of(self.sample.team)

    @computed("The channel then.")
    def channel(self) -> Channel | None:
        return None if self.sample.channel is None else Channel.of(self.sample.channel)

    @computed("The community then.")
    def community(self) -> Community | None:
        return None if self.sample.community is None else Community.of(self.sample.community)

    @computed("The kind of item.")
    def kind(self) -> Kind | None:
        return self.sample.kind

    @computed("The priority then.")
    def priority(self) -> Priority | None:
        return self.sample.priority

    @computed("The complexity then.")
    def complexity(self) -> Complexity | None:
        return self.sample.complexity

    @computed("The customer's segment then.")
    def segment(self) -> str | None:
        return self.sample.segment

    @computed("The conversation's tags then.")
    def tags(self) -> list[str]:
        return list(self.sample.tags)

    @computed("Whether it was in business hours; null where no calendar says so.")
    def hours(self) -> Hours | None:
        told = self.sample.in_hours
        return None if told is None else Hours.IN if told else Hours.OUT

    @computed(
        "The events that it came from, as the journal shows them; without those that are not for you to see, and those "
        "that the journal has not got to."
    )
    async def events(self, info: Info) -> list[JournalEntry]:
        context = info.context
        found = await context.once(_entries).load_many(list(self.sample.positions))
        seen = await entries_seen(context, [entry for entry in found if entry is not None])
        space = cursor_space(context.principal.workspace, Filter(), Order.LEDGER)
        return [shown_entry(entry, space.cursor(entry.position), context) for entry in seen]


@strawberry.type(description="A sample with its cursor.")
class KpiSampleEdge:
    cursor: str = strawberry.field(description="Its place in the list.")
    node: KpiSample = strawberry.field(description="The sample.")


@strawberry.type(description="The samples of a figure, in the order in which they happened.")
class KpiSampleConnection:
    nodes: list[KpiSample] = strawberry.field(description="The samples.")
    edges: list[KpiSampleEdge] = strawberry.field(description="The samples with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")


async def samples_of(
    context: Context, kpi: Kpi, opened: Opened, first: int | None, after: str | None, of: Side | None
) -> KpiSampleConnection:
    """A page of a figure's samples, as they held when it was answered."""
    _demand_sight(context, opened)
    page = page_of(first, after, None, None)
    question = dataclasses.replace(opened.question, details=frozenset(), as_of=None)
    told = (
        repr(question),
        kpi.name,
        kpi.version,
        repr(kpi.formula),
        opened.group,
        repr(opened.range),
        opened.as_of,
        of,
    )
    space = CursorSpace.of(context.principal.workspace, "samples", told)
    key: Key | None = None
    if page.cursor is not None:
        at, measure, held_from, ordinal = space.place(page.cursor, int, int, int, int)
        key = (int(at), int(measure), int(held_from), int(ordinal))
    async with reading(context, NAME) as connection:
        found = await opened_samples(
            connection,
            context.principal.workspace,
            kpi,
            opened,
            sides=tuple(Side) if of is None else (of,),
            after=key,
            limit=page.size + 1,
        )
    edges = [KpiSampleEdge(cursor=space.cursor(*sample.key), node=_shown(sample)) for sample in found[: page.size]]
    return KpiSampleConnection(
        nodes=[edge.node for edge in edges],
        edges=edges,
        page_info=PageInfo(
            has_next_page=len(found) > page.size,
            has_previous_page=key is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _demand_sight(context: Context, opened: Opened) -> None:
    """Samples name operators and conversations, so whoever sees only their own opens only figures that are theirs; a
    lead's questions are within their teams already."""
    own = context.principal.sight(Right.SAMPLES).operator
    question = opened.question
    groups = dict(zip(question.group_by, opened.group, strict=True))
    if own is None or question.where.get(Dimension.OPERATOR) == (own,) or groups.get(Dimension.OPERATOR) == own:
        return
    raise Forbidden("a token of role OPERATOR opens figures of its own operator only: restrict `where.operators` to it")


def _shown(sample: OpenedSample) -> KpiSample:
    return KpiSample(
        sample=sample,
        at=DateTime(sample.at),
        actor_type=sample.actor_type,
        positions=[BigInt(position) for position in sample.positions],
    )


def _entries(context: Context) -> "Loader[int, journal.Entry | None]":
    async def load(positions: list[int]) -> Sequence[journal.Entry | None]:
        services, workspace = context.services, context.principal.workspace
        removed = context.principal.may(Right.REMOVED_CONTENT)
        async with reading(context, JOURNAL) as connection:
            found = await journal.entries_at(connection, services.store, workspace, positions, removed=removed)
        await trace_entries(context, "kpis", Filter(), len(found))
        return [found.get(position) for position in positions]

    return Loader(load)
