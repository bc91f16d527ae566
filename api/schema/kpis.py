"""The query `kpis`: figures, and beside them those of the period before."""

from typing import Annotated, Any

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.conversations import Conversation
from api.schema.directory import Channel, Community, Operator, Team
from api.schema.fields import argument, computed
from api.schema.kpi_definitions import KpiDefinition, KpiName
from api.schema.kpi_questions import KpisInput, question_of
from api.schema.reading import AsOf, reading, selects
from api.schema.scalars import BigInt, DateTime, Decimal
from domain.kpi import question as domain
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.question import Dimension
from domain.text import Locale
from domain.words import Kind, Priority
from eventstore.clock import now
from projections.conversations.project import NAME
from projections.conversations.questions import answer

AskedKpis = Annotated[KpisInput, argument("The question.")]


@strawberry.type(description="A stretch of time: from an instant on, up to but not including another.")
class TimeRange:
    since: DateTime = strawberry.field(description="The first instant that is in it.")
    until: DateTime = strawberry.field(description="The first instant that is no longer in it.")


@strawberry.type(description="The fastest or slowest of the durations that a figure rests on.")
class KpiExtreme:
    seconds: int = strawberry.field(description="How long it took.")
    conversation: Conversation = strawberry.field(description="Where it was.")
    at: DateTime = strawberry.field(description="When its clock stopped.")


@strawberry.type(description="How durations are spread, in seconds.")
class KpiSpread:
    mean: Decimal = strawberry.field(description="The mean.")
    median: Decimal = strawberry.field(description="Half of them took no longer.")
    p90: Decimal = strawberry.field(description="Nine tenths of them took no longer.")
    p95: Decimal = strawberry.field(description="Nineteen in twenty took no longer.")
    percentile_error: Decimal = strawberry.field(
        description="By how much a percentile may be off, as a share of itself; 0: exact."
    )
    fastest: KpiExtreme = strawberry.field(description="The shortest.")
    slowest: KpiExtreme = strawberry.field(description="The longest.")


@strawberry.type(description="One KPI over one group and one piece of the range.")
class KpiFigure:
    value: Decimal | None = strawberry.field(description="Null where nothing was counted: never 0, never 100 %.")
    numerator: BigInt = strawberry.field(description="What was counted, or the sum: of seconds for a mean.")
    denominator: BigInt | None = strawberry.field(description="Of how many; null for counts.")
    n: BigInt = strawberry.field(description="How many samples it rests on.")
    spread: KpiSpread | None = strawberry.field(description="For durations that were counted.")


@strawberry.type(description="What one dimension of a row's group is.")
class KpiGroup:
    dimension: Dimension = strawberry.field(description="Which dimension.")
    value: str = strawberry.field(description="The desk's id or the word; empty where none was said.")


@strawberry.type(description="A row of the answer.")
class KpiRow:
    row: Private[domain.Row]
    dimensions: Private[tuple[Dimension, ...]]
    kpi: KpiName = strawberry.field(description="Which KPI.")
    range: TimeRange = strawberry.field(description="Which piece of the range.")
    figure: KpiFigure = strawberry.field(description="The figure.")
    previous: KpiFigure | None = strawberry.field(
        description="The same figure in the period that `compareTo` names, for the piece in the same place."
    )

    @computed("The definition that was used.")
    def definition(self) -> KpiDefinition:
        return KpiDefinition(kpi=CATALOGUE[self.row.kpi], locale=Locale.EN)

    @computed("The group: a value for each dimension of `groupBy`, in that order.")
    def group(self) -> list[KpiGroup]:
        return [
            KpiGroup(dimension=dimension, value=value)
            for dimension, value in zip(self.dimensions, self.row.group, strict=True)
        ]

    @computed("The group's operator, where grouped so.")
    def operator(self) -> Operator | None:
        return Operator.of(value) if (value := self._value(Dimension.OPERATOR)) else None

    @computed("The group's team, where grouped so.")
    def team(self) -> Team | None:
        return Team.of(value) if (value := self._value(Dimension.TEAM)) else None

    @computed("The group's channel, where grouped so.")
    def channel(self) -> Channel | None:
        return Channel.of(value) if (value := self._value(Dimension.CHANNEL)) else None

    @computed("The group's community, where grouped so.")
    def community(self) -> Community | None:
        return Community.of(value) if (value := self._value(Dimension.COMMUNITY)) else None

    @computed("The group's priority, where grouped so.")
    def priority(self) -> Priority | None:
        return Priority(value) if (value := self._value(Dimension.PRIORITY)) else None

    @computed("The group's kind of item, where grouped so.")
    def kind(self) -> Kind | None:
        return Kind(value) if (value := self._value(Dimension.KIND)) else None

    def _value(self, dimension: Dimension) -> str:
        """Empty: none said, or not grouped so."""
        return dict(zip(self.dimensions, self.row.group, strict=True)).get(dimension, "")


@strawberry.type(description="Figures, and the state of the ledger that they hold for.")
class KpiAnswer:
    as_of: AsOf = strawberry.field(description="What is counted.")
    rows: list[KpiRow] = strawberry.field(
        description="By KPI as asked, group, time: a row for every group and piece, counted or not."
    )


async def _kpis(info: Info, input: AskedKpis) -> KpiAnswer:  # noqa: A002 - as Relay calls it
    context = info.context
    question = question_of(input, spread=selects(info, "spread"), principal=context.principal)
    async with reading(context, NAME, input.at_least) as connection:
        found = await answer(connection, context.principal.workspace, question, now=now())
    return shown(found, question)


KPIS: Any = strawberry.field(
    _kpis,
    description="Figures: several KPIs at once, over a range, by group and piece of time, with the previous period "
    "beside them. An operator sees their own, and those that are not by operator.",
    extensions=[Needs(Right.FIGURES, Right.OWN_FIGURES)],
)


def shown(found: domain.Answer, question: domain.Question) -> KpiAnswer:
    """An answer as it goes out."""
    recorded_at = found.as_of_recorded_at
    return KpiAnswer(
        as_of=AsOf(position=BigInt(found.as_of), recorded_at=None if recorded_at is None else DateTime(recorded_at)),
        rows=[_row(row, question.group_by) for row in found.rows],
    )


def _row(row: domain.Row, dimensions: tuple[Dimension, ...]) -> KpiRow:
    return KpiRow(
        row=row,
        dimensions=dimensions,
        kpi=KpiName(row.kpi),
        range=TimeRange(since=DateTime(row.range.since), until=DateTime(row.range.until)),
        figure=_figure(row.figure),
        previous=None if row.previous is None else _figure(row.previous),
    )


def _figure(figure: domain.Figure) -> KpiFigure:
    return KpiFigure(
        value=None if figure.value is None else Decimal(figure.value),
        numerator=BigInt(figure.numerator),
        denominator=None if figure.denominator is None else BigInt(figure.denominator),
        n=BigInt(figure.n),
        spread=None if figure.spread is None else _spread(figure.spread),
    )


def _spread(spread: domain.Spread) -> KpiSpread:
    return KpiSpread(
        mean=Decimal(spread.mean),
        median=Decimal(spread.median),
        p90=Decimal(spread.p90),
        p95=Decimal(spread.p95),
        percentile_error=Decimal(spread.percentile_error),
        fastest=_extreme(spread.fastest),
        slowest=_extreme(spread.slowest),
    )


def _extreme(extreme: domain.Extreme) -> KpiExtreme:
    return KpiExtreme(
        seconds=extreme.seconds, conversation=Conversation.of(extreme.conversation), at=DateTime(extreme.at)
    )
